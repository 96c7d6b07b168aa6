"""一件事 filled in for somebody: a company at the window, a villager with his helper; once, and on a mandate that stands."""

import io
from datetime import date

import pytest

from tests import bundles, people, village, village_bundle
from tests.village import actor
from yueban.audit import selectors as audit
from yueban.cases import selectors as cases_read
from yueban.cases.choices import CaseState
from yueban.cases.models import BundleApplication, BundleCase, Case
from yueban.documents import selectors as documents
from yueban.documents.choices import SlipKind
from yueban.flows import assist, assist_papers, bundle, find_person, hand_over, mandates, stand_for_company
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference
from yueban.parties.errors import MandateOutOfScope, MandateRevoked, MandateUnsigned
from yueban.parties.models import Look, Party

pytestmark = pytest.mark.django_db

CODE, AGENT_ID = "91999999MA990001XD", "999999198806120058"
CLERK = people.CLERK


@pytest.fixture(autouse=True)
def villager():
    return village.settle()


@pytest.fixture
def company():
    return Party.objects.get(number="shili-transport")


def goods() -> BundleApplication:
    """普通货物运输经营准入 for the company before the window, filled in, each paper scanned once."""
    clerk = actor(CLERK)
    version = bundles.bundles_read.get_bundle("goods-transport", bundles.COUNTY)
    application = assist.begin_bundle(clerk, "shili-transport", version.pk, bundles.GOODS)
    acting = assist.draft_actor(clerk, application.number)
    form = people.FORM | {"vehicles": [bundles.truck(1), bundles.truck(2)]}
    bundle.save_draft(acting, application.number, form, None)
    for material in bundle.check(acting, application.number).materials:
        if material.is_missing:
            content = io.BytesIO(people.PDF + material.key.encode())
            bundle.attach_file(acting, application.number, material.key, content, f"{material.key}.pdf")
    return application


def paper(application: BundleApplication, **changes: object) -> str:
    """The company's mandate on paper, brought by who comes for it."""
    told = {
        "agent_name": "孙驾驶",
        "agent_id_number": AGENT_ID,
        "powers": ["submit", "collect"],
        "ends_on": date(2027, 11, 30),
        "signature": (people.PDF, "委托书.pdf"),
    }
    return stand_for_company.register_paper(actor(CLERK), application.number, **told | changes).number


def test_a_window_finds_a_company_by_its_code_or_its_name_and_the_look_is_recorded(company):
    clerk = actor(CLERK)
    for who in (CODE, CODE.lower(), company.name):
        (line,) = find_person.find(clerk, who).people
        assert line.number == company.number
    card = find_person.card(clerk, company.number)
    assert (card.masked_id, card.legal_person) == (CODE, "陈示例")
    assert "business-licence" in {one.type.key for one in card.certificates}
    assert Look.objects.filter(party=company, user_id_of_actor=clerk.user_id).exists()
    assert find_person.find(clerk, "91999999MA990099XX").people == ()


def test_a_helper_is_told_that_companies_go_to_the_window(company):
    with pytest.raises(Invalid) as refused:
        find_person.find(actor(village.HELPER), CODE)
    assert "窗口" in refused.value.fields["who"]
    assert find_person.find(actor(village.HELPER), company.name).people == ()
    with pytest.raises(assist.PersonNotFound):
        find_person.card(actor(village.HELPER), company.number)


def test_a_window_registers_a_company_from_its_licence():
    clerk, code = actor(CLERK), "91330602MA2XXXXX"
    with pytest.raises(Invalid) as wrong:
        find_person.register_enterprise(clerk, name="", code=code)
    assert set(wrong.value.fields) == {"name", "id_number"}
    with pytest.raises(Invalid, match="填写项") as other:
        find_person.register_enterprise(clerk, name="别的名称有限公司", code=CODE)
    assert "name" in other.value.fields
    with pytest.raises(NotAllowed):
        find_person.register_enterprise(actor(village.HELPER), name="某某有限公司", code=CODE)


def test_bundles_are_found_beside_items_by_words_and_by_pinyin(company):
    clerk = actor(CLERK)
    for text in ("普通货物", "phyd", "货运准入", "pthw"):
        found = [one.bundle.key for one in find_person.bundles_for(clerk, company, text)]
        assert ("goods-transport" in found) == (text != "phyd")
    assert find_person.bundles_for(clerk, company, "新生儿") == []


def test_a_company_hands_in_once_at_the_window_and_takes_one_receipt(company):
    application = goods()
    made = assist.submit_bundle(actor(CLERK), application.number)
    again = assist.submit_bundle(actor(CLERK), application.number)
    assert (again.pk, BundleCase.objects.count()) == (made.pk, 1)
    permit = bundles.case_of(made, "permit")
    assert permit.state == CaseState.RECEIVED
    assert (made.assisted_by_id, permit.assisted_by_id) == (actor(CLERK).user_id,) * 2
    made.refresh_from_db()
    assert made.received_at is not None
    (receipt,) = documents.documents_of(Reference("bundle", made.number))
    rows = [row[1].splitlines()[0] for row in receipt.content["table"]["rows"]]
    assert rows[1:] == ["道路运输证配发（1）", "道路运输证配发（2）"]
    assert (permit.mandate_number, made.party_id) == ("", company.pk)
    for kind in (SlipKind.NARROW, SlipKind.LARGE):
        assert assist_papers.bundle_slip(actor(CLERK), made.number, kind).startswith(b"%PDF")


def test_who_comes_for_a_company_shows_its_mandate_and_every_event_names_it(company):
    application = goods()
    number = paper(application)
    shown, online = stand_for_company.mandates_for(application)
    assert (shown.number, shown.agent_name) == (number, "孙驾驶")
    assert (online.way, online.agent_name) == ("online", "孙经办"), "given by the company itself"
    assert shown.items == ["road-freight-permit", "road-transport-certificate"]
    made = assist.submit_bundle(actor(CLERK), application.number, shown=number)
    case = bundles.case_of(made, "permit")
    assert (made.mandate_number, case.mandate_number) == (number, number)
    for event in audit.events_of(Reference("case", case.number)):
        assert event.actor["mandate"] == number


def test_a_company_s_mandate_on_paper_needs_its_picture_its_bearer_and_a_company(villager):
    application = goods()
    with pytest.raises(MandateUnsigned):
        paper(application, signature=None)
    with pytest.raises(Invalid) as refused:
        paper(application, agent_name="", agent_id_number="12")
    assert set(refused.value.fields) == {"agent_name", "agent_id_number"}
    with pytest.raises(NotAllowed):
        paper(village.draft(CLERK))
    assert [row.way for row in stand_for_company.mandates_for(application)] == ["online"]


def test_a_mandate_shown_at_the_window_opens_nothing_online():
    application = goods()
    number = paper(application)
    driver = people.actor("sun")
    assert all(held.mandate != number for held in driver.parties)
    with pytest.raises(mandates.MandateNotFound):
        mandates.check_mandate_of(driver, number, "road-freight-permit", "submit")


def test_a_company_s_revoked_mandate_hands_in_nothing_and_loses_nothing():
    application = goods()
    number = paper(application)
    mandates.revoke(people.actor(people.OWNER), number, reason="换人了")
    with pytest.raises(MandateRevoked, match="撤销"):
        assist.submit_bundle(actor(CLERK), application.number, shown=number)
    with pytest.raises(mandates.MandateNotFound):
        assist.submit_bundle(actor(CLERK), application.number, shown="WT999")
    application.refresh_from_db()
    assert (application.state, BundleCase.objects.count()) == ("draft", 0)
    assert application.form["vehicles"]


def test_a_helper_hands_in_a_bundle_on_one_mandate_for_all_of_it(villager):
    application = village_bundle.draft()
    number = village_bundle.mandate(application)
    made = assist.submit_bundle(actor(village.HELPER), application.number)
    found = list(Case.objects.filter(bundle_child__bundle_case=made))
    assert [case.state for case in found] == [CaseState.RECEIVED] * 2
    assert {case.mandate_number for case in (*found, made)} == {number}
    assert (made.intake_agency.code, made.intake_division) == (village.TOWN, village.PLACE)
    (receipt,) = documents.documents_of(Reference("bundle", made.number))
    assert len(receipt.content["table"]["rows"]) == 2
    # The next one finds no 一件事 of the villager's.
    assert not cases_read.bundle_cases_visible_to(actor(village.NEIGHBOUR)).exists()


def test_without_a_mandate_for_every_item_a_helper_hands_in_no_bundle():
    application = village_bundle.draft()
    helper = actor(village.HELPER)
    with pytest.raises(assist.MandateMissing):
        assist.submit_bundle(helper, application.number)
    village.mandate(village.draft())  # for one of the items alone
    with pytest.raises(MandateOutOfScope, match="没有包括"):
        assist.submit_bundle(helper, application.number)
    assert not BundleCase.objects.exists()


def test_a_mandate_revoked_while_the_helper_is_in_the_form_says_so_and_nothing_is_lost():
    application = village_bundle.draft()
    helper, number = actor(village.HELPER), village_bundle.mandate(application)
    acting = assist.draft_actor(helper, application.number)
    mandates.revoke(helper, number, reason="本人要求")
    changed = village_bundle.FORM | {"employment.work_place": "镇上"}
    bundle.save_draft(acting, application.number, changed, None)
    with pytest.raises(MandateRevoked, match="撤销") as refused:
        assist.submit_bundle(helper, application.number)
    assert "重新授权" in refused.value.hint
    application.refresh_from_db()
    assert (application.state, application.form["employment.work_place"]) == ("draft", "镇上")
    assert not BundleCase.objects.exists()
    village_bundle.mandate(application)
    assert assist.submit_bundle(helper, application.number).state == "open"


def test_a_bundle_with_an_item_that_the_village_does_not_take_in_is_not_offered(villager):
    helper = actor(village.HELPER)
    version = bundles.bundles_read.get_bundle("newborn", bundles.COUNTY)
    assert find_person.bundles_for(helper, villager, "新生儿") == []
    with pytest.raises(assist.NotOfferedHere, match="不在您这一级"):
        assist.begin_bundle(helper, villager.number, version.pk, {})
    assert [one.bundle.key for one in find_person.bundles_for(actor(CLERK), villager, "新生儿")] == [
        "newborn"
    ]


def test_a_helper_sends_no_money_of_a_bundle_to_another_account():
    application, account = village_bundle.draft(), "person.social_card_account"
    village_bundle.mandate(application)
    helper = actor(village.HELPER)
    changed = village_bundle.FORM | {account: "6217999196905120126"}
    bundle.save_draft(assist.draft_actor(helper, application.number), application.number, changed, None)
    with pytest.raises(Invalid) as refused:
        assist.submit_bundle(helper, application.number)
    assert list(refused.value.fields) == [account]


def test_a_bundle_s_draft_passes_to_the_colleague_at_the_end_of_the_shift():
    application = village_bundle.draft()
    helper, second = actor(village.HELPER), actor(village.SECOND_HELPER)
    assert [one.number for one in hand_over.open_things(helper)[0]] == [application.number]
    told = hand_over.give(helper, to_id=second.user_id or 0, drafts=[application.number], tasks=[])
    assert cases_read.drafts_of(helper) == []
    assert [one.title for one in cases_read.drafts_of(second)] == ["就业帮扶合办"]
    hand_over.undo(helper, told.number)
    hand_over.give(helper, to_id=second.user_id or 0, drafts=[application.number], tasks=[])
    assert assist.open_draft(second, application.number).pk == application.pk
    with pytest.raises(hand_over.HandOverOpened):
        hand_over.undo(helper, hand_over.given_by(helper)[0].number)


def test_what_waits_in_a_bundle_is_under_way_and_nobody_is_told_to_apply_for_it(company):
    made = assist.submit_bundle(actor(CLERK), goods().number)
    assert bundles.case_of(made, "permit")
    assert cases_read.items_under_way([company.pk]) == {
        (company.pk, "road-freight-permit"),
        (company.pk, "road-transport-certificate"),
    }


def test_nobody_else_opens_the_draft_of_a_bundle():
    application = village_bundle.draft()
    for username in (village.NEIGHBOUR, village.SECOND_HELPER, CLERK, people.REVIEWER):
        with pytest.raises(cases_read.CaseNotFound):
            assist.open_draft(actor(username), application.number)
