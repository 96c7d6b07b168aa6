"""政策起草、审查、签发: an editor drafts offers from a policy's text, two other departments examine them, one signs.

公平竞争审查 is done at the market regulator of the policy's place, 合法性审核 at its justice bureau, by reviewers; the
signature is that of a decider of the agency that keeps the policy. Nobody examines or signs what he wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.flows import keep_knowledge
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, NotAllowed
from yueban.kernel.reference import Reference
from yueban.matching import services as matching
from yueban.policies import services as policies
from yueban.policies.choices import GateKind, GateOutcome, OfferState
from yueban.policies.drafts import draft_text, rules_reader
from yueban.policies.errors import OfferNotFound
from yueban.policies.models import Gate, OfferVersion, Policy, PolicyVersion
from yueban.policies.reading.lexicon import Lexicon, read_lexicon
from yueban.policies.selectors import offer_version, policy_by_key, versions_of
from yueban.policies.services import PolicyStandard, offer_of
from yueban.policies.standard import OfferStandard

HELD_AT = {GateKind.FAIR_COMPETITION: "market-regulation", GateKind.LEGALITY: "justice"}
GATE_DAYS = 5
# 负面清单: what a policy may not do (公平竞争审查条例); each is answered.
NEGATIVE_LIST = (
    ("registration", "没有把企业注册地、纳税地、迁入作为享受条件"),
    ("ownership", "没有因所有制、经营者所在地给予不合理的差别待遇"),
    ("tax", "没有按缴纳的税收、非税收入给予返还或变相返还"),
    ("procurement", "没有指定或变相指定购买某家经营者的商品、服务"),
    ("entry", "没有违法设置市场准入和退出条件"),
    ("exclusive", "没有给予特定经营者没有依据的排他性奖补"),
)
KEPT_BY = "economy-it"


def may_write(actor: Actor, policy: Policy) -> bool:
    """Whether he drafts for the agency that keeps this policy."""
    return policy.agency is not None and actor.has_role(roles.EDITOR, policy.agency.code)


def may_sign(actor: Actor, policy: Policy) -> bool:
    """Whether he decides at the agency that keeps this policy."""
    return policy.agency is not None and actor.has_role(roles.DECIDER, policy.agency.code)


def newest_of(offer_key: str) -> OfferVersion:
    """The newest version of an offer, signed or not; raises OfferNotFound."""
    rows = versions_of(offer_key)
    if not rows:
        raise OfferNotFound("没有这个惠企事项。", hint="请从政策列表中重新选择。")
    return rows[0]


def may_read(actor: Actor) -> bool:
    """Policy staff: editors, deciders, reviewers and supervisors see every policy and draft."""
    return any(actor.has_role(one) for one in (roles.EDITOR, roles.DECIDER, roles.REVIEWER, roles.SUPERVISOR))


def keeps_policies(actor: Actor) -> bool:
    """Whether policies are his daily work: the editors and deciders of departments that keep any; asks no database."""
    return any(
        actor.has_role(role, agency)
        for role in (roles.EDITOR, roles.DECIDER)
        for agency in actor.agencies_with(role)
        if agency.endswith(f"-{KEPT_BY}")
    )


def _check_writer(actor: Actor, policy: Policy) -> None:
    if not may_write(actor, policy):
        raise NotAllowed("这个政策由别的部门整理。", hint="请用整理它的部门的编辑账号登录。")


def open_version(actor: Actor, version_id: int) -> OfferVersion:
    """A version for policy staff; raises OfferNotFound."""
    if not may_read(actor):
        raise OfferNotFound("没有这个惠企事项的版本。", hint="请从列表中重新选择。")
    return offer_version(version_id)


@transaction.atomic
def import_policy(
    actor: Actor, standard: PolicyStandard, text: str, *, agency: str, is_machine_read: bool
) -> PolicyVersion:
    """Take a policy's text in, at an agency where he drafts."""
    if not actor.has_role(roles.EDITOR, agency):
        raise NotAllowed("只有本部门的编辑可以导入政策。", hint="请用本部门编辑的账号登录。")
    keep_knowledge.ask_to_keep()
    return policies.import_policy(
        standard=standard,
        text=text,
        agency_id=agencies.get_agency(agency).pk,
        is_machine_read=is_machine_read,
        actor=actor,
    )


@transaction.atomic
def draft_clause(actor: Actor, version: PolicyVersion, place: int) -> list[OfferVersion]:
    """Drafts of the offers of one clause, by the deterministic reader; ``place`` is where the clause begins."""
    _check_writer(actor, version.policy)
    found = lexicon()
    drafts = [one for one in draft_text(version.text, rules_reader(found)) if one.start == place]
    if not drafts:
        raise Conflict("原文里没有从这里开始的条款。", hint="请刷新页面再选。")
    kinds = agencies.kinds_by_name()
    made = []
    for draft in drafts:
        one = offer_of(draft, policy=version.policy.key, lexicon=found, kinds=kinds)
        made.append(
            policies.begin_offer(
                policy_version=version,
                key=f"{version.policy.key}"[:50],
                definition=one.definition,
                spans=one.spans,
                reading=one.reading,
                actor=actor,
            )
        )
    return made


@transaction.atomic
def begin_version(actor: Actor, offer_key: str) -> OfferVersion:
    """Draft the next version of an offer."""
    _check_writer(actor, newest_of(offer_key).offer.policy)
    return policies.begin_version(offer_key=offer_key, actor=actor)


@transaction.atomic
def write_offer(actor: Actor, version_id: int, definition: Mapping[str, Any], revision: int) -> OfferVersion:
    """Save a draft as it was typed; raises OfferStale."""
    _check_writer(actor, offer_version(version_id).offer.policy)
    return policies.write_offer(version_id=version_id, definition=definition, revision=revision, actor=actor)


@transaction.atomic
def submit_offer(actor: Actor, version_id: int, revision: int) -> OfferVersion:
    """送审: two gates as tasks of two other departments."""
    before = offer_version(version_id)
    _check_writer(actor, before.offer.policy)
    version = policies.submit_offer(version_id=version_id, revision=revision, actor=actor)
    if before.state == OfferState.DRAFT:
        with walls.platform():  # tasks of two other departments
            approvals.plan_tasks(subject=_subject(version), plans=_gate_plans(version), open_stage=0)
    return version


def reference_of(version: OfferVersion) -> Reference:
    """What the tasks of a version hang on."""
    return Reference("offer-version", str(version.pk))


def _subject(version: OfferVersion) -> approvals.Subject:
    policy = version.offer.policy
    return approvals.Subject(
        reference=reference_of(version),
        title=f"{version.name}（第{version.number}版）"[:200],
        applicant_name=policy.agency.short_name if policy.agency else policy.title[:100],
        division_code=policy.division_code,
    )


def _gate_plans(version: OfferVersion) -> list[approvals.TaskPlan]:
    return [
        approvals.TaskPlan(
            key=kind.value,
            kind=TaskKind.REVIEW,
            name=kind.label,
            agency_id=_office(version.offer.policy, HELD_AT[kind]).pk,
            role=roles.REVIEWER,
            days=GATE_DAYS,
        )
        for kind in GateKind
    ]


def _office(policy: Policy, kind: str) -> Agency:
    """The agency of this kind nearest to the policy: of its division, or of one above."""
    found = agencies.find_agency_of_kind(kind, policy.division_code)
    if found is None:
        raise Conflict("找不到承担审查的部门。", hint="请先在机构表中登记这类部门。")
    return found


@transaction.atomic
def answer_gate(
    actor: Actor,
    version_id: int,
    kind: str,
    *,
    outcome: str,
    answers: Sequence[Mapping[str, Any]],
    opinion: str,
) -> Gate:
    """Examine; the task of the gate is finished with it, and a refusal ends the other one too."""
    version = offer_version(version_id)
    about = reference_of(version)
    mine = approvals_read.inbox(actor).filter(reference_kind=about.kind, reference_number=about.number)
    task = mine.filter(key=kind).first()
    if task is None:
        raise NotAllowed("这一关由别的部门审查。", hint="请由承担审查的部门办理。")
    gate = policies.answer_gate(
        version_id=version_id, kind=kind, outcome=outcome, answers=answers, opinion=opinion, actor=actor
    )
    said = TaskOutcome.CONFORMS if outcome == GateOutcome.PASSED else TaskOutcome.DEVIATES
    approvals.finish_task(task=task, actor=actor, outcome=said, opinion=opinion)
    if outcome == GateOutcome.REFUSED:
        with walls.platform():  # the other gate's task is another department's
            approvals.cancel_open(reference=reference_of(version))
    return gate


@transaction.atomic
def return_offer(actor: Actor, version_id: int, words: str) -> OfferVersion:
    """退回修改 by whoever would sign."""
    version = offer_version(version_id)
    if not may_sign(actor, version.offer.policy):
        raise NotAllowed("由签发人退回。", hint="请由本部门的决定人办理。")
    returned = policies.return_offer(version_id=version_id, words=words, actor=actor)
    with walls.platform():
        approvals.cancel_open(reference=reference_of(version))
    return returned


@transaction.atomic
def sign_offer(actor: Actor, version_id: int, revision: int, backtest: Mapping[str, Any]) -> OfferVersion:
    """签发, with the back-test that stood on the page."""
    version = offer_version(version_id)
    if not may_sign(actor, version.offer.policy):
        raise NotAllowed("政策由整理部门的决定人签发。", hint="请用决定人的账号登录。")
    is_first = version.state != OfferState.SIGNED
    signed = policies.sign_offer(version_id=version_id, revision=revision, backtest=backtest, actor=actor)
    if is_first:
        matching.offer_signed(signed)
    keep_knowledge.ask_to_keep()
    return signed


@transaction.atomic
def withdraw_offer(actor: Actor, version_id: int, words: str) -> OfferVersion:
    """停止 by whoever may sign."""
    version = offer_version(version_id)
    if not may_sign(actor, version.offer.policy):
        raise NotAllowed("由签发部门的决定人停止。", hint="请用决定人的账号登录。")
    keep_knowledge.ask_to_keep()
    return policies.withdraw_offer(version_id=version_id, words=words, actor=actor)


def conflicts_of(version: OfferVersion, standard: OfferStandard, on: date) -> list[str]:
    """What speaks against signing, in sentences."""
    return policies.conflicts_of(version, standard, on)


def policy_for(actor: Actor, key: str) -> Policy:
    """A policy for policy staff."""
    if not may_read(actor):
        raise NotAllowed("政策由政策工作人员管理。", hint="请用编辑、审查或决定岗位的账号登录。")
    return policy_by_key(key)


def lexicon() -> Lexicon:
    """The words of this city's policies, read again when the file has changed."""
    path = settings.CITY_DIR / "policies" / "lexicon.yaml"
    return _lexicon(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _lexicon(path: Path, _changed: int) -> Lexicon:
    return read_lexicon(path)
