"""Writes of applications and cases; flows call them inside one transaction with the case locked."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connection

from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases.assistance import Assistance as Assistance
from yueban.cases.assistance import columns_of
from yueban.cases.assisting import lock_any_assisted as lock_any_assisted
from yueban.cases.assisting import lock_assisted as lock_assisted
from yueban.cases.assisting import lock_drafts_with as lock_drafts_with
from yueban.cases.assisting import pass_on as pass_on
from yueban.cases.assisting import set_mandate as set_mandate
from yueban.cases.batches import deem_accepted_many as deem_accepted_many
from yueban.cases.batches import lapse_many as lapse_many
from yueban.cases.batches import lock_many as lock_many
from yueban.cases.bundle_intake import check_ready as check_ready
from yueban.cases.bundle_intake import child_application as child_application
from yueban.cases.bundle_intake import child_readiness as child_readiness
from yueban.cases.bundle_intake import facts_of_row as facts_of_row
from yueban.cases.bundle_papers import issue_bundle_receipt as issue_bundle_receipt
from yueban.cases.bundle_rules import settle as settle
from yueban.cases.bundles import begin_child as begin_child
from yueban.cases.bundles import bundle_reference as bundle_reference
from yueban.cases.bundles import check_bundle_revision as check_bundle_revision
from yueban.cases.bundles import child_of as child_of
from yueban.cases.bundles import children_of as children_of
from yueban.cases.bundles import create_bundle_case as create_bundle_case
from yueban.cases.bundles import drop_child as drop_child
from yueban.cases.bundles import explain_child as explain_child
from yueban.cases.bundles import hold_child as hold_child
from yueban.cases.bundles import keep_outcome as keep_outcome
from yueban.cases.bundles import lock_bundle as lock_bundle
from yueban.cases.bundles import lock_bundle_application as lock_bundle_application
from yueban.cases.bundles import lock_bundle_case as lock_bundle_case
from yueban.cases.bundles import lock_bundle_draft as lock_bundle_draft
from yueban.cases.bundles import mark_received as mark_received
from yueban.cases.bundles import release_children as release_children
from yueban.cases.bundles import settle_state as settle_state
from yueban.cases.bundles import start_bundle_application as start_bundle_application
from yueban.cases.bundles import tell_chain as tell_chain
from yueban.cases.bundles import touch_bundle as touch_bundle
from yueban.cases.choices import ApplicationState, CaseEvent, MaterialState
from yueban.cases.document_texts import (
    issue_acceptance as issue_acceptance,
)
from yueban.cases.document_texts import (
    issue_decision as issue_decision,
)
from yueban.cases.document_texts import (
    issue_delivery_receipt as issue_delivery_receipt,
)
from yueban.cases.document_texts import (
    issue_non_acceptance as issue_non_acceptance,
)
from yueban.cases.document_texts import (
    issue_receipt as issue_receipt,
)
from yueban.cases.document_texts import (
    issue_supplement_notice as issue_supplement_notice,
)
from yueban.cases.document_texts import issue_termination as issue_termination
from yueban.cases.errors import (
    ApplicationInvalid,
    ApplicationStale,
    CaseMoveNotPossible,
    CaseNotFound,
    CaseStale,
)
from yueban.cases.exports import ask_export as ask_export
from yueban.cases.exports import begin_export as begin_export
from yueban.cases.exports import delete_export as delete_export
from yueban.cases.exports import fail_export as fail_export
from yueban.cases.exports import finish_export as finish_export
from yueban.cases.exports import note_written as note_written
from yueban.cases.intake import AnyApplication, AnyFile
from yueban.cases.intake import (
    case_materials as case_materials,
)
from yueban.cases.intake import (
    check_uploadable as check_uploadable,
)
from yueban.cases.intake import (
    new_case as new_case,
)
from yueban.cases.intake import (
    record_satisfied as record_satisfied,
)
from yueban.cases.limits import LegalLimit, find_limit
from yueban.cases.locking import lock_any_case as lock_any_case
from yueban.cases.locking import lock_case as lock_case
from yueban.cases.models import (
    Application,
    Case,
    CaseMaterial,
    Command,
    MaterialFile,
    ProgressAttempt,
    Supplement,
)
from yueban.cases.numbering import is_of_bundle, new_application_number, new_case_number
from yueban.cases.owing import owe as owe
from yueban.cases.owing import supplied as supplied
from yueban.cases.places import move_running_cases as move_running_cases
from yueban.cases.redoing import fill_again as fill_again
from yueban.cases.redoing import find_child as find_child
from yueban.cases.redoing import redo_child as redo_child
from yueban.cases.relays import record_relay as record_relay
from yueban.cases.relays import record_relay_status as record_relay_status
from yueban.cases.routes import forget_check as forget_check
from yueban.cases.routes import notice_lines as notice_lines
from yueban.cases.routes import (
    record_check as record_check,
)
from yueban.cases.routes import (
    task_plans as task_plans,
)
from yueban.cases.routes import task_plans_many as task_plans_many
from yueban.cases.selectors import applications_visible_to
from yueban.cases.special import allow_supplement as allow_supplement
from yueban.cases.special import announce_hearing as announce_hearing
from yueban.cases.special import approve_extension as approve_extension
from yueban.cases.special import ask_extension as ask_extension
from yueban.cases.special import ask_hearing as ask_hearing
from yueban.cases.special import begin_procedure as begin_procedure
from yueban.cases.special import end_procedure as end_procedure
from yueban.cases.special import record_revocation as record_revocation
from yueban.cases.special import refuse_extension as refuse_extension
from yueban.cases.special import stop_procedures as stop_procedures
from yueban.cases.special import tell_hearing as tell_hearing
from yueban.cases.special import use_allowance as use_allowance
from yueban.cases.special import waive_hearings as waive_hearings
from yueban.cases.transitions import reference_of, transition_many
from yueban.cases.turn_papers import issue_collection_slip as issue_collection_slip
from yueban.cases.turn_papers import issue_extension as issue_extension
from yueban.cases.turn_papers import issue_hearing_day as issue_hearing_day
from yueban.cases.turn_papers import issue_hearing_right as issue_hearing_right
from yueban.cases.turn_papers import issue_payment_notice as issue_payment_notice
from yueban.cases.turn_papers import issue_return as issue_return
from yueban.cases.turn_papers import issue_revocation as issue_revocation
from yueban.cases.turn_papers import issue_special_notice as issue_special_notice
from yueban.cases.turn_papers import issue_tolerance as issue_tolerance
from yueban.cases.turn_papers import issue_withdrawal as issue_withdrawal
from yueban.cases.unproved import checked_by as checked_by
from yueban.cases.unproved import fall as fall_from_check
from yueban.cases.unproved import no_longer_hangs_on as no_longer_hangs_on
from yueban.cases.unproved import proved_otherwise as proved_otherwise
from yueban.cases.writing import write
from yueban.clocks import selectors as clocks_read
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed

__all__ = ["fall_from_check", "reference_of", "transition_many"]


LONGEST_FORM = 400_000  # characters of JSON; a hundred drivers take about a tenth of it


def check_revision(*, case: Case, revision: int | None) -> None:
    """Refuse an act decided on a page that is older than the case."""
    if revision is not None and revision != case.revision:
        raise CaseStale(
            f"您打开页面之后，这件办件已变为“{case.get_state_display()}”。",
            hint="请刷新页面，看过最新进度再办。",
            data={"state": case.state, "revision": case.revision},
        )


def is_done(*, key: str, name: str, actor: Actor, number: str) -> bool:
    """Whether this very command was carried out before; raises where its key served for another case."""
    row = Command.objects.filter(key=_key(key, name, actor)).first() if key else None
    if row is None:
        return False
    if row.reference_number != number:
        raise CaseMoveNotPossible(
            "这个页面上的按钮已经用在另一件办件上。",
            hint="请刷新页面，再办这一件。",
        )
    return True


def remember_done(*, key: str, name: str, actor: Actor, number: str) -> None:
    """Keep that this command was carried out; called in the same transaction as its effect."""
    if key:
        Command.objects.create(
            key=_key(key, name, actor),
            user_id_of_actor=actor.user_id,
            name=name,
            reference_number=number,
            done_at=clock.now(),
        )


def _key(key: str, name: str, actor: Actor) -> str:
    return f"{actor.user_id}:{name}:{key}"[:80]


def start_application(
    *,
    actor: Actor,
    party_id: int,
    item_version_id: int,
    answers: dict[str, object],
    assistance: Assistance | None = None,
) -> Application:
    """Begin a draft, or go on with the one that this person already has for this party and item.

    Staff who fill it in for somebody say where they do and on which mandate (`assistance`).
    """
    if actor.user_id is None:
        raise NotAllowed("请先登录再申请。", hint="登录后，已答的问题不用重答。")
    now = clock.now()
    application, created = Application.objects.get_or_create(
        user_id=actor.user_id,
        party_id=party_id,
        item_version_id=item_version_id,
        assisted_by_id=actor.user_id if assistance else None,
        state=ApplicationState.DRAFT,
        defaults={
            **columns_of(assistance),
            "number": new_application_number(),
            "answers": answers,
            "channel": actor.channel,
            "started_at": now,
            "saved_at": now,
        },
    )
    if not created and application.answers != answers:
        application.answers = answers
        application.saved_at = now
        application.revision += 1
        application.save(update_fields=["answers", "saved_at", "revision"])
    return application


def lock_application(*, number: str, actor: Actor) -> Application:
    """The application, locked for this transaction, when it is the actor's."""
    visible = applications_visible_to(actor).filter(number=number).values("pk")
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("party", "item_version__item", "assist_agency__division")
        .defer("item_version__definition", "item_version__compiled_json")
        .filter(pk__in=visible)
        .first()
    )
    if application is None:
        raise CaseNotFound("没有找到这份申请。", hint="请从“我的办件”进入；只有本人能看到自己的申请。")
    return application


def lock_draft(*, number: str, actor: Actor) -> Application:
    """The same, as long as it has not been submitted."""
    application = lock_application(number=number, actor=actor)
    if application.state != ApplicationState.DRAFT:
        raise ApplicationStale(
            "这份申请已经提交，不能再改。", hint="如需补充，请在办件页面等待补正通知或撤回后重新申请。"
        )
    return application


def lock_any_draft(*, number: str, actor: Actor) -> AnyApplication:
    """A draft of an item or of a 一件事, by its number."""
    if is_of_bundle(number):
        return lock_bundle_draft(number=number, actor=actor)
    return lock_draft(number=number, actor=actor)


def save_form(*, application: AnyApplication, form: dict[str, object], revision: int | None) -> None:
    """Save what was typed, valid or not: nothing a person typed is lost."""
    if revision is not None and revision != application.revision:
        raise ApplicationStale(
            "这份申请已在另一个窗口里改过。",
            hint="请刷新页面，以免两边互相覆盖。",
            data={"revision": application.revision},
        )
    if len(json.dumps(form)) > LONGEST_FORM:
        raise ApplicationInvalid(
            "填写的内容太多，这次没有保存。", hint="请删去多余的内容；更早保存的都还在。"
        )
    application.form = form
    application.revision += 1
    application.saved_at = clock.now()
    application.save(update_fields=["form", "revision", "saved_at"])


def add_application_file(
    *, application: AnyApplication, material_key: str, file: StoredFile, reused_from: str = ""
) -> AnyFile:
    """Put a file to one material; the same bytes put twice stay one row."""
    row, _ = application.files.get_or_create(
        material_key=material_key,
        file=file,
        removed_at=None,
        defaults={"added_at": clock.now(), "reused_from": reused_from},
    )
    return row


def remove_application_file(*, application: AnyApplication, file_number: str) -> int:
    """Take a file out of the draft again."""
    rows = application.files.filter(file__number=file_number, removed_at=None)
    return rows.update(removed_at=clock.now())


def discard_application(*, application: AnyApplication) -> None:
    """Give up a draft; the row stays for the record, the person no longer sees it."""
    application.state = ApplicationState.DISCARDED
    application.saved_at = clock.now()
    application.save(update_fields=["state", "saved_at"])


def create_case(*, application: Application, case: Case, materials: Iterable[CaseMaterial]) -> Case:
    """Turn a checked application into its case with its materials."""
    case.number = new_case_number(case.division_code)
    case.application = application
    case.applied_at = case.state_since = clock.now()
    case.save()
    rows = list(materials)
    for row in rows:
        row.case = case
    CaseMaterial.objects.bulk_create(rows)
    _copy_files(application, rows)
    application.state = ApplicationState.SUBMITTED
    application.submitted_at = application.saved_at = clock.now()
    application.save(update_fields=["state", "submitted_at", "saved_at"])
    _start_waiting(case)
    return case


def _start_waiting(case: Case) -> None:
    """The window's own time to take it in, and beside it the law's five days: both from when it came in."""
    news = []
    for kind in (ClockKind.RECEIVE, ClockKind.NOTICE):
        limit = find_limit(case, kind)
        assert limit is not None  # every clock set has both
        news.append(
            clocks.NewClock(
                reference=reference_of(case),
                kind=kind,
                limit=limit.limit,
                basis=limit.basis,
                division=case.division_code,
            )
        )
    clocks.start_clocks(clocks.made_clocks(news))


def _copy_files(application: Application, rows: list[CaseMaterial]) -> None:
    by_key = {row.key: row for row in rows}
    files = application.files.filter(removed_at=None, material_key__in=by_key)
    MaterialFile.objects.bulk_create(
        [MaterialFile(material=by_key[f.material_key], file_id=f.file_id, added_at=f.added_at) for f in files]
    )


def replace_material_file(*, material: CaseMaterial, file: StoredFile) -> MaterialFile:
    """Hand in a new file for a material; earlier ones stay readable but are no longer current."""
    current = material.files.filter(file=file, is_current=True).first()
    if current is not None:
        return current
    material.files.filter(is_current=True).update(is_current=False)
    return MaterialFile.objects.create(material=material, file=file, added_at=clock.now())


def ask_materials(*, case: Case, items: list[dict[str, str]], due_on: date) -> Supplement:
    """Record the notice of all that is missing and mark the materials asked for."""
    supplement = Supplement.objects.create(case=case, items=items, due_on=due_on, asked_at=clock.now())
    notes = {item["material"]: item["what"] for item in items}
    asked = list(case.materials.filter(key__in=notes))
    for material in asked:
        material.state = MaterialState.ASKED
        material.note = notes[material.key]
    CaseMaterial.objects.bulk_update(asked, ["state", "note"])
    case.supplements_asked += 1
    case.save(update_fields=["supplements_asked"])
    use_allowance(case=case)
    return supplement


def answer_supplement(*, case: Case) -> None:
    """The applicant has answered the open notice; the asked materials are to be looked at again."""
    case.supplements.filter(answered_at=None).update(answered_at=clock.now())
    case.materials.filter(state=MaterialState.ASKED).update(state=MaterialState.PROVIDED)


def move(*, case: Case, event: CaseEvent, actor: Actor, **data: object) -> Case:
    """A click: one case, one event."""
    transition_many([case], event, actor=actor, data=data)
    return case


def move_within(
    *, case: Case, event: CaseEvent, actor: Actor, limits: Mapping[ClockKind, LegalLimit], **data: object
) -> Case:
    """The same, where the move itself says how long something may take."""
    transition_many([case], event, actor=actor, data=data, limits=limits)
    return case


def set_promised_on(*, case: Case) -> None:
    """Keep the promised day on the case, so that lists show it without asking the clocks."""
    live = clocks_read.live_clocks_of("case", [case.number]).get(case.number, [])
    case.promised_on = next((row.due_on for row in live if row.kind == ClockKind.PROMISE), None)
    case.save(update_fields=["promised_on"])


def keep_promised_days(rows: Iterable[Clock]) -> int:
    """Promised days follow their clocks that were counted anew."""
    due = {
        row.reference_number: row.due_on
        for row in rows
        if row.kind == ClockKind.PROMISE and row.reference_kind == "case"
    }
    found = list(Case.objects.select_for_update().filter(number__in=due).order_by("pk"))
    for case in found:
        case.promised_on = due[case.number]
    if found:
        write(found)
    return len(found)


def keep_facts(*, case: Case, facts: Mapping[str, object]) -> None:
    """Facts that the decision itself makes, beside those of the form."""
    case.facts = {**case.facts, **facts}
    case.save(update_fields=["facts"])


def touch(*, case: Case) -> None:
    """What its pages say has changed: a page that was read before is stale."""
    case.revision += 1
    case.save(update_fields=["revision"])


def record_task_done(*, case: Case, task: Task, actor: Actor) -> None:
    """Append a finished review or check to the case's chain."""
    data = {"task": task.key, "name": task.name, "agency": task.agency.name, "outcome": task.outcome}
    if task.done_for is not None:
        data["for"] = task.done_for.name
    audit.record(reference_of(case), "task_done", actor=actor, data={**data, "opinion": task.opinion})
    case.revision += 1
    case.save(update_fields=["revision"])


def lock_progress(*, number: str) -> None:
    """Let look-ups of one number wait for each other until the transaction ends, so that none escapes the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"progress {number}"])


def record_progress_failure(*, number: str) -> None:
    """Count one failed look-up of this number, and forget those that no longer count."""
    now = clock.now()
    ProgressAttempt.objects.filter(number=number, at__lt=now - timedelta(hours=1)).delete()
    ProgressAttempt.objects.create(number=number, at=now)


def record_objection(*, by: str) -> None:
    """Count one objection of whoever this keyed digest stands for."""
    record_progress_failure(number=f"objects:{by}")


def record_find(*, user_id: int | None) -> None:
    """Count one search for a person at a desk."""
    record_progress_failure(number=f"finds:{user_id}")
