"""The lexicon: words people say and the words of the standard; added and switched off by editors."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from yueban.assistant.choices import TermKind
from yueban.assistant.models import Term
from yueban.audit import services as audit
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.reference import Reference

LONGEST: Final = 60


@transaction.atomic
def add_term(*, say: str, means: str, kind: str, actor: Actor) -> Term:
    """One word more; the same again changes nothing, another meaning of it replaces the old."""
    _check_editor(actor)
    say, means = say.strip(), means.strip()
    _check(say, means, kind)
    found = Term.objects.select_for_update().filter(say=say).first()
    if found is not None and (found.means, found.kind, found.is_used) == (means, kind, True):
        return found
    fields = {"means": means, "kind": kind, "is_used": True, "author_name": actor.name}
    fields["written_at"] = clock.now()
    term, _new = Term.objects.update_or_create(say=say, defaults=fields)
    _record(term, "term_added", actor, was=found.means if found else "")
    return term


@transaction.atomic
def switch_term(*, pk: int, is_used: bool, actor: Actor) -> Term:
    """Out of use, or in use again."""
    _check_editor(actor)
    term = Term.objects.select_for_update().filter(pk=pk).first()
    if term is None:
        raise NotFound("没有这个词。", hint="请从词表中重新选择。")
    if term.is_used != is_used:
        term.is_used, term.author_name = is_used, actor.name
        term.save(update_fields=["is_used", "author_name"])
        _record(term, "term_switched_on" if is_used else "term_switched_off", actor)
    return term


def _check(say: str, means: str, kind: str) -> None:
    faults = {}
    if not 0 < len(say) <= LONGEST:
        faults["say"] = f"请填写群众说的词，不超过{LONGEST}字。"
    if not 0 < len(means) <= LONGEST:
        faults["means"] = f"请填写标准里的词，不超过{LONGEST}字。"
    elif say == means:
        faults["means"] = "两个词相同，不需要登记。"
    elif Term.objects.filter(say=means, means=say, is_used=True).exists():
        faults["means"] = f"词表里已有“{means} → {say}”，方向相反，请先停用它。"
    if kind not in TermKind.values:
        faults["kind"] = "请选择这个词的来历。"
    if faults:
        raise Invalid.of_fields(faults)


def _check_editor(actor: Actor) -> None:
    if not actor.has_role(roles.EDITOR):
        raise NotAllowed("词表由事项编辑维护。", hint="请用事项编辑的账号登录。")


def _record(term: Term, kind: str, actor: Actor, **more: str) -> None:
    data = {"say": term.say, "means": term.means, "kind": term.kind, **more}
    audit.record(Reference("term", str(term.pk)), kind, actor=actor, data=data)
