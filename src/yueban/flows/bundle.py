"""一件事: filled in once, handed in once; the children become ordinary cases in the same transaction."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ApplicationState, CaseEvent, ChildState
from yueban.cases.models import BundleApplication, BundleCase, BundleFile, Case
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.splitting import needed_children
from yueban.files import services as files
from yueban.flows import apply, bundle_messages, bundle_steps, handing_in, mandates, precheck, prove
from yueban.flows.apply import Saved
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.parties import selectors as parties
from yueban.parties.choices import Power


@transaction.atomic
def start(
    actor: Actor, bundle_version_id: int, answers: Mapping[str, str], party_id: int
) -> BundleApplication:
    """Begin an application for a bundle, or go on with the draft there is; the guards of a single item hold."""
    held = handing_in.applicant(actor, party_id)
    version = bundles_read.bundle_version(bundle_version_id)
    in_force = bundles_read.bundle_versions_in_force().filter(pk=version.pk)
    handing_in.check_version(is_in_force=in_force.exists())
    compiled = version.compiled_bundle
    cases_read.check_target(compiled, held.kind)
    path = handing_in.proceeding(compiled, answers)
    keys = items_of(compiled, needed_children(compiled, path.facts))
    check_powers(actor, party_id, keys, Power.SUBMIT)
    return cases.start_bundle_application(
        actor=actor,
        party_id=party_id,
        bundle_version=version,
        item_keys=keys,
        answers=answers,
        assistance=handing_in.assistance(actor, held.relation),
    )


def items_of(compiled: CompiledBundle, keys: Sequence[str]) -> list[str]:
    """Keys of the items behind these children."""
    return sorted({child.item for child in compiled.children if child.key in set(keys)})


def check_powers(actor: Actor, party_id: int, item_keys: Sequence[str], power: str) -> None:
    """A mandate must cover every item of the bundle; the party must live."""
    for item_key in item_keys:
        mandates.check_power(actor, party_id, item_key, power)
        if actor.held(party_id, item_key) is None:
            raise NotAllowed(
                "给您的授权没有包括这件事的全部事项。",
                hint="请委托人在“授权”里补上，或由委托人本人登录办理。",
            )
    mandates.check_party_lives(party_id)


@transaction.atomic
def save_draft(actor: Actor, number: str, data: Mapping[str, object], revision: int | None) -> Saved:
    """Keep what was typed, valid or not, and say what is still wrong."""
    application = cases.lock_bundle_draft(number=number, actor=actor)
    cases.save_form(application=application, form=dict(data), revision=revision)
    checked = cases_read.validated(application)
    return Saved(application.revision, checked.errors, checked.cleaned)


@transaction.atomic
def attach_file(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> BundleFile:
    """Put a file to one merged material; it serves every item that asks for it."""
    application = cases.lock_bundle_draft(number=number, actor=actor)
    cases.check_uploadable(application, material_key)
    stored = files.store_file(content=upload, name=name, actor=actor)
    row = cases.add_application_file(application=application, material_key=material_key, file=stored)
    precheck.ask(stored, application, material_key)
    assert isinstance(row, BundleFile)  # a file of a bundle's draft
    return row


@transaction.atomic
def remove_file(actor: Actor, number: str, file_number: str) -> None:
    """Take a file out of the draft."""
    cases.remove_application_file(
        application=cases.lock_bundle_draft(number=number, actor=actor), file_number=file_number
    )


@transaction.atomic
def discard(actor: Actor, number: str) -> None:
    """Give up a draft."""
    cases.discard_application(application=cases.lock_bundle_draft(number=number, actor=actor))


def prefill(actor: Actor, number: str) -> dict[str, parties.KnownFact]:
    """What is known of the applicant, and of the person who fills in for him, each with source and date."""
    return handing_in.known_of(actor, cases_read.get_bundle_application(actor, number))


def check(actor: Actor, number: str) -> cases_read.Readiness:
    """What is missing in the merged form and among the merged materials, each once."""
    return cases_read.readiness(cases_read.get_bundle_application(actor, number))


def submit(actor: Actor, number: str) -> BundleCase:
    """Submit once; a repeated request gives the same parent. Sources are asked before it, once for all items."""
    prove.ask_sources(actor, number)
    return hand_in(actor, number)


@transaction.atomic
def hand_in(actor: Actor, number: str) -> BundleCase:
    """The parent, and the children that wait for nothing, in one transaction."""
    application = cases.lock_bundle_application(number=number, actor=actor)
    if application.state == ApplicationState.SUBMITTED:
        return application.case
    compiled = application.bundle_version.compiled_bundle
    catalogue.check_intake_open(compiled, clock.today())
    handing_in.ready(application)
    hall = agencies.agency_of_kind("government-services", application.bundle_version.division_code)
    bundle_case = cases.create_bundle_case(application=application, intake_agency=hall)
    check_powers(actor, application.party_id, bundle_case.item_keys, Power.SUBMIT)
    children = cases.children_of(bundle_case)
    cases.tell_chain(
        bundle_case, "submit", actor, bundle=compiled.name, children=[child.name for child in children]
    )
    for child in children:
        if not child.waits_for:
            bundle_steps.plan_receive(bundle_steps.begin_child(bundle_case, child, actor))
    bundle_messages.submitted(bundle_case, children)
    return bundle_case


@transaction.atomic
def withdraw_all(
    actor: Actor, number: str, reason: str = "", *, revision: int | None = None, key: str = ""
) -> BundleCase:
    """整件撤回: every child that can still be withdrawn is; what is decided stays as it is."""
    seen = cases_read.get_bundle_case(actor, number)
    cases.lock_many(cases_read.numbers_of_bundle(seen))
    bundle_case = cases.lock_bundle_case(number=number, actor=actor)
    if cases.is_done(key=key, name="withdraw_all", actor=actor, number=number):
        return bundle_case
    cases.check_bundle_revision(bundle_case=bundle_case, revision=revision)
    check_powers(actor, bundle_case.party_id, bundle_case.item_keys, Power.WITHDRAW)
    # Those that have not begun go first, so that no withdrawal makes one of them begin.
    for child in cases.children_of(bundle_case):
        if child.state == ChildState.WAITING:
            cases.drop_child(child=child, why="整件撤回，没有开始办理。", outcome="withdrawn")
    for child in cases.children_of(bundle_case):
        if child.case is not None and _may_withdraw(child.case, actor):
            apply.withdraw(actor, child.case.number, reason)
    bundle_steps.settle(bundle_case.pk, actor)
    cases.remember_done(key=key, name="withdraw_all", actor=actor, number=number)
    bundle_case.refresh_from_db()
    return bundle_case


def _may_withdraw(case: Case, actor: Actor) -> bool:
    return CaseEvent.WITHDRAW in cases_read.moves_open_to(case, actor)
