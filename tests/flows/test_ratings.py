"""好差评: once, after the end, never by staff; a bad one is checked by another, put right in time, closed after contact."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests import people, stock
from tests.flows.moments import set_now
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Task
from yueban.audit.models import Event
from yueban.cases.models import Case
from yueban.flows import apply, deliver, identify, rate
from yueban.flows.rate import Given
from yueban.flows.recusal import OwnMatter
from yueban.kernel import clock, roles
from yueban.kernel.actor import ANONYMOUS, Actor, PostHeld
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.parties.choices import Relation
from yueban.parties.models import Representation
from yueban.ratings import selectors as ratings
from yueban.ratings.choices import Channel, Finding, Flag, FollowUpState, Weight
from yueban.ratings.errors import (
    AlreadyRated,
    ContactMissing,
    NotByTheHandler,
    RatingInvalid,
    RatingNotFound,
    StaffMayNotRate,
    TooEarly,
)
from yueban.ratings.models import RateableService, Rating

pytestmark = pytest.mark.django_db
BAD = Given(level=4, aspects=("service_attitude",), text="等了两个小时。")


@pytest.fixture(scope="module", autouse=True)
def delivered_once(rows_of_module):
    """Every test that asks for a delivered case starts with this one."""
    set_now(2026, 11, 23)
    with stock.kept("delivered", people.OWNER, new_delivered()):
        yield


@pytest.fixture(autouse=True)
def monday():
    set_now(2026, 11, 23)


def owner():
    return people.actor(people.OWNER)


def colleague():
    """A reviewer of the same bureau who had no part in the case."""
    user, _ = User.objects.get_or_create(username="colleague", defaults={"name": "同事"})
    post = PostHeld(roles.REVIEWER, "yuecheng-transport", "越城区交通运输局", "330602000000")
    return Actor(user_id=user.pk, name="同事", posts=(post,), channel="desk")


def delivered() -> Case:
    return stock.taken_or("delivered", people.OWNER, new_delivered)


def new_delivered() -> Case:
    case = people.granted()
    return deliver.deliver(people.actor(people.CLERK), case.number, method="窗口领取", proof="本人签收")


def service_of(case: Case) -> RateableService:
    found = ratings.find_service(Reference("case", case.number))
    assert found is not None
    return found


def test_who_stands_for_the_applicant_does_not_check_what_it_rated():
    rating = bad_rating()
    Representation.objects.create(
        user_id=colleague().user_id, party=rating.service.party, relation=Relation.LEGAL_PERSON
    )
    with pytest.raises(OwnMatter):
        rate.verify(
            colleague(), rating.number, finding=Finding.TRUE, weight=Weight.SIMPLE, explanation="属实"
        )


def bad_rating() -> Rating:
    return rate.rate_own(owner(), delivered().number, BAD)


def test_before_the_end_there_is_nothing_to_rate():
    with pytest.raises(TooEarly):
        rate.rate_own(owner(), people.granted().number, Given(level=1))


@pytest.mark.parametrize("end", [delivered, lambda: apply.withdraw(owner(), people.submitted().number)])
def test_however_a_case_ends_it_may_be_rated_once(end):
    number = end().number
    rate.rate_own(owner(), number, Given(level=1))
    with pytest.raises(AlreadyRated):
        rate.rate_own(owner(), number, Given(level=5))
    assert Rating.objects.get().level == 1


def test_the_code_of_the_slip_rates_without_signing_in_and_only_once():
    code = service_of(delivered()).code
    assert len(code) == 32
    rating = rate.rate_by_code(ANONYMOUS, code, Given(level=2, channel=Channel.QR))
    assert (rating.channel, rating.is_prompted) == (Channel.QR, False)
    with pytest.raises(AlreadyRated):
        rate.rate_by_code(ANONYMOUS, code, Given(level=2, channel=Channel.QR))


def test_a_guessed_code_is_not_found():
    with pytest.raises(RatingNotFound):
        rate.rate_by_code(ANONYMOUS, "0" * 32, Given(level=1))


@pytest.mark.parametrize("level", [0, 6, 99])
def test_only_the_five_levels_of_the_list_are_taken(level):
    with pytest.raises(RatingInvalid):
        rate.rate_own(owner(), delivered().number, Given(level=level))


def test_a_staff_session_rates_nothing_not_even_with_the_code():
    code = service_of(delivered()).code
    with pytest.raises(StaffMayNotRate):
        rate.rate_by_code(people.actor(people.CLERK), code, Given(level=1))


def test_another_person_does_not_rate():
    case = delivered()
    with pytest.raises(Exception, match="没有找到"):
        rate.rate_own(people.actor(people.STRANGER), case.number, Given(level=1))


def test_on_the_pad_it_counts_as_prompted():
    code = service_of(delivered()).code
    given = Given(level=1, channel=Channel.PAD, device="pad", is_counter_device=True)
    rating = rate.rate_by_code(ANONYMOUS, code, given)
    assert (rating.is_prompted, rating.flags) == (True, [])


@pytest.mark.parametrize(("seconds", "flag"), [(10, Flag.SOON), (31, Flag.COUNTER_DEVICE)])
def test_a_rating_from_the_desks_own_browser_is_flagged(seconds, flag):
    case = delivered()
    moment = clock.now() + timedelta(seconds=seconds)
    clock.set_source(lambda: moment)
    given = Given(level=1, device="a", is_counter_device=True)
    assert rate.rate_own(owner(), case.number, given).flags == [flag]


def test_one_device_many_a_day_is_flagged():
    given = Given(level=1, device="same")
    flags = [rate.rate_own(owner(), delivered().number, given).flags for _ in range(6)]
    assert flags == [[]] * 5 + [[Flag.MANY]]


def test_a_phone_that_belongs_to_staff_is_flagged(monkeypatch):
    case = delivered()
    monkeypatch.setattr(
        "yueban.parties.selectors.phones_of_users", lambda users: frozenset({people.FORM["contact.phone"]})
    )
    assert rate.rate_own(owner(), case.number, Given(level=1)).flags == [Flag.STAFF_PHONE]


def test_a_good_rating_opens_no_task():
    rate.rate_own(owner(), delivered().number, Given(level=3))
    assert not Task.objects.filter(kind=TaskKind.RATING).exists()


def test_a_bad_rating_is_a_task_of_one_working_day_at_the_handling_agency():
    rating = bad_rating()
    task = Task.objects.get(kind=TaskKind.RATING)
    assert (task.name, task.due_on, task.agency.code) == (
        "差评核实",
        date(2026, 11, 24),
        "yuecheng-transport",
    )
    assert (task.reference_kind, task.reference_number) == ("rating", rating.number)


def test_staff_are_nowhere_told_who_rated():
    rating = bad_rating()
    task = Task.objects.get(kind=TaskKind.RATING)
    chain = str([(event.actor, event.data) for event in Event.objects.filter(reference_kind="rating")])
    for name in (owner().name, "示例运输"):
        assert name not in f"{task.title}{task.applicant_name}{chain}"
    assert rating.rater_id is not None


def test_who_handled_the_case_does_not_check_its_rating():
    rating = bad_rating()
    with pytest.raises(NotByTheHandler):
        rate.verify(
            people.actor(people.REVIEWER), rating.number, finding="true", weight="general", explanation="是。"
        )


def test_another_agency_does_not_see_it():
    with pytest.raises(RatingNotFound):
        rate.verify(
            people.actor(people.OTHER_COUNTY),
            bad_rating().number,
            finding="true",
            weight="general",
            explanation="是。",
        )


def test_a_clerk_of_the_agency_sees_the_figures_but_does_not_check():
    with pytest.raises((NotAllowed, RatingNotFound)):
        rate.verify(
            people.actor(people.CLERK),
            bad_rating().number,
            finding="true",
            weight="general",
            explanation="是。",
        )


@pytest.mark.parametrize(
    ("weight", "until"),
    [
        (Weight.SIMPLE, date(2026, 11, 23)),
        (Weight.GENERAL, date(2026, 11, 30)),
        (Weight.COMPLEX, date(2026, 12, 14)),
    ],
)
def test_putting_right_takes_at_most_the_days_of_its_weight(weight, until):
    rating = bad_rating()
    found = rate.verify(
        colleague(), rating.number, finding=Finding.TRUE, weight=weight, explanation="当天人手不足。"
    )
    assert (found.state, found.rectify_by) == (FollowUpState.RECTIFYING, until)
    task = Task.objects.get(kind=TaskKind.RATING)
    assert (task.name, task.due_on, task.state) == ("差评整改", until, TaskState.OPEN)


def verified() -> Rating:
    rating = bad_rating()
    rate.verify(
        colleague(), rating.number, finding=Finding.TRUE, weight=Weight.GENERAL, explanation="当天人手不足。"
    )
    return rating


def test_it_is_closed_only_after_the_rater_was_spoken_with():
    rating = verified()
    with pytest.raises(ContactMissing):
        rate.close(colleague(), rating.number, outcome="已增开一个窗口。")
    rate.contact(colleague(), rating.number, way="电话", is_reached=True, text="已说明并致歉。")
    assert rate.close(colleague(), rating.number, outcome="已增开一个窗口。").state == FollowUpState.CLOSED
    assert not approvals.inbox(colleague()).exists()


def test_or_after_three_attempts_that_are_written_down():
    rating = verified()
    for turn in range(3):
        if turn:
            with pytest.raises(ContactMissing):
                rate.close(colleague(), rating.number, outcome="已增开窗口。")
        rate.contact(colleague(), rating.number, way="电话", is_reached=False, text="无人接听。")
    rate.close(colleague(), rating.number, outcome="已增开窗口。")


def test_a_message_by_the_platform_reaches_the_rater_whom_nobody_sees():
    rating = verified()
    rate.contact(
        colleague(), rating.number, way=rate.PLATFORM, is_reached=True, text="我们想了解当天的情况。"
    )
    told = Message.objects.get(user_id=owner().user_id, title="您的评价有了回复")
    assert "想了解当天的情况" in told.body
    follow_up = ratings.follow_up_of(rating)
    assert [one.is_reached for one in follow_up.contacts.all()] == [False]  # a message sent is nobody reached


def test_the_figures_follow_their_formulas():
    for level in (1, 2, 3, 5):
        rate.rate_own(owner(), delivered().number, Given(level=level))
    delivered()
    rating = Rating.objects.get(level=5)
    rate.verify(colleague(), rating.number, finding=Finding.TRUE, weight=Weight.GENERAL, explanation="属实。")
    rate.contact(colleague(), rating.number, way="电话", is_reached=True, text="已道歉。")
    rate.close(colleague(), rating.number, outcome="已改。")
    found = ratings.figures_of(ratings.services_visible_to(people.actor(people.SUPERVISOR)))
    shares = {share.key: (share.part, share.whole, share.percent) for share in found.shares}
    assert shares == {
        "rated": (4, 5, Decimal("80.00")),
        "unprompted": (4, 4, Decimal("100.00")),
        "good": (3, 4, Decimal("75.00")),
        "content": (2, 4, Decimal("50.00")),
        "bad": (1, 4, Decimal("25.00")),
        "contacted": (1, 1, Decimal("100.00")),
        "rectified": (1, 1, Decimal("100.00")),
        "in_time": (1, 1, Decimal("100.00")),
    }
    assert found.mean_score == Decimal("6.50")  # (10 + 8 + 6 + 2) / 4
    good = next(share for share in found.shares if share.key == "good")
    assert good.interval == (Decimal("30.1"), Decimal("95.4"))


def test_who_does_not_answer_is_not_counted_as_content():
    delivered()
    found = ratings.figures_of(ratings.services_visible_to(people.actor(people.SUPERVISOR)))
    assert (found.rated, found.mean_score) == (0, None)
    assert {share.percent for share in found.shares} == {None, Decimal("0.00")}


def test_closing_late_is_not_in_time():
    rating = verified()
    moment = datetime(2026, 12, 1, 9, tzinfo=clock.BEIJING)
    clock.set_source(lambda: moment)
    rate.contact(colleague(), rating.number, way="电话", is_reached=True, text="已道歉。")
    rate.close(colleague(), rating.number, outcome="已改。")
    found = ratings.figures_of(ratings.services_visible_to(people.actor(people.SUPERVISOR)))
    shares = {share.key: (share.part, share.whole) for share in found.shares}
    assert (shares["rectified"], shares["in_time"]) == ((1, 1), (0, 1))


def test_a_hall_without_reviewers_has_its_ratings_checked_by_somebody_who_is_there():
    case = apply.withdraw(owner(), people.submitted().number)
    rate.rate_own(owner(), case.number, BAD)
    task = Task.objects.get(kind=TaskKind.RATING)
    holder = agencies.holders_of(task.role, task.agency.code).first()
    assert (task.agency_id, holder is not None) == (case.intake_agency_id, True)
    checker = identify.actor_of_user(holder.user_id, channel="desk")
    assert approvals.inbox(checker).filter(pk=task.pk).exists()
    assert rate.may_check(checker, Rating.objects.get().service)
