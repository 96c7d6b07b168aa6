"""From a draft to an offer in force: written, submitted, examined by two others, signed by a person who wrote nothing.

Every write is guarded by the revision that was read; a signed version never changes.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from yueban.audit import services as audit
from yueban.elements import selectors as elements
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.canonical import canonical
from yueban.kernel.errors import Conflict, Invalid
from yueban.kernel.model_faults import fault_path, fault_sentence
from yueban.kernel.reference import Reference
from yueban.policies.choices import UNSIGNED, GateKind, GateOutcome, OfferState, PolicyState
from yueban.policies.documents import PolicyStandard
from yueban.policies.errors import (
    GateOpen,
    OfferDraftExists,
    OfferNotDraft,
    OfferNotFound,
    OfferNotReviewing,
    OfferStale,
    OtherPersonNeeded,
)
from yueban.policies.faults import Fault, unsound
from yueban.policies.models import Gate, Offer, OfferVersion, Policy, PolicyVersion
from yueban.policies.soundness import faults_of
from yueban.policies.standard import OfferStandard
from yueban.policies.standards import hash_of
from yueban.policies.storing import event_of, put_in_force, sha_of


@transaction.atomic
def import_policy(
    *, standard: PolicyStandard, text: str, agency_id: int, is_machine_read: bool, actor: Actor
) -> PolicyVersion:
    """A policy with its text, or the next version of one there is; the same text again is the same version."""
    policy, _ = Policy.objects.select_for_update().get_or_create(
        key=standard.key,
        defaults={
            "title": standard.title,
            "document_number": standard.document_number or "",
            "level": standard.level,
            "division_code": standard.division,
            "issuers": list(standard.issuers),
            "agency_id": agency_id,
        },
    )
    if policy.agency_id != agency_id:
        raise Conflict("这个政策由别的部门整理。", hint="请换一个网址名称，或联系那个部门。")
    last = policy.versions.order_by("-number").first()
    if last is not None and last.text_sha == sha_of(text):
        return last
    policy.versions.filter(state=PolicyState.PUBLISHED).update(state=PolicyState.SUPERSEDED)
    version = PolicyVersion.objects.create(
        policy=policy,
        number=(last.number if last else 0) + 1,
        text=text,
        text_sha=sha_of(text),
        definition=standard.model_dump(mode="json", exclude_defaults=True),
        written_on=standard.written_on,
        published_on=standard.published_on,
        effective_on=standard.effective_on,
        expires_on=standard.expires_on,
        is_machine_read=is_machine_read,
        author_id=actor.user_id,
        created_at=clock.now(),
    )
    data = {"number": version.number, "sha": version.text_sha}
    audit.record_many([audit.NewEvent(Reference("policy", policy.key), "imported", data)], actor=actor)
    return version


@transaction.atomic
def begin_offer(
    *,
    policy_version: PolicyVersion,
    key: str,
    definition: Mapping[str, Any],
    spans: Sequence[Mapping[str, Any]],
    reading: Mapping[str, Any],
    actor: Actor,
) -> OfferVersion:
    """A draft of an offer that there is not yet; ``key`` gets a number where it is taken."""
    taken = set(Offer.objects.filter(key__startswith=key).values_list("key", flat=True))
    free = next(one for one in (key, *(f"{key}-{n}" for n in range(2, 1000))) if one not in taken)
    offer = Offer.objects.create(key=free, policy=policy_version.policy)
    return _create(offer, policy_version, {**definition, "key": free}, spans, reading, actor)


@transaction.atomic
def begin_version(*, offer_key: str, actor: Actor) -> OfferVersion:
    """A draft of the next version of an offer, from its newest one; raises OfferDraftExists."""
    offer = Offer.objects.select_for_update().filter(key=offer_key).first()
    last = OfferVersion.objects.filter(offer=offer).order_by("-number").first() if offer else None
    if offer is None or last is None:
        raise OfferNotFound("没有这个惠企事项。", hint="请从政策列表中重新选择。")
    if last.state in UNSIGNED:
        raise OfferDraftExists("这个事项已有一个没签发的版本。", hint="请接着改那一个。")
    newest = offer.policy.versions.order_by("-number").first() or last.policy_version
    spans = last.spans if newest.pk == last.policy_version_id else []
    return _create(offer, newest, last.definition, spans, {}, actor, number=last.number + 1)


def _create(  # noqa: PLR0917 - what a draft is made of
    offer: Offer,
    policy_version: PolicyVersion,
    definition: Mapping[str, Any],
    spans: Sequence[Mapping[str, Any]],
    reading: Mapping[str, Any],
    actor: Actor,
    number: int = 1,
) -> OfferVersion:
    version = OfferVersion(
        offer=offer,
        policy_version=policy_version,
        number=number,
        spans=list(spans),
        reading=dict(reading),
        author_id=actor.user_id,
    )
    _fill(version, definition, actor)
    version.save()
    audit.record_many([event_of("drafted", version)], actor=actor)
    return version


def _fill(version: OfferVersion, definition: Mapping[str, Any], actor: Actor) -> None:
    """What was typed, sound or not."""
    version.definition = dict(definition)
    version.name = str(definition.get("name") or "（未命名）")[:500]
    version.redemption = str(definition.get("redemption") or "fast")
    version.department_kind = str(definition.get("department_kind") or "")[:60]
    version.clause = str(definition.get("clause") or "")[:500]
    version.content_hash = hash_of(version.definition, version.spans)
    version.saved_at = clock.now()
    if actor.user_id is not None and actor.user_id not in version.writers:
        version.writers = [*version.writers, actor.user_id]


def lock_version(version_id: int) -> OfferVersion:
    """The version, locked; raises OfferNotFound."""
    rows = OfferVersion.objects.select_for_update(of=("self",)).select_related(
        "offer__policy__agency", "policy_version__policy"
    )
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise OfferNotFound("没有这个惠企事项的版本。", hint="请从列表中重新选择。")
    return found


@transaction.atomic
def write_offer(
    *, version_id: int, definition: Mapping[str, Any], revision: int, actor: Actor
) -> OfferVersion:
    """Save a draft as it was typed; raises OfferStale, OfferNotDraft. The same words again change nothing."""
    version = lock_version(version_id)
    _check_draft(version)
    if canonical(version.definition) == canonical(dict(definition)):
        return version
    _check_revision(version, revision)
    _fill(version, {**definition, "key": version.offer.key, "policy": version.offer.policy.key}, actor)
    version.revision += 1
    version.save()
    return version


@transaction.atomic
def submit_offer(*, version_id: int, revision: int, actor: Actor) -> OfferVersion:
    """送审: from now on its words stand still and two gates are open; raises OfferUnsound with every fault."""
    version = lock_version(version_id)
    if version.state == OfferState.REVIEWING:
        return version
    _check_draft(version)
    _check_revision(version, revision)
    faults = draft_faults(version)
    if faults:
        raise unsound(faults)
    version.state, version.submitted_at, version.submitted_by_id = (
        OfferState.REVIEWING,
        clock.now(),
        actor.user_id,
    )
    version.words, version.backtest = "", None
    version.revision += 1
    version.save()
    version.gates.all().delete()
    Gate.objects.bulk_create(
        Gate(offer_version=version, kind=kind, content_hash=version.content_hash) for kind in GateKind.values
    )
    audit.record_many([event_of("submitted", version)], actor=actor)
    return version


def draft_faults(version: OfferVersion) -> list[Fault]:
    """Why a draft cannot be submitted: its fields, its rules, words nobody has read."""
    try:
        standard = OfferStandard.model_validate_json(canonical(version.definition))
    except ValidationError as error:
        return [_fault(detail, version.definition) for detail in error.errors()]
    faults = list(faults_of(standard, elements.vocabulary()))
    if not standard.benefits:
        faults.append(Fault(("benefits",), "还没有支持内容。", "请写明给什么、给多少。"))
    return faults


def _fault(detail: Any, content: Any) -> Fault:
    message, hint = fault_sentence(detail, OfferStandard)
    return Fault(fault_path(detail["loc"], content), message, hint)


@transaction.atomic
def return_offer(*, version_id: int, words: str, actor: Actor) -> OfferVersion:
    """退回修改, with what has to be mended."""
    version = lock_version(version_id)
    _check_reviewing(version)
    if not words.strip():
        raise Invalid.of_fields({"words": "请写明要改什么。"})
    version.state, version.words = OfferState.DRAFT, words.strip()[:2000]
    version.revision += 1
    version.save()
    audit.record_many([event_of("returned", version)], actor=actor)
    return version


@transaction.atomic
def answer_gate(
    *,
    version_id: int,
    kind: str,
    outcome: str,
    answers: Sequence[Mapping[str, Any]],
    opinion: str,
    actor: Actor,
) -> Gate:
    """Examine a version as it was submitted; refused, it goes back. The same answer again is no second one."""
    version = lock_version(version_id)
    gate = Gate.objects.select_for_update().filter(offer_version=version, kind=kind).first()
    if gate is not None and gate.outcome == outcome and gate.done_by_id == actor.user_id:
        return gate
    _check_reviewing(version)
    _check_other(version, actor)
    if gate is None or gate.outcome:
        raise OfferNotReviewing("这一关已经审过了。", hint="请刷新页面查看结果。")
    if outcome == GateOutcome.REFUSED and not opinion.strip():
        raise Invalid.of_fields({"opinion": "不通过的，请写明理由和要改什么。"})
    gate.outcome, gate.opinion, gate.answers = outcome, opinion.strip()[:2000], list(answers)
    gate.done_by_id, gate.done_at = actor.user_id, clock.now()
    gate.save()
    if outcome == GateOutcome.REFUSED:
        version.state, version.words = (
            OfferState.DRAFT,
            f"{gate.get_kind_display()}不通过：{gate.opinion}"[:2000],
        )
        version.revision += 1
        version.save()
    audit.record_many([event_of(f"gate-{kind}-{outcome}", version)], actor=actor)
    return gate


@transaction.atomic
def sign_offer(*, version_id: int, revision: int, backtest: Mapping[str, Any], actor: Actor) -> OfferVersion:
    """签发 by a person who wrote nothing of it, after both gates and with the back-test he was shown."""
    version = lock_version(version_id)
    if version.state == OfferState.SIGNED and version.signed_by_id == actor.user_id:
        return version
    _check_reviewing(version)
    _check_revision(version, revision)
    _check_other(version, actor)
    passed = version.gates.filter(outcome=GateOutcome.PASSED, content_hash=version.content_hash).count()
    if passed < len(GateKind):
        raise GateOpen("公平竞争审查和合法性审核还没有都通过。", hint="请等两关都通过后再签发。")
    faults = draft_faults(version)
    if faults:
        raise unsound(faults)
    put_in_force(version)
    version.signed_by_id, version.signed_name, version.backtest = (
        actor.user_id,
        actor.name[:100],
        dict(backtest),
    )
    version.revision += 1
    version.save()
    audit.record_many([event_of("signed", version)], actor=actor)
    return version


@transaction.atomic
def withdraw_offer(*, version_id: int, words: str, actor: Actor) -> OfferVersion:
    """停止: a signed version ends yesterday, with the reason; claims already made go on."""
    version = lock_version(version_id)
    if version.state == OfferState.WITHDRAWN:
        return version
    if version.state != OfferState.SIGNED:
        raise OfferNotReviewing("只有已签发的版本可以停止。", hint="草稿请直接修改。")
    if not words.strip():
        raise Invalid.of_fields({"words": "请写明停止的理由。"})
    version.state, version.words = OfferState.WITHDRAWN, words.strip()[:2000]
    version.in_force_to = clock.today() - timedelta(days=1)
    version.revision += 1
    version.save()
    audit.record_many([event_of("withdrawn", version)], actor=actor)
    return version


def _check_draft(version: OfferVersion) -> None:
    if version.state != OfferState.DRAFT:
        raise OfferNotDraft(
            "这个版本已经送审或签发，不能再改。", hint="请刷新页面；要改的话请退回或另起新版本。"
        )


def _check_reviewing(version: OfferVersion) -> None:
    if version.state != OfferState.REVIEWING:
        raise OfferNotReviewing("这个版本不在审查中。", hint="请刷新页面查看最新状态。")


def _check_revision(version: OfferVersion, revision: int) -> None:
    if version.revision != revision:
        raise OfferStale(
            "您打开之后，别人改过这份草稿。",
            hint="请刷新页面，在最新的内容上再改。",
            data={"revision": version.revision},
        )


def _check_other(version: OfferVersion, actor: Actor) -> None:
    if actor.user_id is None or actor.user_id in version.writers:
        raise OtherPersonNeeded("起草的人不能审查或签发自己写的内容。", hint="请由没有参与起草的同事来办。")
