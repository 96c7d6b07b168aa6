"""What silence does: the law accepts, a supplement not answered ends the case, and no sweep does it twice."""

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import people
from tests.flows.moments import set_now
from yueban.approvals.models import Task
from yueban.audit.models import Event
from yueban.audit.selectors import events_of, verify_chain
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.selectors import get_published
from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.models import Clock
from yueban.clocks.selectors import light_of
from yueban.documents.models import Document
from yueban.flows import papers, review, stages, supplement
from yueban.flows.sweep import sweep as sweep_alone
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
NOTHING = {
    "deemed_accepted": 0,
    "lapsed": 0,
    "owed_lapsed": 0,
    "hearings_waived": 0,
    "missed": 0,
    "notices_ended": 0,
    "children_begun": 0,
    "released_together": 0,
    "checks_fallen": 0,
    "records_unanswered": 0,
    "failed": 0,
}


def sweep() -> dict[str, int]:
    """A sweep, and after it the papers that the worker makes."""
    done = sweep_alone()
    for job in ProcrastinateJob.objects.filter(task_name=papers.JOB).order_by("id"):
        papers.make(**job.args)
    return done


def clock_of(case: Case, kind: ClockKind) -> Clock:
    return Clock.objects.get(reference_number=case.number, kind=kind, state=ClockState.RUNNING)


def received_on_the_eve_of_national_day() -> Case:
    """Appendix A 3: submitted on 2026-09-30 at 17:00 and taken in at once; then nobody says anything."""
    set_now(2026, 9, 30, 17)
    return people.received()


def test_the_notice_ends_by_the_stored_calendar_and_not_a_day_sooner():
    case = received_on_the_eve_of_national_day()
    assert clock_of(case, ClockKind.NOTICE).due_on == date(2026, 10, 13)
    set_now(2026, 10, 13, 23)
    assert sweep() == NOTHING
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED


def test_five_silent_working_days_accept_a_permit_from_the_day_of_receipt():
    case = received_on_the_eve_of_national_day()
    set_now(2026, 10, 14, 1)
    assert sweep() == NOTHING | {"deemed_accepted": 1, "missed": 1}, (
        "the promise is over as soon as it begins"
    )
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED
    assert case.accepted_at.astimezone(clock.BEIJING).date() == date(2026, 9, 30)
    promise, statutory = clock_of(case, ClockKind.PROMISE), clock_of(case, ClockKind.STATUTORY)
    assert (promise.started_on, promise.due_on) == (date(2026, 9, 30), date(2026, 10, 13))
    # 8, 9, the working Saturday 10, 12–16, 19–23 and 26–30 October, 2 and 3 November: twenty working days.
    assert (statutory.started_on, statutory.due_on) == (date(2026, 9, 30), date(2026, 11, 3))
    assert case.promised_on == promise.due_on
    assert Task.objects.filter(reference_number=case.number, state="open", kind="review").count() == 1


def test_the_paper_of_a_deemed_acceptance_says_what_happened():
    case = received_on_the_eve_of_national_day()
    set_now(2026, 10, 14)
    sweep()
    text = Document.objects.get(subject_number=case.number, kind="acceptance").content["paragraphs"][0]
    assert "逾期未告知" in text
    assert "2026年9月30日" in text
    assert "材料齐全" not in text
    (told,) = events_of(Reference("case", case.number)).filter(kind="deem_accepted")
    assert told.actor["user_id"] is None


def test_a_night_receipt_is_dated_by_the_day_in_beijing():
    set_now(2026, 9, 30, 6)  # still 29 September in UTC, in which the database answers
    case = people.received()
    set_now(2026, 10, 14)
    sweep()
    case.refresh_from_db()
    assert clock_of(case, ClockKind.STATUTORY).started_on == date(2026, 9, 30)
    text = Document.objects.get(subject_number=case.number, kind="acceptance").content["paragraphs"][0]
    assert "自收到申请材料之日（2026年9月30日）起" in text


def test_after_a_supplement_the_law_counts_from_the_day_it_came():
    set_now(2026, 11, 2)
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺章"}]
    )
    set_now(2026, 11, 4)
    people_supply(case)
    assert clock_of(case, ClockKind.NOTICE).due_on == date(2026, 11, 11)
    set_now(2026, 11, 12)
    assert sweep()["deemed_accepted"] == 1
    assert clock_of(case, ClockKind.STATUTORY).started_on == date(2026, 11, 4)


def people_supply(case: Case) -> None:
    import io

    owner = people.actor(people.OWNER)
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"2"), "a.pdf")
    supplement.supply(owner, case.number)


def make_it_a_filing(case: Case) -> None:
    """Pin the case to an item whose legal basis knows no deemed acceptance."""
    filing = get_published("class2-device-filing")
    assert not filing.compiled.clocks.is_deemed_accepted
    Case.objects.filter(pk=case.pk).update(item_version=filing)


def test_where_no_law_accepts_silence_is_no_acceptance():
    case = received_on_the_eve_of_national_day()
    make_it_a_filing(case)
    set_now(2026, 10, 20)
    assert sweep() == NOTHING | {"missed": 1}
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    notice = clock_of(case, ClockKind.NOTICE)
    assert notice.due_on < clock.today()
    assert light_of(notice).word == "逾期未告知"
    told = events_of(Reference("case", case.number)).last()
    assert (told.kind, told.data["clock"], told.data["due_on"]) == ("clock_missed", "notice", "2026-10-13")
    assert sweep() == NOTHING, "it is written down once"


def test_the_receipt_promises_deemed_acceptance_only_where_the_law_does():
    case = people.submitted()
    review.receive(people.actor(people.CLERK), case.number)
    assert "即为受理" in receipt_text(case)
    other = people.submitted(people.STRANGER)
    make_it_a_filing(other)
    review.receive(people.actor(people.CLERK), other.number)
    assert "即为受理" not in receipt_text(other)


def receipt_text(case: Case) -> str:
    return "".join(Document.objects.get(subject_number=case.number, kind="receipt").content["paragraphs"])


def test_only_permits_of_the_city_deem_acceptance():
    versions = ItemVersion.objects.select_related("item")
    deemed = {version.item.key: version.compiled.clocks.is_deemed_accepted for version in versions}
    assert deemed["road-freight-permit"] is True
    assert deemed["class2-device-filing"] is False
    assert deemed["company-registration"] is False


def test_a_supplement_not_answered_in_time_ends_the_case():
    set_now(2026, 11, 2)
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺章"}]
    )
    due = clock_of(case, ClockKind.SUPPLEMENT).due_on
    assert due == date(2026, 11, 23)
    set_now(2026, 11, 23)
    assert sweep() == NOTHING
    set_now(2026, 11, 24)
    assert sweep() == NOTHING | {"lapsed": 1}
    case.refresh_from_db()
    assert (case.state, case.ended_at) == (CaseState.TERMINATED, clock.now())
    assert not Clock.objects.filter(reference_number=case.number, state__in=["running", "paused"]).exists()
    assert not Task.objects.filter(reference_number=case.number, state__in=["open", "waiting"]).exists()
    assert Message.objects.filter(reference_number=case.number, title="已终止办理").count() == 1


def test_a_second_sweep_changes_nothing():
    case, waiting = received_on_the_eve_of_national_day(), people.received(people.STRANGER)
    review.request_supplement(
        people.actor(people.CLERK), waiting.number, [{"material": "safety-rules", "what": "缺章"}]
    )
    set_now(2026, 11, 30)
    assert sweep() == NOTHING | {"deemed_accepted": 1, "lapsed": 1, "missed": 2}, "both limits are over too"
    before = everything()
    assert sweep() == NOTHING
    assert everything() == before
    assert verify_chain(Reference("case", case.number)).ok


def everything() -> list[list[dict[str, object]]]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Case, Task, Clock, Document, Event, Message)
    ]


def test_one_bad_case_stops_no_other(monkeypatch, caplog):
    bad, good = received_on_the_eve_of_national_day(), people.received(people.STRANGER)
    open_routes = stages.open_routes

    def open_all_but_one(cases, actor):
        open_routes(cases, actor)
        if bad.number in {case.number for case in cases}:
            raise RuntimeError("broken after everything was written")

    monkeypatch.setattr(stages, "open_routes", open_all_but_one)
    set_now(2026, 10, 14)
    assert sweep() == NOTHING | {"deemed_accepted": 1, "missed": 1, "failed": 1}
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (CaseState.RECEIVED, CaseState.ACCEPTED)
    assert not Document.objects.filter(subject_number=bad.number, kind="acceptance").exists()
    assert [record.case for record in caplog.records if record.name == "yueban.flows.sweep"] == [bad.number]
