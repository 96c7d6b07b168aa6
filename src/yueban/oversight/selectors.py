"""Reads of electronic supervision. `entries_visible_to` serves list, page, count and export."""

from collections.abc import Mapping

from django.db.models import Count, QuerySet

from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.oversight.choices import EntryState
from yueban.oversight.errors import EntryNotFound
from yueban.oversight.figures import BY_KEY as BY_KEY
from yueban.oversight.figures import IN_A_LINE as IN_A_LINE
from yueban.oversight.figures import LEAST_FOR_PERCENT as LEAST_FOR_PERCENT
from yueban.oversight.figures import ItemLine as ItemLine
from yueban.oversight.figures import Span as Span
from yueban.oversight.figures import by_item as by_item
from yueban.oversight.figures import cases_behind as cases_behind
from yueban.oversight.figures import figures_of as figures_of
from yueban.oversight.models import Entry
from yueban.oversight.proofs import proofs_of as proofs_of
from yueban.oversight.rules import MEANINGS as MEANINGS
from yueban.oversight.sampling import get_sample as get_sample
from yueban.oversight.sampling import get_sampled as get_sampled
from yueban.oversight.sampling import sampled_cases as sampled_cases
from yueban.oversight.sampling import samples_visible_to as samples_visible_to
from yueban.oversight.visibility import entries_visible_to as entries_visible_to


def get_entry(actor: Actor, number: str) -> Entry:
    """The entry with all its page shows; EntryNotFound for a made-up number and a foreign one alike."""
    rows = entries_visible_to(actor).select_related("agency", "asked_by", "answered_by", "closed_by")
    entry = rows.filter(number=number).first()
    if entry is None:
        raise EntryNotFound("没有找到这条监察记录。", hint="请从监察列表进入；只能看到本人监督范围内的记录。")
    return entry


def entries_of(actor: Actor, reference: Reference) -> QuerySet[Entry]:
    """What was raised over one thing, the newest first."""
    rows = entries_visible_to(actor).filter(reference_kind=reference.kind, reference_number=reference.number)
    return rows.select_related("agency").order_by("-opened_at", "-pk")


def open_counts(actor: Actor) -> Mapping[str, int]:
    """How many entries are not struck off, by level, in one query."""
    rows = entries_visible_to(actor).exclude(state=EntryState.CLOSED)
    return dict(rows.order_by().values_list("level").annotate(count=Count("pk")))
