"""The acts on a Q&A: write, hand in, sign as another person, send back, withdraw, look at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from yueban.assistant.choices import AnswerState
from yueban.assistant.editing.facts import unsupported_facts
from yueban.assistant.editing.rights import answers_editable_by, answers_visible_to, may_edit_answer
from yueban.assistant.editing.sources import digests_of, sources_of
from yueban.assistant.editing.wording import Wording, check_key, check_wording
from yueban.assistant.errors import AnswerConflict, AnswerNotFound
from yueban.assistant.knowledge.placeholders import fill, without_placeholders
from yueban.assistant.knowledge.published_facts import resolver_for
from yueban.assistant.models import QuestionAnswer
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference

# An answer is looked at again after half a year, whether its sources changed or not.
REVIEW_AFTER: Final = timedelta(days=180)
OPEN: Final = frozenset({AnswerState.DRAFT, AnswerState.REVIEW, AnswerState.APPROVED, AnswerState.WITHDRAWN})


@transaction.atomic
def write_answer(*, key: str, wording: Wording, actor: Actor, origin: str = "desk") -> QuestionAnswer:
    """A new draft; the same key again by the same person changes nothing."""
    check_key(key)
    _check_right(actor, wording.owner, wording.division)
    check_wording(wording)
    found, is_new = QuestionAnswer.objects.get_or_create(
        key=key, defaults=_fields(wording, actor) | {"origin": origin, "state": AnswerState.DRAFT}
    )
    if is_new:
        _record(found, "answer_written", actor, {"origin": origin})
    elif found.author_id != actor.user_id:
        raise AnswerConflict(f"编号“{key}”已经用过。", hint="请换一个编号，或打开已有的问答修改。")
    return found


@transaction.atomic
def propose_answer(*, key: str, wording: Wording, origin: str, actor: Actor) -> QuestionAnswer:
    """What somebody has answered to a person, for an editor to sign; the caller knows that he may answer there.

    It waits for the editor at once, or is a draft where something is wanting: a source, or a figure in one.
    """
    check_key(key)
    check_wording(wording)
    fields = _fields(wording, actor) | {"origin": origin, "state": AnswerState.DRAFT}
    found, is_new = QuestionAnswer.objects.get_or_create(key=key, defaults=fields)
    if not is_new:
        return found
    try:
        check_grounds(found)
    except Invalid as error:
        found.words = "；".join(error.fields.values())[:500]
    else:
        found.state = AnswerState.WAITING
    found.save(update_fields=["state", "words"])
    _record(found, "answer_written", actor, {"origin": origin})
    return found


@transaction.atomic
def edit_answer(*, key: str, wording: Wording, revision: int | None, actor: Actor) -> QuestionAnswer:
    """Write over it; what was in use speaks no more until somebody else signs it anew."""
    found = _locked(actor, key, revision)
    _check_state(found, OPEN, "修改", "正在等复核的，请先退回。")
    _check_right(actor, wording.owner, wording.division)
    check_wording(wording)
    fields = _fields(wording, actor)
    if found.state == AnswerState.DRAFT and all(
        getattr(found, name) == fields[name] for name in fields if name != "written_at"
    ):
        return found
    fields |= {"state": AnswerState.DRAFT, "signed_by_id": None, "signed_name": "", "signed_at": None}
    return _keep(found, "answer_edited", actor, fields, {"was": found.state})


@transaction.atomic
def hand_in_answer(*, key: str, revision: int | None, actor: Actor) -> QuestionAnswer:
    """送复核: from now on another person looks at it."""
    found = _locked(actor, key, revision)
    _check_state(found, {AnswerState.DRAFT}, "送复核", "只有草稿可以送复核。")
    check_grounds(found)
    return _keep(found, "answer_handed_in", actor, {"state": AnswerState.WAITING, "words": ""})


@transaction.atomic
def sign_answer(*, key: str, revision: int | None, actor: Actor) -> QuestionAnswer:
    """复核通过, by another person than the author: from now on it answers people."""
    found = _locked(actor, key, revision)
    _check_state(found, {AnswerState.WAITING}, "复核", "可能刚刚有人办过。")
    if found.author_id == actor.user_id:
        raise NotAllowed("自己写的问答不能自己复核。", hint="请由同部门另一位编辑复核。")
    return _keep(found, "answer_signed", actor, _signature(found, actor))


@transaction.atomic
def confirm_answer(*, key: str, revision: int | None, actor: Actor) -> QuestionAnswer:
    """确认不变: its sources changed or its day has come, and it is still right."""
    found = _locked(actor, key, revision)
    _check_state(
        found, {AnswerState.REVIEW, AnswerState.APPROVED}, "确认", "只有在用的和依据已变的可以确认。"
    )
    if found.author_id == actor.user_id:
        raise NotAllowed("自己写的问答不能自己确认。", hint="请由同部门另一位编辑确认，或修改后送复核。")
    return _keep(found, "answer_confirmed", actor, _signature(found, actor))


@transaction.atomic
def send_back_answer(*, key: str, words: str, revision: int | None, actor: Actor) -> QuestionAnswer:
    """退回: with what has to be mended; the author may take his own back without words."""
    found = _locked(actor, key, revision)
    _check_state(found, {AnswerState.WAITING}, "退回", "可能刚刚有人办过。")
    if not words.strip() and found.author_id != actor.user_id:
        raise Invalid.of_fields({"words": "请写明要改什么。"})
    fields = {"state": AnswerState.DRAFT, "words": words.strip()[:500]}
    return _keep(found, "answer_sent_back", actor, fields, {"words": fields["words"]})


@transaction.atomic
def withdraw_answer(*, key: str, words: str, revision: int | None, actor: Actor) -> QuestionAnswer:
    """撤下: at once, by one person; it answers nobody any more."""
    found = _locked(actor, key, revision)
    _check_state(found, set(AnswerState) - {AnswerState.WITHDRAWN}, "撤下", "它已经撤下。")
    if not words.strip():
        raise Invalid.of_fields({"words": "请写明为什么撤下。"})
    fields = {"state": AnswerState.WITHDRAWN, "words": words.strip()[:500]}
    return _keep(found, "answer_withdrawn", actor, fields, {"words": fields["words"]})


def check_grounds(found: QuestionAnswer) -> dict[str, str]:
    """Every source stands in the knowledge in use, and every figure in a source; what they say is given back."""
    if not found.sources:
        raise Invalid.of_fields({"sources": "请至少写一条依据：没有依据的答案不能告诉群众。"})
    sources = sources_of(found.sources)
    if gone := [key for key, rows in sources.items() if not rows]:
        raise Invalid.of_fields({"sources": f"没有在用的依据“{'、'.join(gone)}”，请核对后改正。"})
    texts = [f"{one.title}。{one.text}" for rows in sources.values() for one in rows]
    if wrong := unsupported_facts(without_placeholders(found.answer), texts):
        sentence = f"“{'”、“'.join(wrong[:5])}”在依据里没有，请改正，或补上写有它的依据。"
        raise Invalid.of_fields({"answer": sentence})
    missing = fill(found.answer, resolver_for([found.answer], found.division_code)).missing
    if missing:
        told = "、".join(str(one) for one in missing)
        raise Invalid.of_fields({"answer": f"{told} 现在没有公布的内容，请核对事项。"})
    return digests_of(sources)


def _signature(found: QuestionAnswer, actor: Actor) -> dict[str, Any]:
    return {
        "source_digests": check_grounds(found),
        "state": AnswerState.APPROVED,
        "signed_by_id": actor.user_id,
        "signed_name": actor.name,
        "signed_at": clock.now(),
        "review_on": _next_review(found.review_on),
        "words": "",
    }


def _next_review(day: date | None) -> date:
    today = clock.today()
    return day if day is not None and day > today else today + REVIEW_AFTER


def _fields(wording: Wording, actor: Actor) -> dict[str, Any]:
    return {
        "question": wording.question,
        "variants": list(wording.variants),
        "answer": wording.answer,
        "sources": list(wording.sources),
        "audience": wording.audience,
        "division_code": wording.division,
        "owner": wording.owner,
        "review_on": wording.review_on,
        "author_id": actor.user_id,
        "author_name": actor.name,
        "written_at": clock.now(),
    }


def _locked(actor: Actor, key: str, revision: int | None) -> QuestionAnswer:
    """The row, locked; not there for who may not see it, refused to who may not change it or looks at an old page."""
    if not answers_visible_to(actor).filter(key=key).exists():
        raise AnswerNotFound("没有这条问答。", hint="它可能由别的部门维护；请从问答列表中重新选择。")
    if not answers_editable_by(actor).filter(key=key).exists():
        raise NotAllowed("这条问答由负责它的部门的编辑维护。", hint="请用该部门事项编辑的账号登录。")
    found = QuestionAnswer.objects.select_for_update(of=("self",)).get(key=key)
    if revision != found.revision:
        raise AnswerConflict(
            f"这条问答刚刚被改过，现在是“{found.get_state_display()}”。",
            hint="请刷新页面，看清最新内容后再操作。",
            data={"revision": found.revision},
        )
    return found


def _check_state(found: QuestionAnswer, allowed: Any, act: str, hint: str) -> None:
    if found.state not in allowed:
        raise AnswerConflict(f"这条问答现在是“{found.get_state_display()}”，不能{act}。", hint=hint)


def _check_right(actor: Actor, owner: str, division: str) -> None:
    if owner and not may_edit_answer(actor, owner, division):
        raise NotAllowed(
            "您不能为这个部门或区划写问答。", hint="请选择自己的部门和区划，或请该部门的编辑写。"
        )


def _keep(
    found: QuestionAnswer,
    kind: str,
    actor: Actor,
    fields: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
) -> QuestionAnswer:
    for name, value in fields.items():
        setattr(found, name, value)
    found.revision += 1
    found.save()
    _record(found, kind, actor, data or {})
    return found


def _record(found: QuestionAnswer, kind: str, actor: Actor, data: Mapping[str, Any]) -> None:
    told = {"question": found.question, "state": found.state, "revision": found.revision, **data}
    reference = Reference("answer", found.key)
    audit.record(reference, kind, actor=actor, data=told, division=found.division_code)
