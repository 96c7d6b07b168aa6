"""Cases off the straight way, for looking at: 容缺, 特别程序, 延长, 听证, 督办, a returned payment, another system, a hand-over."""

from tests import benefits, people, village
from tests.browser.numbers import Numbers, reviewed
from tests.law.test_every_item_can_be_handed_in import answers_of, filled, proceeding, version_of
from yueban.approvals.models import Task
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.catalogue import selectors as catalogue
from yueban.flows import apply, assist, hand_over, hearing, oversee, pay, relays, review, special, tolerance
from yueban.payments.models import PaymentAttempt

VENUE_ITEM = "entertainment-venue-permit"
RELAYED_ITEM = "company-change-registration"
REFUSED_ACCOUNT = "6222000000000001"


def carry(numbers: Numbers) -> None:
    """Build them all."""
    _turned(numbers)
    _overseen(numbers)
    _returned_by_the_bank(numbers)
    _relayed(numbers)
    _handed_over(numbers)


def _turned(numbers: Numbers) -> None:
    clerk, reviewer, decider = (people.actor(one) for one in (people.CLERK, people.REVIEWER, people.DECIDER))
    venue = _received(VENUE_ITEM)
    (later, *_) = cases_read.deferrable(venue)
    numbers.cases["tolerated"] = tolerance.accept(
        clerk, venue.number, [later.material.key], is_promised=True
    ).number
    numbers.cases["to_tolerate"] = _received(VENUE_ITEM).number
    numbers.cases["suspended"] = special.suspend(
        reviewer, people.accepted().number, name="专家评审", reason="改装车辆的安全性能要请专家看。", days="5"
    ).number
    extending = people.accepted()
    special.ask_extension(reviewer, extending.number, "专家评审的结论晚到。")
    numbers.cases["extending"] = extending.number
    heard = hearing.tell(decider, reviewed(people.accepted()).number, "拟不予许可，涉及重大利益。")
    numbers.cases["heard"] = hearing.ask(people.actor(people.OWNER), heard.number).number


def _overseen(numbers: Numbers) -> None:
    supervisor = people.actor(people.SUPERVISOR)
    for name in ("pressed", "told_back"):
        numbers.cases[name] = people.accepted().number
        oversee.press(supervisor, numbers.cases[name], "申请人来电反映进度慢，请说明原因。")
    asked = Task.objects.get(reference_number=numbers.cases["told_back"], kind="oversee")
    oversee.answer(people.actor(_worker_of(asked)), asked.pk, "车辆核查今天下午完成，后天可以作出决定。")


def _worker_of(task: Task) -> str:
    known = (people.REVIEWER, people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER)
    posts = {name: people.actor(name).posts for name in known}
    return next(
        name
        for name, held in posts.items()
        if any(post.agency == task.agency.code and post.role == task.role for post in held)
    )


def _returned_by_the_bank(numbers: Numbers) -> None:
    case = Case.objects.get(number=numbers.cases["assisted"])
    order = benefits.order_of(case, account=REFUSED_ACCOUNT)
    numbers.codes["returned_order"] = order.number
    pay.approve(people.actor("payer-yan"), order.number)
    pay.release(people.actor("payer-cao"), order.number)
    pay.send(PaymentAttempt.objects.get(order=order).number)


def _relayed(numbers: Numbers) -> None:
    clerk = people.actor(people.CLERK)
    for name in ("relayed", "relay_told"):
        numbers.cases[name] = review.accept(clerk, _received(RELAYED_ITEM).number).number
    relays.enter(clerk, numbers.cases["relay_told"], "(浙)登2026000001")


def _received(item: str) -> Case:
    """A case of another item with its form filled in and its files attached, received by the window."""
    version = version_of(item)
    answers = answers_of(item, next(name for key, name in proceeding() if key == item))
    owner = people.actor(people.OWNER)
    application = apply.start(owner, version.pk, answers, people.company_of(owner))
    facts = dict(catalogue.walk(version.compiled, answers).facts)
    apply.save_draft(owner, application.number, filled(version.compiled, facts), application.revision)
    for material in apply.check(owner, application.number).materials:
        if material.is_missing:
            people.attach(owner, application.number, material.key)
    case = apply.submit(owner, application.number)
    return review.receive(people.actor(people.CLERK), case.number)


def _handed_over(numbers: Numbers) -> None:
    """A helper's second draft goes to his colleague, who has not opened it yet."""
    second = village.actor(village.SECOND_HELPER)
    villager = assist.get_person(second, village.NAMESAKE)
    draft = village.draft_of_another_item(villager, village.SECOND_HELPER)
    hand_over.give(
        second,
        to_id=people.user(village.HELPER).pk,
        drafts=[draft.number],
        tasks=[],
        note="等他带社保卡来，下周一再约。",
    )
