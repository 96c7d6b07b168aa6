"""After a whole case every stored reference leads to something that exists."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Model

from tests import benefits, people
from tests.flows.journeys import carry_a_case
from yueban.accounts.models import User
from yueban.agencies.models import Agency
from yueban.approvals.models import PublicNotice, Task
from yueban.cases.models import Application, BundleCase, Case
from yueban.catalogue.models import Bundle, ItemVersion
from yueban.certificates.models import Certificate, DataObjection, Satisfaction
from yueban.claims.models import Claim
from yueban.clocks.models import Clock
from yueban.documents.models import Document
from yueban.flows import apply, identify, notice, rate
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.outlets.models import Kiosk
from yueban.parties.models import Mandate, Party
from yueban.payments.models import PaymentBatch, PaymentOrder, Recovery
from yueban.policies.models import Offer, Policy
from yueban.ratings.models import Rating
from yueban.tickets.models import Ticket

pytestmark = pytest.mark.django_db
PAIRS = (
    ("reference_kind", "reference_number"),
    ("subject_kind", "subject_number"),
    ("source_kind", "source_number"),
)


def models_with_references() -> list[tuple[type[Model], str, str]]:
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        found += [(model, kind, number) for kind, number in PAIRS if {kind, number} <= names]
    return found


def stored_references() -> Iterator[tuple[str, Reference]]:
    for model, kind, number in models_with_references():
        for pair in model.objects.exclude(**{kind: ""}).values_list(kind, number).distinct():
            yield f"{model.__name__}.{kind}", Reference(*pair)


NUMBERED: dict[str, type[Model]] = {
    "case": Case,
    "claim": Claim,
    "batch": PaymentBatch,
    "recovery": Recovery,
    "application": Application,
    "certificate": Certificate,
    "dataobjection": DataObjection,
    "mandate": Mandate,
    "notice": PublicNotice,
    "party": Party,
    "payment": PaymentOrder,
    "rating": Rating,
    "ticket": Ticket,
}


def exists(reference: Reference) -> bool:
    """Whether the thing is there; a kind that nobody knows is a reference that leads nowhere."""
    number = reference.number
    if reference.kind in NUMBERED:
        return NUMBERED[reference.kind].objects.filter(number=number).exists()
    match reference.kind:
        case "kiosk":
            return Kiosk.objects.filter(code=number).exists()
        case "offer":
            return Offer.objects.filter(key=number).exists()
        case "policy":
            return Policy.objects.filter(key=number).exists()
        case "agency":
            return Agency.objects.filter(code=number).exists()
        case "user" | "account":
            return User.objects.filter(pk=number).exists() if number.isdecimal() else False
        case "bundle":  # one that is published by its key, one that was handed in by its number
            is_published = Bundle.objects.filter(key=number).exists()
            return is_published or BundleCase.objects.filter(number=number).exists()
        case "item":
            return ItemVersion.objects.filter(item__key=number.split("@")[0].split("/")[0]).exists()
    return False


def test_every_model_that_refers_is_seen():
    seen = {model.__name__ for model, _, _ in models_with_references()}
    assert {"Task", "Clock", "Message", "Document", "Certificate", "Satisfaction", "Event"} <= seen


def test_every_stored_reference_resolves_after_a_whole_case():
    case = carry_a_case()
    assert case.state == "delivered"
    apply.withdraw(people.actor(people.STRANGER), people.submitted(people.STRANGER).number)
    identify.actor_of_user(case.application.user_id, channel="portal")
    found = list(stored_references())
    lost = [
        f"{where}: {reference}"
        for where, reference in found
        if not exists(reference) and not is_of_city(reference)
    ]
    assert lost == []
    own = {where for where, reference in found if reference == Reference("case", case.number)}
    for model in (Task, Clock, Message, Document, Certificate, Satisfaction):
        assert any(where.startswith(model.__name__) for where in own), model
    assert "Event.reference_kind" in own


def test_every_stored_reference_resolves_after_a_notice_a_payment_and_a_bad_rating():
    found = benefits.notice_of(people.accepted())
    notice.object_to(people.actor(people.CITIZEN), found.number, name="李旁观", contact="", text="不符合。")
    task = Task.objects.get(kind="objection")
    notice.answer(people.actor(people.REVIEWER), task.pk, is_upheld=False, reasons="已核实。")
    ended = apply.withdraw(people.actor(people.OWNER), people.submitted().number)
    rate.rate_own(people.actor(people.OWNER), ended.number, rate.Given(level=5))
    case, order = benefits.granted()  # from here on the permit's form asks for an account
    kinds = {reference.kind for _, reference in stored_references()}
    assert {"case", "notice", "payment", "rating"} <= kinds
    lost = {str(one) for _, one in stored_references() if not exists(one) and not is_of_city(one)}
    assert (lost, order.reference_number) == (set(), case.number)


def is_of_city(reference: Reference) -> bool:
    """What the loading of the pack wrote: certificates of the cast come from the pack, not from a case."""
    return reference.kind in ("party", "city", "cast")


def test_requests_of_satisfactions_name_tasks_of_the_same_case():
    case = carry_a_case()
    checks = Satisfaction.objects.filter(reference_number=case.number, way="check")
    assert checks.count() == 2
    for row in checks:
        task = Task.objects.get(pk=row.request.removeprefix("task-"))
        assert (task.reference_number, task.outcome) == (case.number, "conforms")
