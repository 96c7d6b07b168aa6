"""Claims at once, on real connections: a budget for 99 of 100, the same twice, ceilings, two officials, one group."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection, connections

from tests import people
from tests.claims import making
from yueban.approvals.models import Task
from yueban.claims.choices import ClaimState
from yueban.claims.errors import AlreadyClaimed, ClaimStale
from yueban.claims.models import Claim
from yueban.flows import claim, claim_correction
from yueban.kernel.actor import Actor, PartyHeld
from yueban.kernel.errors import ServiceError
from yueban.parties import services as parties
from yueban.parties.models import Party
from yueban.payments import selectors as payments
from yueban.payments.errors import BudgetShort
from yueban.payments.models import PaymentOrder

pytestmark = pytest.mark.django_db(transaction=True)
MANY, HANDS = 100, 10
FIXED = [{"key": "prize", "label": "奖励", "gives": {"kind": "fixed", "amount": "10000"}}]


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": False})


def at_once(works: list[Callable[[], object]], hands: int | None = None) -> list[object]:
    """What each got, begun together: its result, or the refusal."""
    together = Barrier(hands or len(works))

    def one(place: int) -> object:
        try:
            if place < together.parties:
                together.wait(timeout=60)
            return works[place]()
        except ServiceError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(together.parties) as pool:
        found = list(pool.map(one, range(len(works))))
    connections.close_all()
    return found


def enterprises(count: int) -> list[tuple[Actor, Party]]:
    """So many companies, each with who stands for it."""
    owner = people.actor(people.OWNER)
    assert owner.user_id is not None
    found = []
    for place in range(count):
        made = parties.save_party(
            number=f"QY-at-once-{place}",
            kind="enterprise",
            name=f"样例第{place}公司",
            id_kind="uscc",
            id_number=f"91330602MA{place:08d}",
            division_code=making.COUNTY,
        )
        making.told(made, {"digital_investment": 200000, "is_dishonest": False})
        held = PartyHeld(
            id=made.pk, number=made.number, kind="enterprise", name=made.name, relation="legal_person"
        )
        found.append((Actor(user_id=owner.user_id, name=owner.name, parties=(held,)), made))
    return found


def claiming(actor: Actor, party: Party, key: str = "digital", click: str = "") -> Callable[[], object]:
    """A claim that waits to be handed in."""
    given = making.handed(holder=party.name, **({"key": click} if click else {}))
    return lambda: claim.submit(actor, key, party.pk, given)


def test_of_100_claims_on_a_budget_for_99_99_are_held_and_one_is_told_what_comes_next():
    making.offer(benefits=FIXED)
    making.money("990000")
    got = at_once([claiming(*one) for one in enterprises(MANY)], HANDS)
    refused = [one for one in got if isinstance(one, ServiceError)]
    assert [type(one) for one in refused] == [BudgetShort]
    assert Claim.objects.filter(state=ClaimState.CHECKING).count() == MANY - 1
    assert Task.objects.filter(reference_kind="claim", state="open").count() == MANY - 1
    assert making.figures() == ("0", "990000", "0", "0")
    assert payments.find_budget_faults() == []
    said = str(refused[0])
    assert "余额" in said
    assert "没有提交" in said
    assert "预算补足以后" in said


def test_the_same_enterprise_claiming_twice_at_once_claims_once():
    making.offer()
    making.money()
    owner, company = people.actor(people.OWNER), making.company()
    got = at_once([claiming(owner, company) for _ in range(6)])
    assert sum(isinstance(one, AlreadyClaimed) for one in got) == 5
    assert Claim.objects.count() == 1
    assert making.figures() == ("400000", "600000", "0", "0")


@pytest.mark.parametrize("way", ["fast", "instant"])
def test_one_click_that_arrives_many_times_is_one_claim_with_one_order(way):
    making.offer(redemption=way)
    making.money()
    owner, company = people.actor(people.OWNER), making.company()
    got = at_once([claiming(owner, company, click="one-click") for _ in range(6)])
    assert len({one.number for one in got if isinstance(one, Claim)}) == 1
    assert not [one for one in got if isinstance(one, ServiceError)]
    assert PaymentOrder.objects.count() == (1 if way == "instant" else 0)
    held = ("400000", "0", "600000", "0") if way == "instant" else ("400000", "600000", "0", "0")
    assert making.figures() == held


def test_of_one_group_the_highest_is_given_once_however_many_are_claimed_at_once():
    group = {"exclusive": {"group": "digital", "scope": "year"}, "redemption": "instant"}
    making.offer("small", benefits=FIXED, **group)
    making.offer("large", **group)
    making.money()
    owner, company = people.actor(people.OWNER), making.company()
    at_once([claiming(owner, company, key) for key in ("small", "large") * 3])
    given = sum((one.amount for one in Claim.objects.all()), Decimal(0))
    assert Claim.objects.count() == 1
    assert given in (Decimal(10000), Decimal(600000))
    Claim.objects.update(state=ClaimState.PAID)
    at_once([claiming(owner, company, key) for key in ("small", "large") * 3])
    assert sum((one.amount for one in Claim.objects.all()), Decimal(0)) in (given, Decimal(600000))


def test_a_ceiling_of_the_year_holds_for_claims_at_once():
    project = {"exclusive": {"group": "projects", "scope": "project"}, "redemption": "instant"}
    making.offer(caps={"year": "1000000"}, **project)
    making.money("9000000")
    owner, company = people.actor(people.OWNER), making.company()

    def of(name: str) -> Callable[[], object]:
        given = making.handed(project=name)
        return lambda: claim.submit(owner, "digital", company.pk, given)

    at_once([of(name) for name in ("东园", "西园", "南园", "北园")])
    amounts = sorted(one.amount for one in Claim.objects.all())
    assert amounts == [Decimal(400000), Decimal(600000)]


def test_a_ceiling_of_the_year_holds_for_decisions_at_once():
    project = {"exclusive": {"group": "projects", "scope": "project"}}
    making.offer(caps={"year": "1000000"}, **project)
    making.money("9000000")
    numbers = [making.submitted(project=name).number for name in ("东园", "西园", "南园")]
    for number in numbers:
        task = making.task_of(number, "check")
        claim.work(making.checker(), number, task, conforms=True, opinion="")
    boss = making.decider()
    at_once([lambda number=number: claim.propose(boss, number) for number in numbers])
    announced = Claim.objects.filter(state=ClaimState.NOTICED)
    assert sum((one.amount for one in announced), Decimal(0)) == Decimal(1000000)
    assert making.figures()[2] == "1000000"


def test_of_two_officials_at_once_one_acts():
    making.offer()
    making.money()
    found = making.submitted()
    task = making.task_of(found.number, "check")
    first, second = making.checker(), making.expert()
    got = at_once(
        [
            lambda: claim.work(first, found.number, task, conforms=True, opinion="", revision=0),
            lambda: claim_correction.ask(second, found.number, task, text="补一张发票", revision=0),
        ]
    )
    assert sum(isinstance(one, Claim) for one in got) == 1
    assert sum(isinstance(one, ClaimStale) for one in got) == 1
    found.refresh_from_db()
    assert found.revision == 1


def test_a_withdrawal_and_a_decision_at_once_leave_no_money_behind():
    making.offer()
    making.money()
    found = making.submitted()
    claim.work(
        making.checker(), found.number, making.task_of(found.number, "check"), conforms=True, opinion=""
    )
    owner, boss = people.actor(people.OWNER), making.decider()
    at_once([lambda: claim.withdraw(owner, found.number), lambda: claim.propose(boss, found.number)])
    found.refresh_from_db()
    held = {"withdrawn": ("1000000", "0", "0", "0"), "noticed": ("400000", "0", "600000", "0")}
    assert making.figures() == held[found.state]
    assert payments.find_budget_faults() == []
