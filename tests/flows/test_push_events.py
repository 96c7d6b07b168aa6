"""Events of cases reach who listens: in their order, through hangs, faults, kills and replays, and name nobody."""

import json
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests import partners, people
from tests.receivers import Receiver, receiver
from yueban.accounts.models import ApiKey
from yueban.agencies.models import Agency
from yueban.audit.selectors import events_of
from yueban.cases.models import Case
from yueban.divisions.models import Division
from yueban.flows import api_keys, apply, push_events, review
from yueban.flows.api_keys import KeyHolder
from yueban.jobs.selectors import counts
from yueban.kernel import clock
from yueban.kernel.errors import ServiceError
from yueban.kernel.reference import Reference
from yueban.webhooks import services as webhooks
from yueban.webhooks.models import Delivery, Occurrence, Outgoing, Subscription

pytestmark = pytest.mark.django_db
STEPS = ("receive", "accept")


@pytest.fixture(autouse=True)
def _on_this_machine(settings):
    settings.YUEBAN_WEBHOOK_PRIVATE = True


@pytest.fixture
def holder() -> KeyHolder:
    return api_keys.holder_of(partners.system().secret)


def subscribed(holder: KeyHolder, here: Receiver, *kinds: str) -> str:
    """The number of a subscription to the receiver."""
    return push_events.subscribe(holder, address=here.url, kinds=kinds).subscription.number


def told(here: Receiver) -> list[tuple[str, str]]:
    """(case, event) of all that was received."""
    events = [json.loads(body) for _, body in here.got]
    return [(event["subject"], event["data"]["event"]) for event in events]


def to(moment: datetime) -> None:
    clock.set_source(lambda: moment)


def test_without_anybody_listening_nothing_is_kept():
    people.received()
    assert not Outgoing.objects.exists()


def test_events_arrive_in_their_order_as_cloud_events(holder):
    with receiver() as here:
        number = subscribed(holder, here)
        case = people.accepted()
        assert push_events.push_due() == 1
        assert counts()["todo"] >= 1
        push_events.push_to(number)
    assert told(here) == [(case.number, kind) for kind in ("submit", "receive", "accept")]
    event = json.loads(here.got[0][1])
    assert (event["specversion"], event["type"], event["subject"]) == (
        "1.0",
        "yueban.case.submit",
        case.number,
    )
    assert event["id"] == f"{case.number}-{int(event['sequence'])}"
    assert not Outgoing.objects.exists()


def test_no_message_names_a_person_or_an_enterprise(holder):
    with receiver() as here:
        number = subscribed(holder, here)
        people.granted()
        push_events.push_due()
        push_events.push_to(number)
    everything = b"".join(body for _, body in here.got).decode()
    for secret in ("陈示例", "示例运输", "91999999MA990001XD", "13800000001", "99999919850316001X"):
        assert secret not in everything


def test_only_the_kinds_asked_for_are_pushed(holder):
    with receiver() as here:
        number = subscribed(holder, here, "accept")
        people.accepted()
        push_events.push_due()
        push_events.push_to(number)
    assert [kind for _, kind in told(here)] == ["accept"]


def test_a_kind_nobody_knows_is_refused(holder):
    with pytest.raises(ServiceError) as refused:
        push_events.subscribe(holder, address="https://a.example/", kinds=["explode"])
    assert "kinds" in refused.value.data["fields"]


def test_another_agencys_cases_are_not_told():
    far = api_keys.holder_of(partners.system(partners.ELSEWHERE).secret)
    with receiver() as here:
        number = subscribed(far, here)
        people.received()
        push_events.push_due()
        push_events.push_to(number)
    assert here.got == [] and push_events.events_after(far, 0, 100) == []


def test_what_is_rolled_back_is_told_to_nobody(holder):
    case = people.submitted()
    push_events.dispatch()
    with pytest.raises(ServiceError):
        review.accept(people.actor(people.CLERK), case.number)
    push_events.dispatch()
    assert not Occurrence.objects.filter(kind="accept").exists()


def test_a_receiver_that_answers_500_for_a_day_gets_everything_afterwards(holder):
    start = clock.now()
    with receiver(always=500) as here:
        number = subscribed(holder, here, *STEPS)
        first, second = people.received(), people.received()
        push_events.push_due()
        for minutes in range(0, 24 * 60, 10):
            to(start + timedelta(minutes=minutes))
            push_events.push_to(number)
        attempts = len(here.got)
        assert 40 <= attempts <= 80
        assert Subscription.objects.get(number=number).state == "active"
        here.always = 204
        to(start + timedelta(hours=25))
        here.got.clear()
        push_events.push_to(number)
    assert set(told(here)) == {(first.number, "receive"), (second.number, "receive")}
    assert not Delivery.objects.exclude(state="delivered").exists()


def test_the_order_of_a_case_is_kept_while_its_first_event_is_refused(holder):
    with receiver(answers=[400]) as here:
        number = subscribed(holder, here, *STEPS)
        stuck, other = people.accepted(), people.received()
        push_events.push_due()
        push_events.push_to(number)
        # The refused event holds back its own case alone.
        assert told(here) == [(stuck.number, "receive"), (other.number, "receive")]
        later = clock.now() + timedelta(minutes=2)
        to(later)
        here.got.clear()
        push_events.push_to(number)
    assert told(here) == [(stuck.number, "receive"), (stuck.number, "accept")]


def test_a_receiver_that_hangs_holds_up_nobody_else(holder, monkeypatch):
    with receiver(always="hang") as ill, receiver() as well:
        slow, fine = subscribed(holder, ill, *STEPS), subscribed(holder, well, *STEPS)
        people.received()
        push_events.push_due()
        monkeypatch.setattr(webhooks, "push", partial(webhooks.push, seconds=0.3))
        assert push_events.push_to(slow) == 0
        assert push_events.push_to(fine) == 1
        # Left in peace: the next minute does not knock again.
        assert push_events.push_to(slow) == 0 and len(ill.got) == 1
    assert told(well)[0][1] == "receive"


def test_after_many_faults_the_address_is_paused_and_resumed_by_hand(holder):
    with receiver(always=500) as here:
        number = subscribed(holder, here, *STEPS)
        case = people.received()
        push_events.push_due()
        Subscription.objects.filter(number=number).update(failures=webhooks.MOST_FAILURES - 1)
        push_events.push_to(number)
        paused = Subscription.objects.get(number=number)
        assert paused.state == "paused" and paused.why_paused
        to(clock.now() + timedelta(hours=1))
        assert push_events.push_due() == 0
        here.always = 204
        push_events.resume(people.actor(partners.ADMIN), paused)
        here.got.clear()
        push_events.push_to(number)
    assert told(here) == [(case.number, "receive")]
    kinds = [event.kind for event in events_of(Reference("webhook", number))]
    assert kinds == ["webhook_created", "webhook_paused", "webhook_resumed"]


def test_after_three_days_an_event_is_given_up_and_may_be_sent_again(holder):
    with receiver(always=500) as here:
        number = subscribed(holder, here, *STEPS)
        people.received()
        push_events.push_due()
        to(clock.now() + timedelta(days=3, minutes=1))
        push_events.push_due()
        delivery = Delivery.objects.get()
        assert delivery.state == "given_up"
        here.always = 204
        assert push_events.send_again(people.actor(partners.ADMIN), delivery.subscription, [delivery.pk]) == 1
        push_events.push_to(number)
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_a_replay_carries_the_same_id_so_that_it_can_be_recognised(holder):
    with receiver() as here:
        number = subscribed(holder, here, *STEPS)
        people.received()
        push_events.push_due()
        push_events.push_to(number)
        delivery = Delivery.objects.get()
        push_events.send_again(people.actor(partners.ADMIN), delivery.subscription, [delivery.pk])
        push_events.push_to(number)
    first, second = (json.loads(body) for _, body in here.got)
    assert first == second


def test_killed_between_the_answer_and_its_mark_it_is_sent_again_later_and_not_lost(holder, monkeypatch):
    class Killed(BaseException):
        pass

    def die(**_kwargs):
        raise Killed

    with receiver() as here:
        number = subscribed(holder, here, *STEPS)
        people.received()
        push_events.push_due()
        with monkeypatch.context() as patched:
            patched.setattr(webhooks, "record_success", die)
            with pytest.raises(Killed):
                push_events.push_to(number)
        # While the claim holds nobody sends it a second time.
        assert push_events.push_to(number) == 0 and len(here.got) == 1
        to(clock.now() + webhooks.CLAIM_HOLDS + timedelta(seconds=1))
        assert push_events.push_to(number) == 1
    assert here.got[0][1] == here.got[1][1]


def test_a_dispatcher_that_is_killed_leaves_the_events_for_the_next(holder, monkeypatch):
    people.received()

    def die(**_kwargs):
        raise RuntimeError

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(webhooks, "sort_out", die)
        push_events.dispatch()
    assert not Occurrence.objects.exists()
    push_events.dispatch()
    assert [row.kind for row in Occurrence.objects.order_by("pk")] == ["submit", "receive"]


def test_a_revoked_key_gets_no_more_events(holder):
    with receiver() as here:
        number = subscribed(holder, here, *STEPS)
        case = people.received()
        push_events.push_due()
        api_keys.revoke_key(people.actor(partners.ADMIN), holder.key.prefix, reason="系统下线")
        push_events.push_to(number)
        review.accept(people.actor(people.CLERK), case.number)
        push_events.push_due()
        push_events.push_to(number)
    assert here.got == []
    assert {(row.state, row.last_fault) for row in Delivery.objects.all()} == {("aside", "密钥已吊销")}


def ended_division() -> None:
    division = Agency.objects.get(code=partners.HALL).division
    Division.objects.filter(pk=division.pk).update(ended_on=clock.today())


def gone_agency() -> None:
    ApiKey.objects.update(agency_code="no-such-agency")


@pytest.mark.parametrize("ends", [ended_division, gone_agency])
def test_an_agency_that_is_no_more_gets_no_more_events_and_what_waits_is_put_aside(holder, ends):
    with receiver() as here:
        number = subscribed(holder, here, *STEPS)
        case = people.received()
        push_events.push_due()
        ends()
        assert push_events.push_to(number) == 0
        assert here.got == []
        review.accept(people.actor(people.CLERK), case.number)
        push_events.push_due()
        push_events.push_to(number)
    assert here.got == []
    subscription = Subscription.objects.get(number=number)
    assert subscription.state == "ended"
    assert "已撤销或并入" in subscription.why_ended
    (waiting,) = Delivery.objects.all()
    assert (waiting.state, waiting.last_fault) == ("aside", subscription.why_ended)
    kinds = [event.kind for event in events_of(Reference("webhook", number))]
    assert kinds == ["webhook_created", "webhook_ended"]


def test_an_agency_that_ends_in_the_middle_of_a_batch_gets_nothing_more(holder, monkeypatch):
    with receiver() as here:
        number = subscribed(holder, here, "receive")
        for _ in range(3):
            people.received()
        push_events.push_due()
        push = webhooks.push

        def push_and_end(*args, **kwargs):
            answer = push(*args, **kwargs)
            ended_division()
            return answer

        monkeypatch.setattr(webhooks, "push", push_and_end)
        assert push_events.push_to(number) == 1
        assert push_events.push_to(number) == 0
    assert len(here.got) == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["aside", "aside", "delivered"]


def test_a_delivery_that_fails_after_its_key_was_taken_back_stays_aside(holder, monkeypatch):
    with receiver() as here:
        number = subscribed(holder, here, "receive")
        people.received()
        push_events.push_due()

        def revoke_meanwhile(*_args, **_kwargs):
            api_keys.revoke_key(people.actor(partners.ADMIN), holder.key.prefix, reason="系统下线")
            return webhooks.Answer(500, "HTTP 500")

        monkeypatch.setattr(webhooks, "push", revoke_meanwhile)
        push_events.push_to(number)
    assert Delivery.objects.get().state == "aside"


def test_an_expired_key_gets_no_more_events():
    holder = api_keys.holder_of(partners.system(days=1).secret)
    with receiver() as here:
        number = subscribed(holder, here, *STEPS)
        to(clock.now() + timedelta(days=1))
        people.received()
        push_events.push_due()
        assert push_events.push_to(number) == 0
    assert Subscription.objects.get(number=number).state == "ended"


def test_events_can_be_fetched_by_cursor_without_gap_or_repetition(holder):
    case = people.accepted()
    push_events.dispatch()
    first = push_events.events_after(holder, 0, 1)
    apply.withdraw(people.actor(people.OWNER), case.number)
    push_events.dispatch()
    rest = push_events.events_after(holder, first[-1].pk, 100)
    assert [row.kind for row in (*first, *rest) if row.case_number == case.number] == [
        "submit",
        "receive",
        "accept",
        "withdraw",
    ]
    assert push_events.events_after(holder, rest[-1].pk, 100) == []


def test_many_events_are_sorted_out_in_few_questions(holder, django_assert_max_num_queries):
    for _ in range(3):
        people.received()
    with django_assert_max_num_queries(14):
        push_events.dispatch()
    assert Occurrence.objects.filter(kind="receive").count() == Case.objects.count()


def test_after_ninety_days_events_are_forgotten(holder):
    people.received()
    push_events.dispatch()
    to(clock.now() + timedelta(days=91))
    assert push_events.forget_old() >= 1
    assert not Occurrence.objects.exists()
