"""Actors know their roles and tell no identity number; references are written and read back."""

import json

import pytest

from yueban.kernel import roles
from yueban.kernel.actor import ANONYMOUS, SYSTEM, Actor, PartyHeld, PostHeld
from yueban.kernel.reference import Reference, ReferenceInvalid

CLERK = Actor(
    user_id=7,
    name="窗口甲",
    posts=(
        PostHeld(roles.CLERK, "yuecheng-hall", "越城区政务服务中心", "330602000000"),
        PostHeld(roles.REVIEWER, "yuecheng-transport", "越城区交通运输局", "330602000000"),
    ),
    channel="desk",
)


def test_a_role_is_held_at_an_agency():
    assert CLERK.has_role(roles.REVIEWER)
    assert CLERK.has_role(roles.REVIEWER, "yuecheng-transport")
    assert not CLERK.has_role(roles.REVIEWER, "yuecheng-hall")
    assert CLERK.agencies_with(roles.CLERK) == {"yuecheng-hall"}
    assert CLERK.roles == {roles.CLERK, roles.REVIEWER}


def test_staff_system_and_visitors_are_told_apart():
    assert CLERK.is_staff
    assert CLERK.is_signed_in
    assert not SYSTEM.is_staff
    assert not ANONYMOUS.is_signed_in


def test_the_snapshot_is_plain_json_with_roles_and_names():
    company = PartyHeld(3, "E0000003", "enterprise", "示例物流", "legal_person")
    actor = Actor(user_id=8, name="法人乙", parties=(company,), mandate="M1")
    snapshot = json.loads(json.dumps(actor.snapshot()))
    assert snapshot["parties"] == [
        {
            "number": "E0000003",
            "kind": "enterprise",
            "name": "示例物流",
            "relation": "legal_person",
            "mandate": "",
        }
    ]
    assert (snapshot["user_id"], snapshot["mandate"], actor.party_ids) == (8, "M1", {3})


def test_a_reference_is_written_and_read_back():
    reference = Reference("case", "33060220261122000000019")
    assert str(reference) == "case:33060220261122000000019"
    assert Reference.parse(str(reference)) == reference


@pytest.mark.parametrize("text", ["case", "case:", ":1", "Case:1", "case:a b", "case:../x"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(ReferenceInvalid):
        Reference.parse(text)


def test_a_post_reaches_its_agency_and_those_below_and_a_city_wide_one_every_agency():
    bureau = PostHeld(roles.REVIEWER, "city-bureau", "市局", "330600000000", ("city-bureau", "county-branch"))
    assert bureau.covers("city-bureau")
    assert bureau.covers("county-branch")
    assert not bureau.covers("another-bureau")
    watcher = PostHeld(roles.SUPERVISOR, "hall", "政务办", "330602000000", is_city_wide=True)
    assert watcher.covers("another-bureau")


def test_a_party_held_by_mandate_is_no_party_whose_matters_are_all_his_own():
    firm = PartyHeld(3, "E3", "enterprise", "示例物流", "mandatary", "WT1", ("one-item",))
    actor = Actor(user_id=8, name="经办", parties=(firm,))
    assert actor.party_ids == frozenset()
    assert actor.held(3, "one-item") is firm
    assert actor.held(3, "other-item") is None
    assert actor.held(4) is None
