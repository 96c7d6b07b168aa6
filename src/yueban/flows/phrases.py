"""常用语: offered at the opinion of a step; the head keeps the office's, everybody his own."""

from collections.abc import Iterable

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.models import Phrase, Task
from yueban.audit import services as audit
from yueban.flows.stand_in import headed_agencies
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference


def places(actor: Actor) -> frozenset[str]:
    """The agencies whose phrases he sees."""
    return frozenset(post.agency for post in actor.posts)


def offered(actor: Actor, tasks: Iterable[Task]) -> list[Phrase]:
    """What is offered beside the opinions of these tasks."""
    found = list(tasks)
    where, kinds = {task.agency.code for task in found}, {task.kind for task in found}
    return approvals_read.phrases_for(where, kinds, actor.user_id)


def listed(actor: Actor) -> list[Phrase]:
    """All he may insert: his own first."""
    return list(approvals_read.phrases_of(places(actor), actor.user_id))


@transaction.atomic
def add(actor: Actor, *, agency: str, kind: str, text: str, is_shared: bool) -> Phrase:
    """Keep words for oneself, or (the head) for the whole office; raises Invalid by field."""
    if agency not in places(actor):
        raise Invalid.of_fields({"agency": "请选择您所在的单位。"})
    if is_shared and agency not in headed_agencies(actor):
        raise NotAllowed("本单位的常用语由负责人维护。", hint="您可以存为自己的常用语。")
    phrase = approvals.add_phrase(
        agency=agencies.get_agency(agency),
        kind=kind,
        text=text,
        owner_id=None if is_shared else actor.user_id,
    )
    if is_shared:
        _record(actor, phrase, "phrase_added")
    return phrase


@transaction.atomic
def favour(actor: Actor, number: int) -> Phrase:
    """收藏: a phrase of the office becomes one of his own, which stand first."""
    phrase = approvals_read.find_phrase(number)
    return add(actor, agency=phrase.agency.code, kind=phrase.kind, text=phrase.text, is_shared=False)


@transaction.atomic
def remove(actor: Actor, number: int) -> None:
    """His own, or as the head one of the office's."""
    phrase = approvals_read.find_phrase(number)
    is_own = phrase.owner_id == actor.user_id
    if not is_own and (phrase.owner_id is not None or phrase.agency.code not in headed_agencies(actor)):
        raise NotAllowed("只能删去自己的常用语。", hint="本单位的常用语由负责人维护。")
    if phrase.owner_id is None:
        _record(actor, phrase, "phrase_removed")
    approvals.remove_phrase(phrase=phrase)


def used(actor: Actor, numbers: Iterable[int]) -> None:
    """Count what was inserted into an opinion that has been sent."""
    approvals.count_uses(phrases=numbers, agencies=places(actor), user_id=actor.user_id)


def _record(actor: Actor, phrase: Phrase, kind: str) -> None:
    data = {"kind": phrase.kind, "text": phrase.text}
    audit.record(Reference("agency", phrase.agency.code), kind, actor=actor, data=data)
