"""Lists of items: one line an item, whichever agencies offer it, without reading what is long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from yueban.catalogue.choices import Audience
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.selectors import versions_in_force
from yueban.kernel import clock

# Changes with every publication, suspension and day that begins or ends a version.
EDITION = """
SELECT count(*), sum(hashtextextended(content_hash, id)), max(published_at)
FROM catalogue_itemversion
WHERE state = 'published' AND effective_on <= %(today)s
  AND (effective_until IS NULL OR effective_until > %(today)s)
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list says of a version besides its name; from the compiled form, which never changes."""

    promised_text: str
    is_at_once: bool
    visits: int
    stages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: the version of its first agency, and all that offer it."""

    key: str
    name: str
    summary: str
    for_person: bool
    for_enterprise: bool
    agencies: tuple[str, ...]
    facts: Facts
    name_en: str
    summary_en: str


# Facts by version id and hash; as many as there are items in force, dropped when that is exceeded by far.
_facts: dict[tuple[int, str], Facts] = {}
MOST_FACTS = 20_000


def edition() -> str:
    """What is in force today, as a short text that is another one when anything of it has changed."""
    with connection.cursor() as cursor:
        cursor.execute(EDITION, {"today": clock.today()})
        return repr(cursor.fetchone())


def listed_items() -> list[Listed]:
    """Every item in force by name; two queries, the second only for versions not listed before."""
    rows = (
        versions_in_force()
        .order_by("name", "agency__division__code", "agency__code")
        .values_list(
            "item__key",
            "name",
            "summary",
            "for_person",
            "for_enterprise",
            "pk",
            "content_hash",
            "agency__short_name",
            "name_en",
            "summary_en",
        )
    )
    first: dict[str, tuple[str, str, str, bool, bool, int, str, str, str, str]] = {}
    agencies: dict[str, list[str]] = {}
    for row in rows:
        first.setdefault(row[0], row)
        agencies.setdefault(row[0], []).append(row[7])
    facts = _facts_of((row[5], row[6]) for row in first.values())
    return [
        Listed(*row[:5], tuple(agencies[key]), facts[row[5], row[6]], *row[8:]) for key, row in first.items()
    ]


def _facts_of(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Facts]:
    names = list(wanted)
    missing = [pk for pk, digest in names if (pk, digest) not in _facts]
    if len(_facts) > MOST_FACTS:
        _facts.clear()
        missing = [pk for pk, _ in names]
    if missing:
        guide = "compiled_json__guide__"
        rows = ItemVersion.objects.filter(pk__in=missing).values_list(
            "pk",
            "content_hash",
            f"{guide}promised_text",
            f"{guide}promised__amount",
            f"{guide}visits__count",
            *(f"definition__life_stage__{one}" for one in Audience.values),
        )
        for pk, digest, promised, amount, visits, *stages in rows:
            named = dict(zip(Audience.values, (stage or "" for stage in stages), strict=True))
            _facts[pk, digest] = Facts(promised, not amount, visits, named)
    return {name: _facts[name] for name in names}
