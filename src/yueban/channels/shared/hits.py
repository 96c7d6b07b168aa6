"""Items as lists show them in every channel: all of them, and those for what was typed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from yueban.catalogue import listing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import Audience
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.guide_view import visits_text
from yueban.channels.shared.kept import kept
from yueban.channels.shared.sayings import said


@dataclass
class Hit:
    """One item of a list, whichever agencies offer it."""

    key: str
    name: str
    summary: str
    promised: str
    visits: str
    stages: dict[str, str]
    agency_names: list[str] = field(default_factory=list)

    @property
    def agencies(self) -> str:
        """The agencies, or how many they are."""
        if len(self.agency_names) <= 2:
            return "、".join(self.agency_names)
        named = {"first": self.agency_names[0], "n": len(self.agency_names)}
        return _("%(first)s等 %(n)s 个部门，按地点选") % named


def all_hits(audience: str | None = None) -> list[Hit]:
    """Every item in force, one line each; kept until anything in force changes."""
    return kept(("hits", audience, listing.edition()), lambda: made_hits(audience))


def made_hits(audience: str | None) -> list[Hit]:
    """Every item in force, made anew."""
    wanted = {Audience.PERSON.value: "for_person", Audience.ENTERPRISE.value: "for_enterprise"}
    return [
        Hit(
            one.key,
            named(one.name, one.name_en),
            named(one.summary, one.summary_en),
            _("当场办结") if one.facts.is_at_once else said(one.facts.promised_text),
            visits_text(one.facts.visits),
            dict(one.facts.stages),
            list(one.agencies),
        )
        for one in listing.listed_items()
        if not audience or getattr(one, wanted[audience])
    ]


def found_hits(text: str, audience: str | None = None, limit: int = 100) -> list[Hit]:
    """The items for what was typed, the best first."""
    known = {hit.key: hit for hit in all_hits(audience)}
    found = catalogue.search_items(text, audience=audience, limit=limit)
    hits = [known[item.key] for item in found if item.key in known]
    return hits or english_hits(text, audience)[:limit]


def english_hits(text: str, audience: str | None = None) -> list[Hit]:
    """On an English page, the items with all these words in their name, then those with them in the summary."""
    words = text.casefold().split()
    if not words or not is_english():
        return []
    names = [(hit, hit.name.casefold()) for hit in all_hits(audience)]
    named_so = [hit for hit, name in names if all(word in name for word in words)]
    said = [
        hit
        for hit, name in names
        if hit not in named_so and all(word in f"{name} {hit.summary.casefold()}" for word in words)
    ]
    return [*named_so, *said]
