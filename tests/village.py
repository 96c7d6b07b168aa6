"""A village of the cast for tests: a villager without a phone, his helper and a second one, the town's clerks."""

from datetime import date
from typing import Any

from tests import people
from yueban.accounts.services import save_demo_user
from yueban.agencies import services as agency_services
from yueban.cases.models import Application, Case
from yueban.flows import apply, assist, find_person
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.parties import selectors as parties
from yueban.parties.choices import MandateWay
from yueban.parties.models import Party

PLACE, TOWN = "330602011220", "town-330602011"
HELPER, NEIGHBOUR, CLERK = "helper-xu", "helper-he", "clerk-lu"
SECOND_HELPER, SECOND_CLERK = "test-helper-two", "test-clerk-two"
VILLAGER, NAMESAKE = "lin-person", "wang-tongming-1"
ID_NUMBER = "999999196905120118"
ITEM, OTHER_ITEM = "flexible-employment-subsidy", "employment-difficulty-recognition"
OTHER_ANSWERS = {"work": "flexible", "registered": "yes", "kind": "land_lost"}
ANSWERS = {
    "difficulty": "yes",
    "work": "flexible",
    "insurance": "self_employee",
    "near_retirement": "within_five",
}
FORM: dict[str, Any] = {
    "contact.name": "林示意",
    "contact.id_number": ID_NUMBER,
    "person.address": "绍兴市越城区鉴湖街道坡塘村1号",
    "employment.flexible_kind": "odd_jobs",
    "employment.work_place": "本村",
    "employment.since": "2024-03-01",
    "subsidy.kinds": ["pension"],
    "subsidy.paid_from": "2026-01-01",
    "subsidy.months": "10",
    "subsidy.paid_amount": "9000",
    "person.social_card_account": "6217999196905120118",
}


def settle() -> Party:
    """A second helper and a second clerk join those of the cast; gives the villager."""
    _staff(SECOND_HELPER, "徐代办", roles.HELPER, PLACE)
    _staff(SECOND_CLERK, "卢窗口", roles.CLERK, None)
    return parties.parties_by_number([VILLAGER])[VILLAGER]


def _staff(username: str, name: str, role: str, division: str | None) -> None:
    user = save_demo_user(username=username, name=name, note="", order=900)
    agency_services.give_post(user=user, role=role, agency=TOWN, actor=SYSTEM, division=division)


def actor(username: str) -> Actor:
    """One of them at the desk."""
    found = people.actor(username, channel="desk")
    return Actor(found.user_id, found.name, found.posts, (), "desk")


def draft(username: str = HELPER, person: str = VILLAGER) -> Application:
    """A draft with its form filled in."""
    helper = actor(username)
    party = assist.get_person(helper, person)
    version = people.get_published(ITEM, find_person.place_for(helper, party))
    application = assist.begin(helper, person, version.pk, ANSWERS)
    apply.save_draft(assist.draft_actor(helper, application.number), application.number, FORM, None)
    return application


def mandate(application: Application, username: str = HELPER, powers: tuple[str, ...] | None = None) -> str:
    """The villager signs on paper."""
    given = assist.give_mandate(
        actor(username),
        application.number,
        way=MandateWay.PAPER,
        signature=(people.PDF, "委托书.pdf"),
        powers=list(powers or ("submit", "supplement", "collect")),
        ends_on=date(2027, 11, 30),
    )
    return str(given.number)


def draft_of_another_item(party: Party, username: str = HELPER) -> Application:
    """A draft of another item for the same person, begun and not filled in."""
    helper = actor(username)
    version = people.get_published(OTHER_ITEM, find_person.place_for(helper, party))
    return assist.begin(helper, party.number, version.pk, OTHER_ANSWERS)


def handed_in() -> Case:
    """A case that the helper has handed in for the villager."""
    application = draft()
    return handed_in_on(mandate(application), application)


def handed_in_on(number: str, application: Application) -> Case:
    """The draft becomes a case on this mandate."""
    case = assist.submit(actor(HELPER), application.number)
    assert case.mandate_number == number
    return case
