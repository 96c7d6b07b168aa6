"""常用语: words an office writes again and again, and each person's own favourites among them."""

from collections.abc import Collection, Iterable

from django.db.models import F, Q, QuerySet

from yueban.agencies.models import Agency
from yueban.approvals.choices import TaskKind
from yueban.approvals.errors import PhraseNotFound
from yueban.approvals.models import Phrase
from yueban.kernel import clock
from yueban.kernel.errors import Invalid
from yueban.kernel.names import TextInvalid, clean_paragraphs

LONGEST = 500
MOST = 200
OFFERED = 9  # as many as there are keys for them
# Steps in which an opinion is written.
KINDS = (TaskKind.REVIEW, TaskKind.CHECK, TaskKind.COUNTERSIGN, TaskKind.INSPECT, TaskKind.DECIDE)


def phrases_of(agencies: Collection[str], user_id: int | None) -> QuerySet[Phrase]:
    """Those of these agencies that the user sees: the offices' and his own, his own first, the used first."""
    return (
        Phrase.objects.filter(agency__code__in=agencies)
        .filter(Q(owner=None) | Q(owner_id=user_id))
        .select_related("agency")
        .order_by(F("owner").asc(nulls_last=True), "-uses", "pk")
    )


def phrases_for(agencies: Collection[str], kinds: Collection[str], user_id: int | None) -> list[Phrase]:
    """The nine to be offered at these steps."""
    return list(phrases_of(agencies, user_id).filter(kind__in=["", *kinds])[:OFFERED])


def add_phrase(*, agency: Agency, kind: str, text: str, owner_id: int | None) -> Phrase:
    """Keep a phrase; the same words again change nothing. Raises Invalid by field."""
    try:
        words = clean_paragraphs(text, LONGEST)
    except TextInvalid as error:
        raise Invalid.of_fields({"text": f"{error.message}{error.hint}"}) from error
    if not words:
        raise Invalid.of_fields({"text": "请写下常用语。"})
    if kind and kind not in KINDS:
        raise Invalid.of_fields({"kind": "请选择环节。"})
    if Phrase.objects.filter(agency=agency, owner_id=owner_id).count() >= MOST:
        raise Invalid.of_fields({"text": f"常用语最多{MOST}条，请先删去不用的。"})
    phrase, _ = Phrase.objects.get_or_create(
        agency=agency, kind=kind, text=words, owner_id=owner_id, defaults={"created_at": clock.now()}
    )
    return phrase


def find_phrase(number: int) -> Phrase:
    """One by its id; raises PhraseNotFound."""
    phrase = Phrase.objects.select_related("agency").filter(pk=number).first()
    if phrase is None:
        raise PhraseNotFound("没有这条常用语。", hint="它可能已被删去，请刷新页面。")
    return phrase


def remove_phrase(*, phrase: Phrase) -> None:
    """Take it off the list."""
    phrase.delete()


def count_uses(*, phrases: Iterable[int], agencies: Collection[str], user_id: int | None) -> int:
    """What is used often stands first."""
    wanted = list(phrases)
    if not wanted:
        return 0
    seen = phrases_of(agencies, user_id).filter(pk__in=wanted).order_by()
    return Phrase.objects.filter(pk__in=seen.values("pk")).update(uses=F("uses") + 1)
