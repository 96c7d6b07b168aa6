"""Mandates and kinship: who may act for whom, for what, until when."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from tests.people import CITIZEN, OWNER, STRANGER, actor, user
from yueban.kernel import clock
from yueban.kernel.codes import resident_id
from yueban.parties import selectors, services
from yueban.parties.errors import (
    MandateExpired,
    MandateInvalid,
    MandateOutOfScope,
    MandateRevoked,
    MandateUnsigned,
)
from yueban.parties.models import Kinship, Mandate, Party

pytestmark = pytest.mark.django_db
ITEM = "road-freight-permit"


def give(**changes: object) -> Mandate:
    owner = actor(OWNER)
    today = clock.today()
    values: dict[str, object] = {
        "principal": Party.objects.get(number="shili-transport"),
        "agent": user(CITIZEN),
        "kind": "mandatary",
        "items": [ITEM],
        "powers": ["submit", "supplement"],
        "starts_on": today,
        "ends_on": today + timedelta(days=30),
        "way": "online",
        "signature": None,
        "actor": owner,
        "division_code": "330602000000",
    }
    return services.give_mandate(**(values | changes))  # type: ignore[arg-type]


def check(mandate: Mandate, *, item: str = ITEM, power: str = "submit", after: int = 0) -> None:
    day = clock.today() + timedelta(days=after)
    selectors.check_mandate(mandate=mandate, item_key=item, power=power, on=day)


def test_a_mandate_allows_its_items_and_powers_within_its_term() -> None:
    mandate = give()
    check(mandate)
    check(mandate, power="supplement", after=30)
    with pytest.raises(MandateOutOfScope, match="事项"):
        check(mandate, item="public-place-hygiene-permit")
    with pytest.raises(MandateOutOfScope, match="领取结果"):
        check(mandate, power="collect")
    with pytest.raises(MandateExpired, match="到期"):
        check(mandate, after=31)
    with pytest.raises(MandateExpired, match="起才有效"):
        check(mandate, after=-1)


def test_a_revoked_mandate_allows_nothing_and_says_when_it_was_taken_back() -> None:
    mandate = services.revoke_mandate(mandate=give(), actor=actor(OWNER), reason="已离职")
    with pytest.raises(MandateRevoked, match="撤销"):
        check(mandate)
    again = services.revoke_mandate(mandate=mandate, actor=actor(STRANGER), reason="")
    assert (again.revoked_by_name, again.revoke_reason) == ("陈示例", "已离职")


@pytest.mark.parametrize("way", ["paper", "pad"])
def test_a_mandate_on_paper_without_signature_is_refused(way: str) -> None:
    with pytest.raises(MandateUnsigned, match="签名"):
        give(way=way)
    assert not Mandate.objects.filter(way=way).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": []}, "items"),
        ({"powers": []}, "powers"),
        ({"powers": ["decide"]}, "powers"),
        ({"ends_on": date(2020, 1, 1), "starts_on": date(2019, 1, 1)}, "ends_on"),
        ({"ends_on": date(2099, 1, 1)}, "ends_on"),
    ],
)
def test_a_mandate_without_scope_power_or_term_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(MandateInvalid) as refused:
        give(**changes)
    assert list(refused.value.fields) == [field]


def test_a_mandatary_holds_the_principal_for_the_items_of_his_mandate_only() -> None:
    mandate = give()
    held = actor(CITIZEN).held(mandate.principal_id, ITEM)
    assert held is not None
    assert (held.relation, held.mandate, held.items) == ("mandatary", mandate.number, (ITEM,))
    assert mandate.principal_id not in actor(CITIZEN).party_ids
    assert actor(CITIZEN).held(mandate.principal_id, "other-item") is None
    services.revoke_mandate(mandate=mandate, actor=actor(OWNER))
    assert actor(CITIZEN).held(mandate.principal_id) is None


def test_a_mandate_ends_with_its_principal() -> None:
    mandate = give()
    services.record_end(
        party=mandate.principal, ended_on=clock.today(), reason="deregistered", actor=actor(OWNER)
    )
    assert actor(CITIZEN).held(mandate.principal_id) is None
    with pytest.raises(MandateExpired, match="注销"):
        check(mandate)


def child_born_on(day: date) -> Party:
    parent = Party.objects.get(number="zhao-person")
    number = f"999999{day:%Y%m%d}001"
    child = services.save_party(
        number="a-child",
        kind="person",
        name="赵小样",
        id_kind="resident_id",
        id_number=resident_id.compose(number),
    )
    services.save_kinship(
        party=parent, relative=child, relation="child", source="出生登记", as_of=clock.today()
    )
    return child


def test_a_parent_acts_for_a_child_until_the_day_it_is_eighteen(monkeypatch: pytest.MonkeyPatch) -> None:
    child = child_born_on(date(2010, 3, 15))
    assert child.born_on == date(2010, 3, 15)
    monkeypatch.setattr(clock, "today", lambda: date(2028, 3, 14))
    held = actor(CITIZEN).held(child.pk)
    assert held is not None
    assert (held.relation, held.items) == ("guardian", None)
    monkeypatch.setattr(clock, "today", lambda: date(2028, 3, 15))
    assert actor(CITIZEN).held(child.pk) is None


def test_a_child_born_on_a_leap_day_is_of_age_on_the_first_of_march(monkeypatch: pytest.MonkeyPatch) -> None:
    child = child_born_on(date(2008, 2, 29))
    monkeypatch.setattr(clock, "today", lambda: date(2026, 2, 28))
    assert actor(CITIZEN).held(child.pk) is not None
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 1))
    assert actor(CITIZEN).held(child.pk) is None


def test_a_mandate_for_a_child_ends_before_the_day_it_is_eighteen(monkeypatch: pytest.MonkeyPatch) -> None:
    child = child_born_on(date(2010, 3, 15))
    monkeypatch.setattr(clock, "today", lambda: date(2028, 3, 1))
    term = {"principal": child, "starts_on": date(2028, 3, 1), "actor": actor(CITIZEN), "agent": user(OWNER)}
    with pytest.raises(MandateInvalid) as refused:
        give(**term, ends_on=date(2028, 3, 15))
    assert refused.value.data["fields"]["ends_on"].startswith("孩子2028年3月15日满18周岁")
    assert give(**term, ends_on=date(2028, 3, 14)).ends_on == date(2028, 3, 14)


def test_kinship_is_kept_from_both_sides() -> None:
    child = child_born_on(date(2015, 5, 5))
    assert [(row.relative.number, row.relation) for row in selectors.kin_of(child.pk)] == [
        ("zhao-person", "parent")
    ]
    assert Kinship.objects.filter(Q(party=child) | Q(relative=child)).count() == 2
