"""Helpers and windows fill in and hand in for somebody: who may, on which mandate, and that it happens once."""

from dataclasses import replace
from datetime import date

import pytest

from tests import people, village
from yueban.audit import selectors as audit
from yueban.cases.choices import CaseState
from yueban.cases.errors import TooManyFinds
from yueban.cases.models import Case
from yueban.flows import apply, assist, assist_papers, find_person, mandates
from yueban.kernel.codes import resident_id
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.reference import Reference
from yueban.parties.choices import MandateWay
from yueban.parties.errors import MandateOutOfScope, MandateRevoked, MandateUnsigned
from yueban.parties.models import Look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def villager():
    return village.settle()


def test_a_helper_hands_in_on_a_mandate_and_it_is_received_at_once(villager):
    case = village.handed_in()
    assert case.state == CaseState.RECEIVED
    assert (case.intake_agency.code, case.intake_division) == (village.TOWN, village.PLACE)
    assert case.mandate_number.startswith("WT")
    for event in audit.events_of(Reference("case", case.number)):
        assert event.actor["name"] == "许帮办"
        assert event.actor["mandate"] == case.mandate_number
        assert [party["name"] for party in event.actor["parties"]] == [villager.name]


def test_two_browsers_hand_in_one_draft_once():
    application = village.draft()
    village.mandate(application)
    first = assist.submit(village.actor(village.HELPER), application.number)
    again = assist.submit(village.actor(village.HELPER), application.number)
    assert (again.pk, Case.objects.filter(application=application).count()) == (first.pk, 1)
    kinds = [event.kind for event in audit.events_of(Reference("case", first.number))]
    assert kinds == ["submit", "receive"]


def test_without_a_mandate_a_helper_is_told_what_to_do():
    application = village.draft()
    with pytest.raises(assist.MandateMissing, match="还没有委托您办这件事") as refused:
        assist.submit(village.actor(village.HELPER), application.number)
    assert "授权委托书" in refused.value.hint
    assert not Case.objects.filter(application=application).exists()


def test_a_helper_does_not_send_the_money_to_another_account():
    application, account = village.draft(), "person.social_card_account"
    village.mandate(application)
    helper = village.actor(village.HELPER)
    changed = {**village.FORM, account: "6217999196905120126"}
    apply.save_draft(assist.draft_actor(helper, application.number), application.number, changed, None)
    assert "代办员不能改收款账户" in assist.readiness(helper, application.number).errors[account]
    with pytest.raises(Invalid, match="有填写项") as refused:
        assist.submit(helper, application.number)
    assert list(refused.value.fields) == [account]
    apply.save_draft(assist.draft_actor(helper, application.number), application.number, village.FORM, None)
    assert assist.submit(helper, application.number).state == CaseState.RECEIVED


def test_a_revoked_mandate_stops_handing_in_supplements_and_collecting(villager):
    helper, application = village.actor(village.HELPER), village.draft()
    number = village.mandate(application)
    case = village.handed_in_on(number, application)
    second = village.draft_of_another_item(villager)
    mandates.revoke(helper, number, reason="本人要求")
    with pytest.raises((MandateRevoked, NotFound)):
        assist.supply(helper, case.number)
    with pytest.raises((MandateRevoked, NotFound)):
        assist.collect(helper, case.number, method="窗口领取", proof="本人签收")
    with pytest.raises((MandateRevoked, MandateOutOfScope)):
        assist.submit(helper, second.number)
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    with pytest.raises(NotFound):
        find_person.card(village.actor(village.NEIGHBOUR), villager.number)


def test_a_revoked_mandate_says_so_when_the_same_thing_is_handed_in_again(villager):
    helper, application = village.actor(village.HELPER), village.draft()
    mandates.revoke(helper, village.mandate(application), reason="本人要求")
    with pytest.raises(MandateRevoked, match="撤销"):
        assist.submit(helper, application.number)


def test_an_item_outside_the_mandate_is_refused_with_what_to_do(villager):
    helper, application = village.actor(village.HELPER), village.draft()
    village.mandate(application)
    other = village.draft_of_another_item(villager)
    with pytest.raises(MandateOutOfScope, match="没有包括这个事项") as refused:
        assist.submit(helper, other.number)
    assert "重新授权" in refused.value.hint


def test_a_power_outside_the_mandate_is_refused():
    helper, application = village.actor(village.HELPER), village.draft()
    village.mandate(application, powers=("collect",))
    with pytest.raises(MandateOutOfScope, match="提交申请"):
        assist.submit(helper, application.number)


def test_a_helper_finds_nobody_of_another_village_but_learns_who_can_help(villager):
    neighbour = village.actor(village.NEIGHBOUR)
    found = find_person.find(neighbour, village.ID_NUMBER)
    assert found.people == ()
    assert found.elsewhere is not None
    assert "许帮办" in found.elsewhere.helpers
    assert find_person.find(neighbour, villager.name).people == ()
    with pytest.raises(NotFound):
        assist.begin(neighbour, villager.number, people.freight().pk, {})
    assert Look.objects.filter(party=villager, actor_name="何邻村").count() == 1


def test_two_of_one_name_are_told_apart_without_showing_their_numbers():
    found = find_person.find(village.actor(village.HELPER), "王同名")
    assert [line.name for line in found.people] == ["王同名", "王同名"]
    assert len({line.id_tail for line in found.people}) == 2
    assert len({line.born_year for line in found.people}) == 2
    assert {line.id_tail for line in found.people} == {"0134", "0154"}
    assert Look.objects.filter(party__name="王同名", actor_name="许帮办").count() == 2


def test_nobody_goes_through_the_register_number_by_number(monkeypatch):
    monkeypatch.setattr("yueban.cases.selectors.FINDS_OF_A_COUNTER", 2)
    helper = village.actor(village.HELPER)
    for _time in range(2):
        find_person.find(helper, "王同名")
    with pytest.raises(TooManyFinds) as refused:
        find_person.find(helper, village.ID_NUMBER)
    assert "一小时" in refused.value.message
    assert find_person.find(village.actor(village.NEIGHBOUR), "王同名") is not None


def test_every_look_at_a_person_is_recorded_for_him(villager):
    find_person.card(village.actor(village.HELPER), villager.number)
    look = Look.objects.filter(party=villager).latest("at")
    assert (look.actor_name, look.role, look.purpose) == ("许帮办", "helper", "帮办受理")
    assert "证照目录" in look.what


def test_a_window_serves_the_person_before_it_without_a_mandate(villager):
    application = village.draft(village.CLERK)
    case = assist.submit(village.actor(village.CLERK), application.number)
    assert (case.state, case.mandate_number) == (CaseState.RECEIVED, "")
    event = audit.events_of(Reference("case", case.number)).first()
    assert event is not None
    assert event.actor["name"] == "吕镇窗"
    assert event.actor["parties"][0]["relation"] == "present"


def test_nobody_else_opens_the_draft(villager):
    application = village.draft()
    for other in (village.SECOND_HELPER, village.CLERK, village.NEIGHBOUR):
        with pytest.raises(NotFound):
            assist.open_draft(village.actor(other), application.number)


def test_a_window_registers_an_unknown_person_from_his_card():
    clerk = village.actor(village.CLERK)
    number = resident_id.compose("99999919900101001")
    party = find_person.register(clerk, name="孙新来", id_number=number, phone="")
    assert find_person.find(clerk, number).people[0].number == party.number
    assert find_person.register(clerk, name="孙新来", id_number=number).pk == party.pk
    with pytest.raises(Invalid) as refused:
        find_person.register(clerk, name="", id_number="99999919900101001X", phone="12")
    assert set(refused.value.fields) == {"name", "id_number", "phone"}
    with pytest.raises(Invalid) as refused:
        find_person.register(clerk, name="孙别名", id_number=number)
    assert "另一个姓名" in refused.value.fields["name"]
    with pytest.raises(NotAllowed, match="代办员"):
        find_person.register(village.actor(village.HELPER), name="孙新来", id_number=number)


def test_a_scribble_that_is_no_signature_is_refused():
    for text in ("[]", "", "[[[5,5],[6,6]]]"):
        with pytest.raises(MandateUnsigned):
            assist_papers.read_strokes(text)
    with pytest.raises(Invalid) as refused:
        assist_papers.read_strokes("[[1]]")
    for no_place in ("[[[NaN,NaN],[1,1]]]", "[[[0,0],[Infinity,1]]]", "[" * 100_000):
        with pytest.raises(Invalid):
            assist_papers.read_strokes(no_place)
    assert "没有读懂" in refused.value.fields["pad"]
    assert assist_papers.read_strokes("[[[0,0],[900,0]]]") == (((0.0, 0.0), (600.0, 0.0)),)


def test_a_mandate_on_paper_needs_its_photo():
    application = village.draft()
    with pytest.raises(MandateUnsigned):
        assist.give_mandate(
            village.actor(village.HELPER),
            application.number,
            way=MandateWay.PAPER,
            signature=None,
            powers=["submit"],
            ends_on=date(2027, 11, 30),
        )


def test_a_moved_clerk_leaves_his_drafts_behind(villager):
    application = village.draft(village.CLERK)
    moved = people.actor(people.CLERK, channel="desk")
    elsewhere = replace(village.actor(village.CLERK), posts=moved.posts)
    with pytest.raises(NotFound):
        assist.open_draft(elsewhere, application.number)
    with pytest.raises(NotFound):
        assist.submit(elsewhere, application.number)
