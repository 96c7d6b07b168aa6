"""R01-R15: each rule finds what it is for, once, and nothing in a case that went as it should."""

from datetime import timedelta

import pytest
from django.db import connection

from tests import benefits, people
from tests.flows.journeys import carry_a_case
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases.models import Case, SpecialProcedure, Supplement
from yueban.catalogue.models import ItemVersion
from yueban.certificates.models import Certificate
from yueban.clocks.models import Clock
from yueban.flows import supervise
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor, PostHeld
from yueban.kernel.reference import Reference
from yueban.oversight.choices import Level, Rule
from yueban.oversight.models import Entry
from yueban.oversight.rules import CHECKS, MEANINGS
from yueban.oversight.services import Raised, raise_entries
from yueban.ratings.models import FollowUp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("submitted_once")]
YESTERDAY = timedelta(days=1)


def raised(rule: Rule) -> set[str]:
    """The numbers over which the rule has an entry after everything was looked through."""
    supervise.run_rules()
    return set(Entry.objects.filter(rule=rule).values_list("reference_number", flat=True))


def overdue(case: Case, kind: str) -> None:
    """A clock of this case whose last day was yesterday."""
    day = clock.today() - YESTERDAY
    Clock.objects.create(
        reference_kind="case",
        reference_number=case.number,
        kind=kind,
        basis="测试",
        amount=5,
        unit="wd",
        division_code=case.division_code,
        started_on=day,
        due_on=day,
    )


def happened(case: Case, kind: str, **data: object) -> None:
    audit.record(Reference("case", case.number), kind, actor=SYSTEM, data=data)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (Rule.PROMISE, "promise"),
        (Rule.STATUTORY, "statutory"),
        (Rule.NOTICE, "notice"),
        (Rule.DELIVERY, "delivery"),
        (Rule.OWED, "owed"),
    ],
)
def test_a_clock_that_is_over_is_raised_the_day_after(rule, kind):
    case = people.submitted()
    other = people.submitted(people.STRANGER)
    Clock.objects.all().delete()
    overdue(case, kind)
    overdue(other, kind)
    Clock.objects.filter(reference_number=other.number).update(due_on=clock.today())
    assert raised(rule) == {case.number}
    entry = Entry.objects.get(rule=rule)
    assert (entry.agency_id, entry.division_code) == (case.agency_id, case.division_code)
    assert entry.detail["due_on"] == (clock.today() - YESTERDAY).isoformat()


def test_a_clock_met_too_late_is_raised_although_it_runs_no_more():
    case = people.submitted()
    Clock.objects.all().delete()
    overdue(case, "promise")
    Clock.objects.update(state="met", ended_on=clock.today())
    assert raised(Rule.PROMISE) == {case.number}


def test_a_second_supplement_is_raised_with_the_supervisors_reason():
    first, second = people.received(), people.received(people.STRANGER)
    happened(first, "request_supplement")
    for _ in range(2):
        happened(second, "request_supplement")
    second.supplement_allowances.create(
        reason="新的事实", granted_by=people.user(people.SUPERVISOR), granted_at=clock.now()
    )
    assert raised(Rule.ASKED_AGAIN) == {second.number}
    assert Entry.objects.get(rule=Rule.ASKED_AGAIN).detail == {"allowed": "新的事实"}


def test_a_special_procedure_without_paper_or_beyond_its_plan_is_raised():
    case = people.accepted()
    SpecialProcedure.objects.create(
        case=case,
        kind="2",
        name="专家评审",
        reason="需要评审",
        basis="测试",
        planned_days=2,
        unit="wd",
        state="running",
        asked_at=clock.now(),
        started_on=clock.today() - timedelta(days=5),
        planned_end_on=clock.today() - YESTERDAY,
    )
    assert raised(Rule.SPECIAL) == {case.number}
    kinds = {one.split("-")[0] for one in Entry.objects.values_list("occurrence", flat=True)}
    assert kinds == {"over", "paper"}


def test_a_bill_for_what_is_published_as_free_is_raised():
    case = people.accepted()
    definition = ItemVersion.objects.get(pk=case.item_version_id).definition
    assert definition["fee"]["charged"] is False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_document (number, kind, agency_code, agency_name, agency_short, division_code,"
            " subject_kind, subject_number, title, content, issued_on, issued_at, issuer_name, verify_code, state,"
            " sha256, failure) SELECT number || '缴', 'payment_notice', agency_code, agency_name, agency_short,"
            " division_code, subject_kind, subject_number, '缴费通知书', content, issued_on, issued_at, issuer_name,"
            " md5(verify_code), state, '', '' FROM documents_document WHERE subject_number = %s LIMIT 1",
            [case.number],
        )
    assert raised(Rule.FEES) == {case.number}


def test_a_material_beyond_the_published_list_is_raised():
    within, beyond = people.received(), people.received(people.STRANGER)
    for case, key in ((within, "safety-rules"), (beyond, "not-on-the-list")):
        Supplement.objects.create(
            case=case, items=[{"material": key, "what": "请补"}], due_on=clock.today(), asked_at=clock.now()
        )
        happened(case, "request_supplement")
    assert raised(Rule.BEYOND_LIST) == {beyond.number}


def test_a_case_done_in_the_minute_of_its_acceptance_is_raised():
    at_once, in_time = people.accepted(), people.accepted(people.STRANGER)
    for case, hours in ((at_once, 0), (in_time, 5)):
        Case.objects.filter(pk=case.pk).update(
            accepted_at=clock.now() - timedelta(hours=hours), decided_at=clock.now()
        )
        happened(case, "grant")
    assert raised(Rule.INSTANT) == {at_once.number}


def test_times_that_run_backwards_are_raised():
    case = people.accepted()
    people.accepted(people.STRANGER)
    Case.objects.filter(pk=case.pk).update(applied_at=clock.now() + timedelta(days=2))
    happened(case, "looked_at")
    assert raised(Rule.BACKDATED) == {case.number}


def test_an_agency_that_returns_more_than_a_fifth_is_raised_once_a_month():
    case = people.submitted()
    for _ in range(9):
        happened(case, "return")
    assert raised(Rule.RETURNS) == set()
    happened(case, "return")
    assert raised(Rule.RETURNS) == {case.intake_agency.code}
    entry = Entry.objects.get(rule=Rule.RETURNS)
    assert entry.occurrence == f"{clock.today():%Y-%m}"
    assert entry.detail["returned"] == 10


def test_a_bad_rating_not_followed_up_in_time_is_raised():
    case = people.accepted()
    rating = benefits.rating_of(case)
    follow_up = FollowUp.objects.filter(rating=rating).first()
    assert follow_up is not None, "the rating of the matrix is a bad one"
    assert raised(Rule.RATING) == set()
    FollowUp.objects.filter(pk=follow_up.pk).update(verify_by=clock.today() - YESTERDAY)
    assert raised(Rule.RATING) == {rating.number}


def test_a_promise_not_checked_in_time_is_raised():
    case = people.accepted()
    task = Task.objects.filter(reference_number=case.number, state="open").first()
    Task.objects.filter(pk=task.pk).update(kind="aftercheck", due_on=clock.today() - YESTERDAY)
    assert raised(Rule.PROMISED) == {case.number}


def test_receipt_by_somebody_without_a_post_there_is_raised():
    case = people.submitted()
    stranger = Actor(7, "外人", posts=(PostHeld("clerk", "zhuji-transport", "诸暨", "330681000000"),))
    audit.record(Reference("case", case.number), "receive", actor=stranger)
    assert raised(Rule.OUTSIDE) == {case.number}


def test_a_case_that_went_as_it_should_raises_nothing():
    carry_a_case()
    # The whole journey runs within a second: only that it was so quick is said of it.
    assert set(Entry.objects.values_list("rule", flat=True)) == set()
    supervise.run_rules()
    assert set(Entry.objects.values_list("rule", flat=True)) <= {Rule.INSTANT}


def test_looking_again_raises_nothing_twice(django_assert_num_queries):
    case = people.submitted()
    overdue(case, "promise")
    first = supervise.run_rules()
    assert first["R01"] == 1
    with django_assert_num_queries(len(CHECKS)):
        assert set(supervise.run_rules().values()) == {0}


def test_the_same_occurrence_is_raised_once_by_hand_too():
    case = people.submitted()
    row = Raised(
        rule=Rule.FEES,
        level=Level.RED,
        reference=Reference("case", case.number),
        title=case.item_name,
        agency_id=case.agency_id,
        division_code=case.division_code,
        occurrence="order-1",
    )
    assert (raise_entries([row]), raise_entries([row, row])) == (1, 0)


def test_every_rule_has_its_check_and_its_words():
    assert [check.rule for check in CHECKS] == list(Rule)
    assert set(MEANINGS) == set(Rule.values)
    assert Certificate.objects.exists()
