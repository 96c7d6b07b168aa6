"""Reads of applications and cases. `…_visible_to` serves list, detail, file and count."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import QuerySet

from yueban.accounts import walls
from yueban.cases.assisting import assisted_by as assisted_by
from yueban.cases.assisting import drafts_of as drafts_of
from yueban.cases.assisting import get_any_assisted as get_any_assisted
from yueban.cases.assisting import get_assisted as get_assisted
from yueban.cases.assisting import intake_posts as intake_posts
from yueban.cases.assisting import items_under_way as items_under_way
from yueban.cases.assisting import same_drafts as same_drafts
from yueban.cases.bundle_intake import asked_for as asked_for
from yueban.cases.bundle_intake import asked_items as asked_items
from yueban.cases.bundle_reads import bundle_drafts_of as bundle_drafts_of
from yueban.cases.bundle_reads import get_bundle_application as get_bundle_application
from yueban.cases.bundle_reads import held_too_long as held_too_long
from yueban.cases.bundle_reads import numbers_of_bundle as numbers_of_bundle
from yueban.cases.bundle_reads import open_numbers_of_bundle as open_numbers_of_bundle
from yueban.cases.bundle_reads import waiting_children as waiting_children
from yueban.cases.bundle_reads import waiting_on_granted as waiting_on_granted
from yueban.cases.bundle_story import ChildView as ChildView
from yueban.cases.bundle_story import bundle_sentence as bundle_sentence
from yueban.cases.bundle_story import child_views as child_views
from yueban.cases.bundle_story import get_bundle_case as get_bundle_case
from yueban.cases.bundle_visibility import bundle_applications_visible_to
from yueban.cases.bundle_visibility import bundle_cases_visible_to as bundle_cases_visible_to
from yueban.cases.bundle_visibility import bundles_of_party as bundles_of_party
from yueban.cases.bundle_visibility import own_bundles as own_bundles
from yueban.cases.choices import ApplicationState, CaseState
from yueban.cases.document_texts import (
    preview_decision as preview_decision,
)
from yueban.cases.document_texts import (
    preview_non_acceptance as preview_non_acceptance,
)
from yueban.cases.document_texts import (
    preview_supplement as preview_supplement,
)
from yueban.cases.errors import CaseNotFound
from yueban.cases.exports import expired_exports as expired_exports
from yueban.cases.exports import exports_of as exports_of
from yueban.cases.exports import file_of as file_of
from yueban.cases.exports import get_export as get_export
from yueban.cases.finding import narrowed as narrowed
from yueban.cases.finding import told as told
from yueban.cases.finding import told_all as told_all
from yueban.cases.finding import urgent_first as urgent_first
from yueban.cases.guards import live_clocks
from yueban.cases.guards import may_ask_supplement as may_ask_supplement
from yueban.cases.handled import Handled as Handled
from yueban.cases.handled import handled_by_level as handled_by_level
from yueban.cases.holding import held_elements as held_elements
from yueban.cases.holding import held_until as held_until
from yueban.cases.holding import in_told_state as in_told_state
from yueban.cases.holding import told_state as told_state
from yueban.cases.holding import told_states as told_states
from yueban.cases.intake import PHONE_ELEMENT as PHONE_ELEMENT
from yueban.cases.intake import AnyApplication as AnyApplication
from yueban.cases.intake import AnyFile as AnyFile
from yueban.cases.intake import MaterialStatus as MaterialStatus
from yueban.cases.intake import (
    Readiness as Readiness,
)
from yueban.cases.intake import (
    check_target as check_target,
)
from yueban.cases.intake import compiled_of as compiled_of
from yueban.cases.intake import expected_materials as expected_materials
from yueban.cases.intake import holdings_of as holdings_of
from yueban.cases.intake import material_statuses as material_statuses
from yueban.cases.intake import (
    readiness as readiness,
)
from yueban.cases.intake import sources_to_ask as sources_to_ask
from yueban.cases.intake import validated as validated
from yueban.cases.kept_reads import keep_reads as keep_reads
from yueban.cases.legal_wording import remedy_sentences as remedy_sentences
from yueban.cases.limits import (
    LegalLimit as LegalLimit,
)
from yueban.cases.limits import extension_of as extension_of
from yueban.cases.limits import (
    is_deemed_accepted as is_deemed_accepted,
)
from yueban.cases.limits import owed_limit as owed_limit
from yueban.cases.limits import planned_limit as planned_limit
from yueban.cases.limits import (
    supplement_due_on as supplement_due_on,
)
from yueban.cases.models import Application, BundleCase, Case, ProgressAttempt
from yueban.cases.names import names_about as names_about
from yueban.cases.numbering import is_of_bundle as is_of_bundle
from yueban.cases.open_moves import is_open as is_open
from yueban.cases.open_moves import moves_open_to as moves_open_to
from yueban.cases.outcome_words import outcome_words as outcome_words
from yueban.cases.overview import UNTIMED as UNTIMED
from yueban.cases.overview import counts_by_agency as counts_by_agency
from yueban.cases.overview import with_light as with_light
from yueban.cases.owing import Deferrable as Deferrable
from yueban.cases.owing import checked_owed as checked_owed
from yueban.cases.owing import deferrable as deferrable
from yueban.cases.owing import missing_owed as missing_owed
from yueban.cases.owing import owed as owed
from yueban.cases.places import CasePlace as CasePlace
from yueban.cases.places import places_of as places_of
from yueban.cases.records import LATE_PREFIX as LATE_PREFIX
from yueban.cases.records import RecordLine as RecordLine
from yueban.cases.records import record_lines as record_lines
from yueban.cases.redoing import may_redo as may_redo
from yueban.cases.relays import awaiting_number as awaiting_number
from yueban.cases.relays import find_relay as find_relay
from yueban.cases.relays import relay_of as relay_of
from yueban.cases.relays import relay_plan as relay_plan
from yueban.cases.relays import relays_visible_to as relays_visible_to
from yueban.cases.routes import (
    check_decidable as check_decidable,
)
from yueban.cases.routes import (
    checked_delivery as checked_delivery,
)
from yueban.cases.routes import (
    checked_opinion as checked_opinion,
)
from yueban.cases.routes import (
    checked_proof as checked_proof,
)
from yueban.cases.routes import (
    checked_reason as checked_reason,
)
from yueban.cases.routes import (
    checked_supplement_items as checked_supplement_items,
)
from yueban.cases.routes import (
    checked_words as checked_words,
)
from yueban.cases.routes import (
    find_certificate as find_certificate,
)
from yueban.cases.routes import (
    is_collected as is_collected,
)
from yueban.cases.special import asked_extension as asked_extension
from yueban.cases.special import check_extension as check_extension
from yueban.cases.special import check_hearing_held as check_hearing_held
from yueban.cases.special import check_hearing_open as check_hearing_open
from yueban.cases.special import checked_basis as checked_basis
from yueban.cases.special import checked_days as checked_days
from yueban.cases.special import checked_ending as checked_ending
from yueban.cases.special import checked_hearing as checked_hearing
from yueban.cases.special import checked_plan as checked_plan
from yueban.cases.special import checked_revocation as checked_revocation
from yueban.cases.special import hearing_plan as hearing_plan
from yueban.cases.special import is_extensible as is_extensible
from yueban.cases.special import known_procedures as known_procedures
from yueban.cases.special import open_hearing as open_hearing
from yueban.cases.special import overrun as overrun
from yueban.cases.special import planned_end as planned_end
from yueban.cases.special import running_procedure as running_procedure
from yueban.cases.story import NextStep as NextStep
from yueban.cases.story import TimelineEntry as TimelineEntry
from yueban.cases.story import next_step as next_step
from yueban.cases.story import next_steps as next_steps
from yueban.cases.story import timeline as timeline
from yueban.cases.transitions import check_move as check_move
from yueban.cases.transitions import check_takes_in as check_takes_in
from yueban.cases.transitions import check_works_for_agency as check_works_for_agency
from yueban.cases.transitions import works_for_agency as works_for_agency
from yueban.cases.turn_papers import preview_extension as preview_extension
from yueban.cases.turn_papers import preview_return as preview_return
from yueban.cases.turn_papers import preview_revocation as preview_revocation
from yueban.cases.turn_papers import preview_special as preview_special
from yueban.cases.turn_papers import preview_tolerance as preview_tolerance
from yueban.cases.unproved import needs_words as needs_words
from yueban.cases.unproved import promise_text as promise_text
from yueban.cases.unproved import unproved as unproved
from yueban.cases.visibility import applications_visible_to as applications_visible_to
from yueban.cases.visibility import cases_visible_to as cases_visible_to
from yueban.catalogue.models import ItemVersion
from yueban.clocks import selectors as clocks
from yueban.clocks.selectors import ClockLight
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.codes import public_number

PROGRESS_TRIES_PER_HOUR = 5
OBJECTIONS_OF_A_PERSON, OBJECTIONS_OF_AN_ADDRESS = 3, 20
FINDS_OF_A_COUNTER = 120  # an hour: more people than a counter can serve
PROGRESS_TRIES_PER_ADDRESS = 60  # a whole office may sit behind one address


def get_case(actor: Actor, number: str) -> Case:
    """The case with what its page shows; CaseNotFound for a wrong number and for somebody else's alike."""
    case = (
        cases_visible_to(actor)
        .select_related(
            "agency", "intake_agency", "item_version__item", "application", "party", "assisted_by"
        )
        .filter(number=number)
        .first()
    )
    if case is None:
        raise CaseNotFound("没有找到这件办件。", hint="请核对编号；只有本人和承办人员能看到办件。")
    return case


def cases_by_number(numbers: Iterable[str]) -> dict[str, Case]:
    """Cases for the platform's own acts, by number in one query; never behind a page."""
    rows = Case.objects.select_related("application", "item_version__item").filter(number__in=list(numbers))
    return {case.number: case for case in rows.defer("form", "facts", "item_version__compiled_json")}


def find_any_case(number: str) -> Case | None:
    """A case whoever asks, for the platform's own acts; never behind a page."""
    with walls.platform():
        return Case.objects.select_related("application", "party").filter(number=number).first()


def get_application(actor: Actor, number: str) -> Application:
    """The application; CaseNotFound for a wrong number and for somebody else's alike."""
    application = (
        applications_visible_to(actor)
        .select_related("party", "item_version__item")
        .defer("item_version__definition", "item_version__compiled_json")
        .filter(number=number)
        .first()
    )
    if application is None:
        raise CaseNotFound("没有找到这份申请。", hint="请从“我的办件”进入；只有本人能看到自己的申请。")
    return application


def get_any_application(actor: Actor, number: str) -> AnyApplication:
    """An item's application or a 一件事's, by its number."""
    if is_of_bundle(number):
        return get_bundle_application(actor, number)
    return get_application(actor, number)


def find_case_with_file(actor: Actor, file_number: str) -> Case | None:
    """A visible case that carries this file."""
    return cases_visible_to(actor).filter(materials__files__file__number=file_number).first()


def find_application_with_file(actor: Actor, file_number: str) -> Application | None:
    """A visible application that carries this file."""
    return applications_visible_to(actor).filter(files__file__number=file_number).first()


def may_see_file(actor: Actor, file_number: str) -> bool:
    """Whether a visible case, or a visible application of an item or of a 一件事, carries this file."""
    return (
        find_case_with_file(actor, file_number) is not None
        or find_application_with_file(actor, file_number) is not None
        or bundle_applications_visible_to(actor).filter(files__file__number=file_number).exists()
    )


def nearest_lights(cases: Iterable[Case]) -> dict[str, ClockLight]:
    """The light of the nearest live clock of many cases, by number; two queries however many."""
    live = clocks.live_clocks_of("case", [case.number for case in cases])
    return dict(zip(live, clocks.lights_of(rows[0] for rows in live.values()), strict=True))


def lights(case: Case) -> list[ClockLight]:
    """The lights of the case's live clocks, the nearest first."""
    return clocks.lights_of(live_clocks(case))


def open_drafts_on_older(version: ItemVersion) -> list[tuple[int, str]]:
    """(user, number) of unfinished applications on other versions of the same item at the same agency."""
    rows = Application.objects.filter(
        state=ApplicationState.DRAFT,
        item_version__item_id=version.item_id,
        item_version__agency_id=version.agency_id,
    )
    return list(rows.exclude(item_version=version).values_list("user_id", "number"))


def has_any() -> bool:
    """Whether this instance holds any case at all."""
    return Case.objects.exists()


def own_cases(actor: Actor) -> QuerySet[Case]:
    """The cases of the parties the actor acts for, whatever his posts show him besides."""
    return cases_visible_to(replace(actor, posts=()))


def own_child_views(actor: Actor, bundle_cases: Sequence[BundleCase]) -> dict[int, list[ChildView]]:
    """The children as their applicant reads them; of an enterprise he does not stand for only name and state."""
    seen = own_cases(actor).filter(bundle_child__bundle_case__in=[one.pk for one in bundle_cases])
    return child_views(bundle_cases, seen=set(seen.values_list("pk", flat=True)))


def waiting_for(actor: Actor) -> QuerySet[Case]:
    """The actor's own cases in which he must act now."""
    waiting = [CaseState.SUPPLEMENTING, CaseState.TOLERATED]
    return own_cases(actor).filter(state__in=waiting).order_by("state_since")


def find_progress(number: str, phone_tail: str) -> Case | None:
    """A case by number and the contact phone's last four digits; the flow counts the failures."""
    found = Case.objects.select_related("agency").filter(number=number, phone_tail=phone_tail.strip()[-4:])
    with walls.platform():  # the number and the phone together are known to the applicant
        return found.first() if phone_tail.strip() else None


def may_try_progress(number: str) -> bool:
    """Whether this can be a case number and has failures left in this hour."""
    if not public_number.is_valid_case_number(number):
        return False
    return _failures(number) < PROGRESS_TRIES_PER_HOUR


def may_ask_progress(asker: str) -> bool:
    """Whether who asks from this address has failures left in this hour, whatever the numbers."""
    return _failures(asker) < PROGRESS_TRIES_PER_ADDRESS


def may_object(by: str, *, is_signed_in: bool) -> bool:
    """Whether who objects has not done so too often in this hour; behind one address may sit a whole office."""
    return _failures(f"objects:{by}") < (OBJECTIONS_OF_A_PERSON if is_signed_in else OBJECTIONS_OF_AN_ADDRESS)


def may_find_people(user_id: int | None) -> bool:
    """Whether a member of staff has looked people up less often in this hour than a busy counter would."""
    return _failures(f"finds:{user_id}") < FINDS_OF_A_COUNTER


def may_prove_at_kiosk(user_id: int) -> bool:
    """Whether the second factor of this user has not failed too often in this hour, at whatever kiosk."""
    return _failures(f"kiosk:{user_id}") < PROGRESS_TRIES_PER_HOUR


def _failures(counted: str) -> int:
    hour_ago = clock.now() - timedelta(hours=1)
    return ProgressAttempt.objects.filter(number=counted, at__gt=hour_ago).count()
