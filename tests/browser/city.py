"""One site with a case in every state, built once and then only looked at."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.test import override_settings

from tests import batches, benefits, bundles, partners, people, signing, village
from tests.browser import turns
from tests.browser.numbers import Numbers, reviewed
from tests.claims import making
from tests.tickets import making as tickets
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates
from yueban.certificates.models import Exchange
from yueban.claims import services as claims
from yueban.claims.choices import ListState
from yueban.documents import selectors as documents
from yueban.files import services as files
from yueban.flows import (
    administer,
    answer_tickets,
    api_keys,
    apply,
    assist,
    auto_grant,
    claim,
    claim_correction,
    countersign,
    deliver,
    inspect_place,
    long_exports,
    notice,
    object_to_data,
    papers_of_office,
    phrases,
    publish_item,
    push_desk,
    push_events,
    rate,
    review,
    sampling,
    stand_in,
    supervise,
    supplement,
)
from yueban.kernel import clock
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference
from yueban.matching.segments import Choice
from yueban.oversight.choices import Level, Rule
from yueban.oversight.models import Entry
from yueban.oversight.services import Raised, raise_entries
from yueban.ratings import selectors as ratings
from yueban.webhooks.models import Delivery

ITEM_AT = ("road-freight-permit", "yuecheng-transport")


@contextmanager
def cases_in_every_state(folder: Path, run_jobs: Callable[[], None]) -> Iterator[Numbers]:
    """Build them; files lie in `folder` until the block ends."""
    with override_settings(DATA_DIR=folder):
        numbers = Numbers()
        _decided(numbers)
        run_jobs()  # these documents are ready, those of the cases below are still being made
        _under_way(numbers)
        _ended(numbers)
        _village(numbers)
        _benefits(numbers)
        turns.carry(numbers)
        _systems(numbers)
        _office(numbers)
        _proofs(numbers)
        _administrators(numbers)
        _claims(numbers)
        _push(numbers)
        _items(numbers)
        _tickets(numbers)
        _drafts(numbers)  # last: whoever is carried further begins with the draft there is
        yield numbers


def _decided(numbers: Numbers) -> None:
    clerk, decider = people.actor(people.CLERK), people.actor(people.DECIDER)
    ready = reviewed(people.accepted())
    numbers.cases["ready"] = review.decide(decider, ready.number, is_granted=True).number
    delivered = reviewed(people.accepted())
    review.decide(decider, delivered.number, is_granted=True)
    numbers.cases["delivered"] = deliver.deliver(
        clerk, delivered.number, method="窗口领取", proof="本人签收"
    ).number
    refused = reviewed(people.accepted(), TaskOutcome.DEVIATES)
    reason = "一辆车的检验有效期已过，不符合从事货运经营的车辆条件。"
    numbers.cases["refused"] = review.decide(decider, refused.number, is_granted=False, reason=reason).number
    for document in documents.documents_of(Reference("case", ready.number)):
        numbers.codes[document.kind] = document.verify_code
    assert certificates.certificates_for(Reference("case", ready.number)).count() == 1


def _under_way(numbers: Numbers) -> None:
    clerk = people.actor(people.CLERK)
    numbers.cases["applied"] = people.submitted().number
    numbers.cases["received"] = people.received().number
    numbers.cases["accepted"] = people.accepted().number
    numbers.cases["deciding"] = reviewed(people.accepted()).number
    numbers.cases["unlike"] = reviewed(people.accepted(), TaskOutcome.DEVIATES).number
    items = [{"material": "safety-rules", "what": "缺少本单位盖章"}]
    for name in ("supplementing", "supplied"):
        numbers.cases[name] = people.received().number
        review.request_supplement(clerk, numbers.cases[name], items)
    owner = people.actor(people.OWNER)
    sealed = io.BytesIO(people.PDF + b"sealed")
    supplement.attach(owner, numbers.cases["supplied"], "safety-rules", sealed, "制度（盖章）.pdf")
    supplement.supply(owner, numbers.cases["supplied"])
    numbers.file = (
        Case.objects.get(number=numbers.cases["applied"])
        .materials.get(key="safety-rules")
        .files.get()
        .file.number
    )


def _ended(numbers: Numbers) -> None:
    clerk = people.actor(people.CLERK)
    withdrawn = people.accepted()
    numbers.cases["withdrawn"] = apply.withdraw(people.actor(people.OWNER), withdrawn.number).number
    numbers.cases["not_accepted"] = review.refuse_acceptance(
        clerk, people.received().number, "这件事不需要许可。"
    ).number
    numbers.cases["returned"] = review.return_case(clerk, people.received().number, "与前一件重复。").number


def _systems(numbers: Numbers) -> None:
    """A key of a system whose receiver has not taken an event for three days."""
    system = partners.system()
    holder = api_keys.holder_of(system.secret)
    made = push_events.subscribe(holder, address="https://events.example.gov.cn/yueban", kinds=[])
    people.received()
    push_events.dispatch()
    first = Delivery.objects.order_by("pk").first()
    assert first is not None
    first.state, first.last_fault, first.attempts = "given_up", "HTTP 500", 147
    first.save()
    today = clock.today()
    supervisor = people.actor(people.SUPERVISOR)
    sample = sampling.draw(supervisor, first=today, last=today, item_name="", size=2)
    numbers.codes |= {"sample": sample.number, "sampled": sample.cases.get(position=1).case_number}
    numbers.codes |= {"key_asked": partners.asked().number, "key_ready": partners.approved().number}
    export = long_exports.ask(supervisor, {})
    long_exports.make(export.number)
    numbers.codes |= {"export": export.number, "key": system.key.prefix, "webhook": made.subscription.number}


def _push(numbers: Numbers) -> None:
    """An offer of the city's 经信局 told to those whom it fits."""
    signer = people.actor("policy-gong")
    key = next(
        line.version.offer.key
        for line in push_desk.lines(signer)
        if push_desk.is_for_enterprises(line.version)
    )
    sent = push_desk.send(signer, key, Choice(), click="look")
    push_desk.carry_out(sent.number)
    numbers.codes |= {"pushed_offer": key, "push_sent": sent.number}


def _drafts(numbers: Numbers) -> None:
    """Each of another enterprise or item, for there is one draft at a time of each."""
    numbers.draft_full = people.draft(people.STRANGER).number
    owner = people.actor(people.OWNER)
    half = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    numbers.draft_half = numbers.draft_new = half.number
    numbers.codes["bundle"] = bundles.goods_submitted().number


def _benefits(numbers: Numbers) -> None:
    """A case whose notice runs with an objection, a payment that came back, a bad rating and one not yet given."""
    announced = people.accepted()
    numbers.cases["announced"] = announced.number
    found = benefits.notice_of(announced)
    numbers.codes["notice"] = found.number
    notice.object_to(
        ANONYMOUS, found.number, name="李旁观", contact="13800000099", text="申请的车辆已经报废。"
    )
    ready = Case.objects.get(number=numbers.cases["ready"])
    numbers.codes["order"] = benefits.order_of(ready).number
    paid = [batches.city_order(1, party=making.company()), batches.city_order(2, tail=batches.RETURNS)]
    numbers.codes["batch"] = batches.city_batch(*paid).number
    numbers.codes["paid_order"] = paid[0].number
    paid[0].refresh_from_db()
    numbers.codes["recovery"] = batches.city_recovery(paid[0]).number
    batches.city_order(3)
    numbers.codes["waiting_batch"] = batches.city_waiting(batches.city_order(4)).number
    rated = apply.withdraw(people.actor(people.OWNER), people.submitted().number)
    numbers.cases["rated"] = rated.number
    given = rate.Given(level=4, aspects=("guide",), text="指南里写的材料和窗口要的不一样。")
    numbers.codes["rating"] = rate.rate_own(people.actor(people.OWNER), rated.number, given).number
    service = ratings.find_service(Reference("case", numbers.cases["delivered"]))
    assert service is not None
    numbers.codes["rating_code"] = service.code


def _tickets(numbers: Numbers) -> None:
    """A question that waits, one that a clerk has taken, one that is answered; the last with its asker's code."""
    clerk = people.actor(people.CLERK)
    numbers.codes["ticket"] = tickets.opened(is_urgent=True, contact_phone="13800000099").number
    numbers.codes["ticket_taken"] = tickets.opened(contact_phone="13800000099").number
    answer_tickets.take(clerk, numbers.codes["ticket_taken"])
    asked = tickets.opened()
    answer_tickets.take(clerk, asked.number)
    answer_tickets.answer(clerk, asked.number, text=tickets.ANSWER, sources=[])
    numbers.codes |= {"ticket_answered": asked.number, "ticket_code": asked.access_code}


def _administrators(numbers: Numbers) -> None:
    """An entry of supervision that its agency has answered, and a request for a post that waits."""
    case = Case.objects.get(number=numbers.cases["accepted"])
    found = Raised(
        rule=Rule.PROMISE,
        level=Level.YELLOW,
        reference=Reference("case", case.number),
        title=case.item_name,
        agency_id=case.agency_id,
        division_code=case.division_code,
        detail={"due_on": "2026-11-20", "basis": "行政许可法第四十二条"},
    )
    raise_entries([found])
    numbers.codes["entry"] = Entry.objects.get(reference_number=case.number).number
    supervise.ask(people.actor(people.SUPERVISOR), numbers.codes["entry"], "请说明超期的原因。")
    supervise.answer(people.actor(people.REVIEWER), numbers.codes["entry"], "车辆核查晚到，已催办。")
    administer.ask_for_post(
        people.actor("admin-su"),
        username=people.OTHER_CLERK,
        role="checker",
        agency="yuecheng-government-services",
        reason="新增协查工作",
    )


def _items(numbers: Numbers) -> None:
    """An item's draft at one county, and one at another that waits for a second editor."""
    author = people.actor("editor-lou")
    numbers.codes["offer_reviewing"] = str(signing.submitted().pk)
    numbers.codes["offer_draft"] = str(signing.drafted().pk)
    numbers.codes["item_draft"] = str(publish_item.begin_draft(author, *ITEM_AT).pk)
    other = people.actor("editor-niu")
    draft = publish_item.begin_draft(other, ITEM_AT[0], "keqiao-transport")
    publish_item.write_draft(other, draft.pk, {"summary": "说得更短。"}, revision=None)
    numbers.codes["item_checking"] = str(publish_item.submit_item(other, draft.pk).pk)


def _village(numbers: Numbers) -> None:
    """What a helper has on his desk: one case handed in for a villager, and another draft for him."""
    villager = village.settle()
    numbers.cases["assisted"] = village.handed_in().number
    draft, acting = village.draft_of_another_item(villager), village.actor(village.HELPER)
    numbers.cases["assisted_draft"] = draft.number
    material = assist.readiness(acting, draft.number).materials[0].key
    scan = io.BytesIO(people.PDF + b"scan")
    row = apply.attach_file(
        assist.draft_actor(acting, draft.number), draft.number, material, scan, "扫描件.pdf"
    )
    numbers.codes["assisted_file"] = row.file.number


def _claims(numbers: Numbers) -> None:
    """An offer to claim and one given without application: a claim to check, a list to look at, a consent."""
    making.money("2000000")
    making.offer(department_kind="transport", materials=["数字化投入的合同、发票和付款凭证"])
    making.offer(
        "digital-at-once", department_kind="transport", name="数字化投入即申即享补助", redemption="instant"
    )
    met = {"digital_investment": 2000000, "is_dishonest": False}
    for username in (people.OWNER, people.STRANGER):
        making.told(making.company(username), met)
    owner = people.actor(people.OWNER)
    contract = files.store_file(content=people.PDF + b"contract", name="合同.pdf", actor=owner)
    handed = making.handed(files=(("数字化投入的合同、发票和付款凭证", contract),))
    numbers.codes["claim_file"] = contract.number
    made = claim.submit(owner, "digital", making.company().pk, handed)
    numbers.codes["claim"] = made.number
    making.offer("digital-mended", department_kind="transport", name="数字化改造补助", materials=["合同"])
    mended = making.submitted(key="digital-mended", files=(("合同", contract),))
    numbers.codes["claim_to_mend"] = claim_correction.ask(
        people.actor(people.REVIEWER, channel="desk"),
        mended.number,
        making.task_of(mended.number, "check"),
        text="合同第2页看不清，请重新上传。",
        asks=["material-0"],
    ).number
    prize = [{"key": "prize", "label": "智能工厂", "gives": {"kind": "fixed", "amount": "300000"}}]
    for key, name in (("auto", "智能工厂奖励"), ("auto-two", "数字化车间奖励")):
        making.offer(key, name=name, department_kind="transport", redemption="auto", benefits=prize)
    reviewer = people.actor(people.REVIEWER, channel="desk")
    numbers.codes["auto_list"] = auto_grant.make(reviewer, "auto").number
    asked = auto_grant.make(reviewer, "auto-two")
    claims.check_list(auto_list=asked, actor=people.actor(people.DECIDER))
    until = clock.today() + timedelta(days=20)
    claims.move_list(auto_list=asked, to=ListState.ASKING, actor=reviewer, consent_until=until)
    entries = claims.ask_entries(auto_list=asked)
    numbers.codes["consent"] = str(next(one.pk for one in entries if one.party_id == made.party_id))


def _proofs(numbers: Numbers) -> None:
    """A material that no department confirmed, an answer of a data source, and an objection to it."""
    case = people.accepted()
    numbers.cases["unproved"] = case.number
    case.materials.filter(way="check").update(state="unproved", note="越城区交警大队：查无记录")
    citizen = people.actor(people.CITIZEN)
    exchange = Exchange.objects.create(
        number="EX00000000000000000000000000ab",
        connector="social-insurance-status",
        source="社会保险参保信息",
        agency_kind="social-insurance",
        party_id=next(party.id for party in citizen.parties if party.relation == "self"),
        reference_kind="case",
        reference_number=case.number,
        material_key="end-of-work",
        item_key="unemployment-registration",
        division_code="330602000000",
        asked="减员原因和日期",
        purpose="办理失业登记",
        result="not_found",
        answer_digest="0" * 64,
        asked_at=clock.now(),
    )
    numbers.codes["answer"] = exchange.number
    made = object_to_data.to_answer(citizen, exchange.number, "我十月已停保。")
    numbers.codes["data_objection"] = made.number


def _office(numbers: Numbers) -> None:
    """An office at work: one stands in for another, phrases, a wording to be put in use, papers to print."""
    reviewer, decider = people.actor(people.REVIEWER), people.actor(people.DECIDER)
    second = people.user("reviewer-feng")
    task = Task.objects.get(reference_number=numbers.cases["accepted"], key="review")
    numbers.codes["inspection"] = str(inspect_place.arrange(reviewer, task.pk).pk)
    signed = people.accepted()
    numbers.cases["countersigned"] = signed.number
    beside = Task.objects.get(reference_number=signed.number, key="review")
    countersign.ask(reviewer, beside.pk, people=[second.pk], offices=[], words="车辆条件是否相适应")
    phrases.add(decider, agency="yuecheng-transport", kind="review", text="同意，材料齐全。", is_shared=True)
    papers_of_office.write(
        reviewer, agency="yuecheng-transport", kind="acceptance", opening="{申请人}：您好。", closing=""
    )
    papers_of_office.put_aside(reviewer, numbers.cases["ready"], numbers.codes["acceptance"])
    today = clock.today()
    stand_in.name(
        decider,
        user_id=people.user(people.REVIEWER).pk,
        substitute_id=second.pk,
        starts_on=today,
        ends_on=today + timedelta(days=3),
        reason="年休假",
    )
