"""Roles × agencies below × divisions: what another agency, county or village must not see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.agencies import selectors as find_agency
from yueban.approvals import selectors as approvals
from yueban.cases import selectors, services
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import Case
from yueban.cases.visibility import is_plainly_visible
from yueban.flows import apply, supplement
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor, PostHeld
from yueban.parties import services as parties
from yueban.parties.errors import MandateOutOfScope, MandateRevoked
from yueban.parties.models import Mandate, Party

pytestmark = pytest.mark.django_db
COUNTY, CITY, OTHER = "330602000000", "330600000000", "330681000000"
TOWN, VILLAGE, NEXT_VILLAGE = "330602011000", "330602011220", "330602011221"


def staff(role: str, agency: str, division: str, *below: str, is_city_wide: bool = False) -> Actor:
    post = PostHeld(role, agency, agency, division, (agency, *below), is_city_wide)
    return Actor(987654321, "某人", posts=(post,), channel="desk")


def sees(actor: Actor, case: Case) -> bool:
    """In the list; the detail, the count and the file say the same, or this fails."""
    listed = selectors.cases_visible_to(actor).filter(pk=case.pk).exists()
    assert selectors.cases_visible_to(actor).filter(number=case.number).count() == int(listed)
    try:
        selectors.get_case(actor, case.number)
        found = True
    except CaseNotFound:
        found = False
    assert found == listed
    assert locks(actor, case) == listed
    file = case.materials.filter(files__isnull=False).first()
    if file is not None:
        number = file.files.get().file.number
        assert (selectors.find_case_with_file(actor, number) is not None) == listed
    return listed


def locks(actor: Actor, case: Case) -> bool:
    """Whether an act of his could begin; what the row tells by itself never says more than the list."""
    assert (
        not is_plainly_visible(case, actor) or selectors.cases_visible_to(actor).filter(pk=case.pk).exists()
    )
    try:
        return services.lock_case(number=case.number, actor=actor) == case
    except CaseNotFound:
        return False


def village_case() -> Case:
    """The owner's case as if a village point of 鉴湖街道 had taken it in."""
    case = people.accepted()
    town = find_agency.get_agency("town-330602011")
    mandate = Mandate.objects.get(principal__number="shili-transport")
    Case.objects.filter(pk=case.pk).update(
        intake_agency=town, intake_division=VILLAGE, place_division=VILLAGE, mandate_number=mandate.number
    )
    case.refresh_from_db()
    return case


def test_a_clerk_sees_what_his_agency_took_in_within_his_division():
    case = village_case()
    assert sees(staff(roles.CLERK, "town-330602011", TOWN), case)
    assert sees(staff(roles.CLERK, "town-330602011", VILLAGE), case)
    assert not sees(staff(roles.CLERK, "town-330602011", NEXT_VILLAGE), case)
    assert not sees(staff(roles.CLERK, "town-330602001", "330602001000"), case)
    assert not sees(staff(roles.CLERK, "yuecheng-government-services", COUNTY), case)


def test_a_helper_sees_the_cases_of_his_point_until_the_mandate_is_revoked():
    case = village_case()
    helper = staff(roles.HELPER, "town-330602011", VILLAGE)
    assert sees(helper, case)
    assert not sees(staff(roles.HELPER, "town-330602011", NEXT_VILLAGE), case)
    parties.revoke_mandate(mandate=Mandate.objects.get(number=case.mandate_number), actor=SYSTEM)
    assert not sees(helper, case)
    Case.objects.filter(pk=case.pk).update(mandate_number="")
    case.refresh_from_db()
    assert not sees(helper, case)


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.DECIDER, roles.PAYER])
def test_the_deciding_agency_and_those_above_it_see_the_case_within_their_division(role):
    case = village_case()
    assert sees(staff(role, "yuecheng-transport", COUNTY), case)
    assert sees(staff(role, "yuecheng-transport", TOWN), case), "a post for the town where the matter arises"
    assert sees(staff(role, "shaoxing-transport", CITY, "yuecheng-transport"), case)
    assert not sees(staff(role, "shaoxing-transport", CITY), case), "an agency that is not above it"
    assert not sees(staff(role, "shaoxing-transport", OTHER, "yuecheng-transport"), case)
    assert not sees(staff(role, "yuecheng-transport", NEXT_VILLAGE), case)
    assert not sees(staff(role, "zhuji-transport", OTHER), case)
    assert not sees(staff(role, "yuecheng-health", COUNTY), case)


def test_a_supervisor_sees_his_division_and_one_of_an_agency_only_that_agency():
    case = village_case()
    assert sees(staff(roles.SUPERVISOR, "yuecheng-government-services", COUNTY, is_city_wide=True), case)
    assert sees(staff(roles.SUPERVISOR, "shaoxing-government-services", CITY, is_city_wide=True), case)
    assert not sees(staff(roles.SUPERVISOR, "zhuji-government-services", OTHER, is_city_wide=True), case)
    assert sees(staff(roles.SUPERVISOR, "yuecheng-transport", COUNTY), case)
    assert not sees(staff(roles.SUPERVISOR, "yuecheng-health", COUNTY), case)


@pytest.mark.parametrize("role", [roles.EDITOR, roles.AUDITOR, roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN])
def test_administrators_and_editors_see_no_case(role):
    assert not sees(staff(role, "yuecheng-transport", COUNTY), village_case())


def test_a_checker_sees_a_case_by_his_task_and_only_within_his_division():
    case = people.accepted()
    assert sees(staff(roles.CHECKER, "yuecheng-traffic-police", COUNTY), case)
    assert not sees(staff(roles.CHECKER, "yuecheng-traffic-police", NEXT_VILLAGE), case)
    assert not sees(staff(roles.CHECKER, "zhuji-traffic-police", OTHER), case)
    assert not sees(staff(roles.CLERK, "yuecheng-traffic-police", COUNTY), case)


def test_tasks_follow_the_same_rule_and_the_inbox_holds_ones_own_post_only():
    case = people.accepted()
    reviewer = staff(roles.REVIEWER, "yuecheng-transport", COUNTY)
    [task] = approvals.inbox(reviewer).filter(reference_number=case.number)
    above = staff(roles.REVIEWER, "shaoxing-transport", CITY, "yuecheng-transport")
    assert approvals.tasks_visible_to(above).filter(pk=task.pk).exists()
    assert not approvals.inbox(above).filter(pk=task.pk).exists()
    assert not approvals.may_do(above, task)
    for other in (
        staff(roles.REVIEWER, "yuecheng-transport", NEXT_VILLAGE),
        staff(roles.DECIDER, "yuecheng-transport", COUNTY),
        staff(roles.REVIEWER, "zhuji-transport", OTHER),
        staff(roles.SUPERVISOR, "zhuji-government-services", OTHER, is_city_wide=True),
    ):
        assert not approvals.tasks_visible_to(other).filter(pk=task.pk).exists(), other.posts
        assert not approvals.may_do(other, task)


def test_a_mandatary_sees_and_begins_only_the_items_of_his_mandate():
    case, open_draft = people.submitted(), people.draft()
    sun = people.actor("sun")
    assert sees(sun, case)
    assert selectors.applications_visible_to(sun).filter(pk=open_draft.pk).exists()
    Mandate.objects.filter(agent=people.user("sun")).update(items=["another-item"])
    sun = people.actor("sun")
    assert not sees(sun, case)
    assert not selectors.applications_visible_to(sun).filter(pk=open_draft.pk).exists()
    with pytest.raises(MandateOutOfScope, match="没有包括这个事项"):
        apply.start(sun, people.freight().pk, people.ANSWERS, case.party_id)
    assert case.number not in visitor("sun").get("/my/").content.decode()
    assert visitor("sun").get(f"/my/cases/{case.number}/").status_code == 404


def test_a_mandatary_without_the_power_may_not_withdraw_and_one_revoked_meanwhile_may_do_nothing():
    case = people.submitted()
    sun = people.actor("sun")
    with pytest.raises(MandateOutOfScope, match="撤回申请"):
        apply.withdraw(sun, case.number)
    draft = apply.start(sun, people.freight().pk, people.ANSWERS, case.party_id)
    parties.revoke_mandate(mandate=Mandate.objects.get(agent_id=sun.user_id), actor=SYSTEM)
    with pytest.raises(MandateRevoked, match="撤销"):
        apply.submit(sun, draft.number)
    assert not selectors.cases_visible_to(people.actor("sun")).exists()


def test_a_person_served_at_a_counter_shows_only_the_drafts_filled_in_there():
    own = people.draft()
    clerk = people.actor(people.CLERK)
    held = replace(people.actor(people.OWNER).parties[1], relation="present")
    serving = replace(clerk, parties=(held,))
    assert held.id not in serving.party_ids
    assert not selectors.applications_visible_to(serving).filter(pk=own.pk).exists()
    begun = apply.start(serving, people.freight().pk, people.ANSWERS, held.id)
    assert list(selectors.applications_visible_to(serving)) == [begun]


def test_a_person_who_died_applies_for_nothing_and_his_draft_is_not_submitted():
    draft = people.draft()
    company = Party.objects.get(number="shili-transport")
    parties.record_end(party=company, ended_on=clock.today(), reason="deregistered", actor=SYSTEM)
    owner = people.actor(people.OWNER)
    with pytest.raises(Exception, match="已注销，不能再以其名义申请"):
        apply.submit(owner, draft.number)
    with pytest.raises(Exception, match="已注销"):
        apply.start(owner, people.freight().pk, people.ANSWERS, company.pk)


def test_a_child_that_comes_of_age_in_the_middle_is_no_longer_its_parents_matter(monkeypatch):
    child = Party.objects.get(number="zhao-xiaoyang")
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(party=child)
    assert sees(people.actor(people.CITIZEN), case)
    assert child.born_on is not None
    birthday = child.born_on.replace(year=child.born_on.year + 18)
    monkeypatch.setattr(clock, "today", lambda: birthday - timedelta(days=1))
    assert sees(people.actor(people.CITIZEN), case)
    monkeypatch.setattr(clock, "today", lambda: birthday)
    parent = people.actor(people.CITIZEN)
    assert not sees(parent, case)
    with pytest.raises(CaseNotFound):
        apply.withdraw(parent, case.number)
    with pytest.raises(CaseNotFound):
        supplement.supply(parent, case.number)


def test_the_desks_list_and_search_show_nothing_of_another_county():
    case = people.accepted()
    for who, is_shown in ((people.REVIEWER, True), (people.OTHER_COUNTY, False), ("supervisor-ji", True)):
        page = visitor(who).get("/desk/cases/", {"q": case.number}).content.decode()
        assert (f"/desk/cases/{case.number}" in page) is is_shown, who
