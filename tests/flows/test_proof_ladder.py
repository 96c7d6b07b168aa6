"""免证阶梯 over a real line to the counterpart: what is asked, what holds, and that nobody is ever blocked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import jobless, people
from tests.jobless import BARRED, CONNECTOR, PROOF, SOURCE, UNKNOWN, WORKED
from tests.sources import counterpart
from yueban.cases.errors import ApplicationInvalid
from yueban.certificates import selectors as certificates
from yueban.certificates.choices import ExchangeResult
from yueban.certificates.connectors.breaker import BREAKER
from yueban.certificates.errors import PromiseInvalid, PromiseRefused
from yueban.certificates.models import Exchange, Promise, Satisfaction
from yueban.commands.demo_sources import Counterpart
from yueban.flows import apply, prove
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.parties.models import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources() -> Iterator[Counterpart]:
    """The counterpart of the demo's sources."""
    with counterpart() as server:
        yield server


def ask(username: str, number: str) -> list[Exchange]:
    """Ask, whatever the breaker has learnt of earlier faults."""
    BREAKER.forget()
    return prove.ask_sources(people.actor(username), number)


def later(minutes: int) -> None:
    """Let time pass."""
    moment = clock.now() + timedelta(minutes=minutes)
    clock.set_source(lambda: moment)


def test_before_anything_is_asked_the_person_reads_who_will_be_asked(sources):
    draft = jobless.draft()
    status = jobless.proof(WORKED, draft.number)
    assert (status.way, status.is_spared, status.is_missing) == ("share", True, False)
    assert status.sentence == f"由系统向{SOURCE}查询，不用您交。"
    assert not Exchange.objects.exists()


def test_an_answer_that_conforms_is_the_evidence_of_the_case(sources):
    draft = jobless.draft()
    (asked,) = ask(WORKED, draft.number)
    assert (asked.result, asked.connector, asked.tries) == (ExchangeResult.CONFORMS, CONNECTOR, 1)
    assert "符合" in jobless.proof(WORKED, draft.number).sentence
    case = apply.submit(people.actor(WORKED), draft.number)
    (row,) = certificates.satisfactions_of(Reference("case", case.number)).filter(material_key=PROOF)
    assert (row.way, row.request, row.answer_digest) == ("share", asked.number, asked.answer_digest)
    assert row.basis == f"{SOURCE}查询：符合"
    assert case.materials.get(key=PROOF).state == "satisfied"
    assert Exchange.objects.count() == 1, "what was answered a moment ago is not asked again"


def test_no_number_of_the_person_stands_in_what_is_kept(sources):
    draft = jobless.draft()
    ask(WORKED, draft.number)
    kept = str(list(Exchange.objects.values())) + str(list(Look.objects.values()))
    assert "999999" not in kept


def test_who_was_asked_about_reads_by_whom_when_and_what_for(sources):
    actor = people.actor(WORKED)
    draft = jobless.draft()
    ask(WORKED, draft.number)
    look = Look.objects.get(party=jobless.person_of(actor))
    assert look.what == [f"向{SOURCE}查询：减员原因和日期"]
    assert look.purpose == f"办理{draft.item_version.name}"
    assert (look.reference_kind, look.reference_number) == ("application", draft.number)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("fail", "接口故障"),
        ("garbage", "应答读不懂"),
        ("other_person", "应答不是这个人的"),
        ("forge", "应答的签名不对"),
        ("refuse", "接口没有受理这次查询"),
    ],
)
def test_a_source_that_fails_in_any_way_leads_to_the_next_rung_with_an_apology(sources, how, why):
    sources.book.behave(CONNECTOR, how)
    draft = jobless.draft()
    (asked,) = ask(WORKED, draft.number)
    assert (asked.result, asked.answer_digest) == (ExchangeResult.FAILED, "")
    status = jobless.proof(WORKED, draft.number)
    assert (status.way, status.agency_kind, status.is_missing) == ("check", "social-insurance", False)
    assert f"{SOURCE}暂时查不到（{why}），很抱歉。" in status.sentence


def test_a_source_that_lags_is_waited_for_no_longer_than_its_time(sources, settings, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    stated = (settings.CITY_DIR / "connectors.yaml").read_text(encoding="utf-8")
    line = f"key: {CONNECTOR}, source: {SOURCE}, agency_kind: social-insurance"
    (city / "connectors.yaml").write_text(stated.replace(line, f"{line}, seconds: 0.2"), encoding="utf-8")
    settings.CITY_DIR = city
    sources.book.behave(CONNECTOR, "lag", 5)
    draft = jobless.draft()
    (asked,) = ask(WORKED, draft.number)
    assert (asked.fault, asked.tries) == ("timeout", 2)
    assert asked.ms < 2000
    assert jobless.proof(WORKED, draft.number).way == "check"


def test_a_replayed_answer_is_no_answer(sources):
    first = jobless.draft(UNKNOWN)
    ask(UNKNOWN, first.number)
    sources.book.behave(CONNECTOR, "replay")
    draft = jobless.draft()
    (asked,) = ask(WORKED, draft.number)
    assert (asked.result, asked.fault) == (ExchangeResult.FAILED, "replayed")


def test_answers_that_flip_are_believed_in_neither(sources):
    sources.book.behave(CONNECTOR, "flip")
    draft = jobless.draft()
    ask(WORKED, draft.number)
    assert jobless.proof(WORKED, draft.number).way == "share"
    later(25 * 60)
    ask(WORKED, draft.number)
    status = jobless.proof(WORKED, draft.number)
    assert status.way == "check"
    assert f"{SOURCE}前后答复不一致" in status.sentence


def test_after_a_fault_a_source_is_asked_again_only_after_a_while(sources):
    sources.book.behave(CONNECTOR, "fail")
    draft = jobless.draft()
    assert len(ask(WORKED, draft.number)) == 1
    sources.book.behave(CONNECTOR, "well")
    assert ask(WORKED, draft.number) == []
    later(11)
    (asked,) = ask(WORKED, draft.number)
    assert asked.result == ExchangeResult.CONFORMS
    assert jobless.proof(WORKED, draft.number).way == "share"


def test_whom_the_register_does_not_know_its_department_is_asked_about(sources):
    draft = jobless.draft(UNKNOWN)
    ask(UNKNOWN, draft.number)
    status = jobless.proof(UNKNOWN, draft.number)
    assert (status.way, status.is_missing) == ("check", False)
    assert f"{SOURCE}查询结果：查无。" in status.sentence
    case = apply.submit(people.actor(UNKNOWN), draft.number)
    kept = case.materials.get(key=PROOF)
    assert (kept.way, kept.state, kept.detail["agency_kind"]) == ("check", "pending", "social-insurance")
    assert [one["text"] for one in kept.detail["tried"]] == [f"{SOURCE}查询结果：查无"]


def test_without_any_interface_a_promise_can_be_signed_and_taken_back():
    draft, actor = jobless.draft(), people.actor(WORKED)
    status = jobless.proof(WORKED, draft.number)
    assert (status.way, status.is_to_sign, status.is_missing) == ("promise", True, True)
    with pytest.raises(PromiseInvalid):
        prove.promise(actor, draft.number, PROOF, "别人")
    signed = prove.promise(actor, draft.number, PROOF, jobless.person_of(actor).name)
    assert prove.promise(actor, draft.number, PROOF, jobless.person_of(actor).name) == signed
    assert signed.text == "承诺已与原单位解除劳动关系"
    assert not jobless.proof(WORKED, draft.number).is_missing
    prove.take_promise_back(actor, draft.number, PROOF)
    assert jobless.proof(WORKED, draft.number).is_missing
    prove.promise(actor, draft.number, PROOF, jobless.person_of(actor).name)
    case = apply.submit(actor, draft.number)
    row = Satisfaction.objects.get(reference_number=case.number, material_key=PROOF)
    standing = Promise.objects.get(taken_back_at=None)
    assert (row.way, row.request) == ("promise", standing.number)
    assert (standing.reference_kind, standing.reference_number) == ("case", case.number)


def test_who_would_rather_show_the_paper_than_promise_uploads_it():
    draft = jobless.draft()
    people.attach(people.actor(WORKED), draft.number, PROOF)
    status = jobless.proof(WORKED, draft.number)
    assert (status.way, status.is_missing, status.is_spared) == ("upload", False, False)
    case = apply.submit(people.actor(WORKED), draft.number)
    assert Satisfaction.objects.get(reference_number=case.number, material_key=PROOF).way == "upload"


def test_who_is_barred_from_promising_is_told_why_and_uploads():
    draft = jobless.draft(BARRED)
    status = jobless.proof(BARRED, draft.number)
    assert (status.way, status.promise_text) == ("upload", "")
    assert "因“严重失信主体名单（演示）”不能以承诺代替" in status.sentence
    with pytest.raises(PromiseRefused) as refused:
        prove.promise(people.actor(BARRED), draft.number, PROOF, "孙经办")
    assert "信用修复" in refused.value.hint
    assert not Promise.objects.exists()


def test_what_a_register_contradicts_cannot_be_promised(sources):
    draft = jobless.draft(BARRED)
    (asked,) = ask(BARRED, draft.number)
    assert asked.result == ExchangeResult.DEVIATES
    assert jobless.proof(BARRED, draft.number).way == "check"


def test_nothing_is_submitted_with_a_promise_unsigned():
    draft = jobless.draft()
    with pytest.raises(ApplicationInvalid) as refused:
        apply.submit(people.actor(WORKED), draft.number)
    assert refused.value.data["materials"] == [PROOF]


def test_the_questions_to_the_database_do_not_grow_with_the_materials(django_assert_max_num_queries, sources):
    small, large = jobless.draft(), people.draft()
    actor, owner = people.actor(WORKED), people.actor(people.OWNER)
    with django_assert_max_num_queries(16) as first:
        apply.check(actor, small.number)
    with django_assert_max_num_queries(16) as second:
        apply.check(owner, large.number)
    assert len(second.captured_queries) <= len(first.captured_queries) + 1
