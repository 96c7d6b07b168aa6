"""The cast of the model city as actors, and a freight application ready to be submitted."""

from typing import Any

from tests import stock
from yueban.accounts.models import User
from yueban.accounts.selectors import find_demo_user
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.cases.models import Application, Case
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.selectors import get_published
from yueban.flows import apply, review
from yueban.flows.identify import actor_of_user
from yueban.kernel.actor import Actor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

OWNER, STRANGER, CITIZEN = "chen", "wang", "zhao"
CLERK, OTHER_CLERK = "clerk-zhou", "clerk-wu"
REVIEWER, OTHER_COUNTY, DECIDER = "reviewer-zheng", "reviewer-han", "decider-chu"
VEHICLE_CHECKER, QUALIFICATION_CHECKER = "checker-wei", "checker-jiang"
SUPERVISOR, EDITOR = "supervisor-shen", "editor-yang"

ANSWERS = {
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "applicant_kind": "enterprise",
    "action": "new",
    "vehicle_readiness": "owned",
}
FORM: dict[str, Any] = {
    "enterprise.name": "示例运输有限公司",
    "enterprise.uscc": "91999999MA990001XD",
    "enterprise.legal_person_name": "陈示例",
    "enterprise.address": "绍兴市越城区示例路1号",
    "freight.scope": ["general"],
    "contact.name": "陈示例",
    "contact.id_type": "resident_id",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
    "vehicles": [
        {
            "vehicle.plate": "浙D00001",
            "vehicle.type": "heavy_truck",
            "vehicle.gross_mass": "18",
            "vehicle.inspection_valid_until": "2027-06-30",
        }
    ],
    "drivers": [
        {
            "driver.name": "孙驾驶",
            "driver.id_number": "999999198806120058",
            "driver.qualification_number": "999999198806120058",
        }
    ],
    "delivery.method": "window",
}


def user(username: str) -> User:
    """A member of the cast, to sign in."""
    found = find_demo_user(username)
    assert found is not None, f"no demo user {username}"
    return found


def actor(username: str, *, channel: str = "portal") -> Actor:
    """A member of the cast."""
    user = find_demo_user(username)
    assert user is not None, f"no demo user {username}"
    return actor_of_user(user.pk, channel=channel)


def company_of(person: Actor) -> int:
    """The enterprise a legal person acts for."""
    return next(party.id for party in person.parties if party.kind == "enterprise")


def freight() -> ItemVersion:
    """The freight permit as the transport bureau of 越城区 publishes it."""
    return get_published("road-freight-permit", "330602000000")


def draft(username: str = OWNER) -> Application:
    """A begun application with its form filled and its files attached."""
    person = actor(username)
    application = apply.start(person, freight().pk, ANSWERS, company_of(person))
    apply.save_draft(person, application.number, FORM, None)
    for material in apply.check(person, application.number).materials:
        if material.is_missing:
            attach(person, application.number, material.key)
    return application


def attach(person: Actor, number: str, material_key: str) -> None:
    """Upload a small PDF for one material."""
    import io

    apply.attach_file(
        person, number, material_key, io.BytesIO(PDF + material_key.encode()), f"{material_key}.pdf"
    )


def submitted(username: str = OWNER) -> Case:
    """A case that waits to be received."""
    return stock.taken_or(
        "submitted", username, lambda: apply.submit(actor(username), draft(username).number)
    )


def received(username: str = OWNER) -> Case:
    """A case that waits to be accepted."""
    return stock.taken_or(
        "received", username, lambda: review.receive(actor(CLERK), submitted(username).number)
    )


def accepted(username: str = OWNER) -> Case:
    """A case under review."""
    return stock.taken_or(
        "accepted", username, lambda: review.accept(actor(CLERK), received(username).number)
    )


def deciding(username: str = OWNER) -> Case:
    """A case whose review and checks have all ended well."""
    case = accepted(username)
    for person in (VEHICLE_CHECKER, QUALIFICATION_CHECKER, REVIEWER):
        worker = actor(person)
        task = approvals.inbox(worker).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    case.refresh_from_db()
    return case


def granted(username: str = OWNER) -> Case:
    """A case whose certificate waits to be handed out."""
    return stock.taken_or(
        "granted", username, lambda: review.decide(actor(DECIDER), deciding(username).number, is_granted=True)
    )
