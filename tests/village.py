"""The people of a village for tests: a villager without a phone, his helper, a neighbour's helper, the town's clerk."""

from datetime import date
from typing import Any

from tests import people
from yueban.accounts.services import save_demo_user
from yueban.agencies import selectors as agencies
from yueban.agencies import services as agency_services
from yueban.cases.models import Application, Case
from yueban.certificates import services as certificates
from yueban.flows import apply, assist, find_person
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.codes import resident_id
from yueban.kernel.reference import Reference
from yueban.parties import services as parties
from yueban.parties.choices import MandateWay
from yueban.parties.models import Party

PLACE, NEXT_PLACE = "330602011220", "330602010229"
TOWN, NEXT_TOWN = "town-330602011", "town-330602010"
HELPER, SECOND_HELPER, NEIGHBOUR = "test-helper", "test-helper-two", "test-helper-next"
CLERK, SECOND_CLERK = "test-clerk", "test-clerk-two"
ITEM = "flexible-employment-subsidy"
ANSWERS = {
    "difficulty": "yes",
    "work": "flexible",
    "insurance": "self_employee",
    "near_retirement": "within_five",
}
FORM: dict[str, Any] = {
    "contact.name": "林村民",
    "contact.id_number": resident_id.compose("99999919690512001"),
    "person.address": "绍兴市越城区鉴湖街道坡塘村1号",
    "employment.flexible_kind": "odd_jobs",
    "employment.work_place": "本村",
    "employment.since": "2024-03-01",
    "subsidy.kinds": ["pension"],
    "subsidy.paid_from": "2026-01-01",
    "subsidy.months": "10",
    "subsidy.paid_amount": "9000",
    "person.social_card_account": "6217000000000000018",
}
ID_NUMBER: str = FORM["contact.id_number"]


def settle() -> Party:
    """Everybody moves in; gives the villager."""
    _staff(HELPER, "许代办", roles.HELPER, TOWN, PLACE)
    _staff(SECOND_HELPER, "徐代办", roles.HELPER, TOWN, PLACE)
    _staff(NEIGHBOUR, "何邻村", roles.HELPER, NEXT_TOWN, NEXT_PLACE)
    _staff(CLERK, "吕窗口", roles.CLERK, TOWN)
    _staff(SECOND_CLERK, "卢窗口", roles.CLERK, TOWN)
    known = {name: value for name, value in FORM.items() if not name.startswith("subsidy.")}
    return villager(
        "test-villager", "林村民", ID_NUMBER, facts=known | {"employment.difficulty_status": "yes"}
    )


def villager(
    number: str, name: str, id_number: str, *, place: str = PLACE, facts: dict[str, object] | None = None
) -> Party:
    """Somebody who lives in a village, with an identity card and no phone."""
    party = parties.save_party(
        number=number,
        kind="person",
        name=name,
        id_kind="resident_id",
        id_number=id_number,
        division_code=place,
    )
    parties.save_profile(
        party=party, source="测试", facts=facts or {"contact.name": name}, as_of=date(2026, 1, 1)
    )
    for type_key in ("resident-id-card", "social-security-card"):
        certificates.issue_certificate(
            type_key=type_key,
            holder=party,
            agency=agencies.get_agency("yuecheng-public-security"),
            data={"contact.name": name, "contact.id_number": id_number, **FORM},
            valid_from=date(2021, 5, 10),
            subject=Reference("cast", f"{number}-{type_key}"),
            actor=SYSTEM,
        )
    return party


def namesakes() -> tuple[Party, Party]:
    """Two villagers of one name."""
    first = resident_id.compose("99999919550101001")
    second = resident_id.compose("99999919820707003")
    return villager("test-same-1", "王同名", first), villager("test-same-2", "王同名", second)


def _staff(username: str, name: str, role: str, agency: str, division: str | None = None) -> None:
    user = save_demo_user(username=username, name=name, note="", order=900)
    agency_services.give_post(user=user, role=role, agency=agency, actor=SYSTEM, division=division)


def actor(username: str) -> Actor:
    """One of them at the desk."""
    found = people.actor(username, channel="desk")
    return Actor(found.user_id, found.name, found.posts, (), "desk")


def draft(username: str = HELPER, person: str = "test-villager") -> Application:
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


def handed_in() -> Case:
    """A case that the helper has handed in for the villager."""
    application = draft()
    mandate(application)
    return assist.submit(actor(HELPER), application.number)
