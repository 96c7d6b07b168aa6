"""申请: from the answered situation questions to a submitted application and its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.approvals import services as approvals
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ApplicationState, CaseEvent
from yueban.cases.models import Application, ApplicationFile, Case
from yueban.catalogue import selectors as catalogue
from yueban.files import services as files
from yueban.flows import bundle_steps, handing_in, mandates, message_texts, precheck, prove
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld
from yueban.parties import selectors as parties
from yueban.parties.choices import Power


@dataclass(frozen=True)
class Saved:
    """What the page needs after a save: the new revision, what is still wrong, by field path, and what holds."""

    revision: int
    errors: Mapping[str, str]
    cleaned: Mapping[str, object]


@transaction.atomic
def start(actor: Actor, item_version_id: int, answers: Mapping[str, str], party_id: int) -> Application:
    """Begin an application, or go on with the draft there already is for this party and item.

    Raises NotAllowed for a party that is not the actor's, NotProceeding when the answers end elsewhere.
    """
    handing_in.applicant(actor, party_id)
    version = catalogue.versions_in_force().select_related("item").filter(pk=item_version_id).first()
    handing_in.check_version(is_in_force=version is not None)
    assert version is not None
    held = _held_for(actor, party_id, version.item.key)
    cases_read.check_target(version, held.kind)
    handing_in.proceeding(version.compiled, answers)
    return cases.start_application(
        actor=actor,
        party_id=party_id,
        item_version_id=version.pk,
        answers=dict(answers),
        assistance=handing_in.assistance(actor, held.relation),
    )


def _held_for(actor: Actor, party_id: int, item_key: str) -> PartyHeld:
    """As what the actor applies for the party in this item; raises where his mandate or the party's life ends."""
    mandates.check_power(actor, party_id, item_key, Power.SUBMIT)
    mandates.check_party_lives(party_id)
    held = actor.held(party_id, item_key)
    assert held is not None  # without a mandate every item is covered, with one the power was just checked
    return held


@transaction.atomic
def save_draft(actor: Actor, number: str, data: Mapping[str, object], revision: int | None) -> Saved:
    """Keep what was typed, valid or not, and say what is still wrong."""
    application = cases.lock_draft(number=number, actor=actor)
    cases.save_form(application=application, form=dict(data), revision=revision)
    checked = cases_read.validated(application)
    return Saved(application.revision, checked.errors, checked.cleaned)


@transaction.atomic
def attach_file(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> ApplicationFile:
    """Put a file to one material of the draft; a refused file changes nothing."""
    application = cases.lock_draft(number=number, actor=actor)
    cases.check_uploadable(application, material_key)
    stored = files.store_file(content=upload, name=name, actor=actor)
    row = cases.add_application_file(application=application, material_key=material_key, file=stored)
    precheck.ask(stored, application, material_key)
    assert isinstance(row, ApplicationFile)  # a file of an item's draft
    return row


@transaction.atomic
def remove_file(actor: Actor, number: str, file_number: str) -> None:
    """Take a file out of the draft."""
    cases.remove_application_file(
        application=cases.lock_draft(number=number, actor=actor), file_number=file_number
    )


@transaction.atomic
def discard(actor: Actor, number: str) -> None:
    """Give up a draft."""
    cases.discard_application(application=cases.lock_draft(number=number, actor=actor))


def prefill(actor: Actor, number: str) -> dict[str, parties.KnownFact]:
    """What is known of the applicant, and of the person who fills in for him, each with source and date."""
    return handing_in.known_of(actor, cases_read.get_application(actor, number))


def check(actor: Actor, number: str) -> cases_read.Readiness:
    """What is missing before this draft may be submitted, and how each material is met."""
    return cases_read.readiness(cases_read.get_application(actor, number))


def submit(actor: Actor, number: str) -> Case:
    """Submit once: a second click, or a repeated request, gives the same case. Sources are asked before it."""
    prove.ask_sources(actor, number)
    return hand_in(actor, number)


@transaction.atomic
def hand_in(actor: Actor, number: str) -> Case:
    """The same within a transaction of whoever has asked the sources already."""
    application = cases.lock_application(number=number, actor=actor)
    if application.state == ApplicationState.SUBMITTED:
        return application.cases.get()
    _held_for(actor, application.party_id, application.item_version.item.key)
    catalogue.check_intake_open(application.item_version.compiled, clock.today())
    ready = handing_in.ready(application)
    hall = agencies.agency_of_kind("government-services", application.item_version.agency.division.code)
    case = cases.new_case(application, intake_agency=hall)
    cases.create_case(application=application, case=case, materials=cases.case_materials(ready))
    cases.record_satisfied(case, ready, actor)
    message_texts.submitted(case, actor)
    bundle_steps.plan_receive(case)
    bundle_steps.rejoin(case, application, actor)
    return case


@transaction.atomic
def withdraw(
    actor: Actor, number: str, reason: str = "", *, revision: int | None = None, key: str = ""
) -> Case:
    """撤回: the applicant takes his application back; possible until it is being decided; he gets it in writing."""
    case = cases.lock_case(number=number, actor=actor)
    if cases.is_done(key=key, name="withdraw", actor=actor, number=number):
        return case
    cases.check_revision(case=case, revision=revision)
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.WITHDRAW)
    why = cases_read.checked_words(reason)
    cases.move(case=case, event=CaseEvent.WITHDRAW, actor=actor, **({"reason": why} if why else {}))
    cases.issue_withdrawal(case, why, actor)
    cases.stop_procedures(cases=[case])
    approvals.cancel_open(reference=cases.reference_of(case))
    cases.remember_done(key=key, name="withdraw", actor=actor, number=case.number)
    message_texts.withdrawn(case)
    bundle_steps.after(case, actor)
    return case
