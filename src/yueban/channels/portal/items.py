"""Lists of items as pages show them: hits of a search, items by life stage, filters in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from yueban.catalogue import listing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import Audience
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.guide_view import visits_text
from yueban.channels.shared.kept import kept
from yueban.channels.shared.sayings import said
from yueban.elements import selectors as elements

# Links of a stage on the home page; the rest stands in the list.
STAGE_LINKS = 24
HOT_WORDS_IN_ENGLISH = ("housing fund", "household", "company", "real estate", "school", "talent")
HOT_WORDS = ("社保补贴", "公积金", "上户口", "过户", "货运公司", "开公司", "开饭店")


@dataclass(frozen=True)
class Link:
    """A word with its address."""

    title: str
    href: str
    is_current: bool = False

    @property
    def text(self) -> str:
        """The word."""
        return self.title


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


@dataclass
class Stage:
    """One life stage with its items."""

    name: str
    links: list[Link] = field(default_factory=list)


def all_hits(audience: str | None = None) -> list[Hit]:
    """Every item in force, one line each; kept until anything in force changes."""
    return kept(("hits", audience, listing.edition()), lambda: _hits(audience))


def _hits(audience: str | None) -> list[Hit]:
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


def stages_for(audience: str) -> list[Stage]:
    """The items of an audience by life stage, the first few of each; kept until anything in force changes."""
    return kept(("stages", audience, listing.edition()), lambda: _stages(audience))


def _stages(audience: str) -> list[Stage]:
    stages: dict[str, Stage] = {}
    for hit in _hits(audience):
        name = hit.stages[audience] or _("其他")
        link = Link(hit.name, reverse("portal:guide", args=[hit.key]))
        stages.setdefault(name, Stage(name)).links.append(link)
    for stage in stages.values():
        stage.links[STAGE_LINKS:] = _more(audience, len(stage.links) - STAGE_LINKS)
    order = {entry.name: entry for entry in elements.codes_in(f"{audience}-life-stage")}
    for name, entry in order.items():
        if name in stages:
            stages[name].name = named(name, entry.name_en)
    known = [stages[name] for name in order if name in stages]
    return [*known, *(stage for name, stage in stages.items() if name not in order)]


def _more(audience: str, count: int) -> list[Link]:
    if count <= 0:
        return []
    return [
        Link(_("还有 %(n)s 项") % {"n": count}, f"{reverse('portal:items')}?{urlencode({'for': audience})}")
    ]


def hot_words() -> list[Link]:
    """Words of the day that find something; kept until anything in force changes."""
    return kept(("hot words", listing.edition()), _hot_words)


def _hot_words() -> list[Link]:
    return [
        Link(word, f"{reverse('portal:search')}?{urlencode({'q': word})}")
        for word in (HOT_WORDS_IN_ENGLISH if is_english() else HOT_WORDS)
        if catalogue.search_items(word, limit=1) or english_hits(word)
    ]


def pills(query: Mapping[str, str]) -> list[Link]:
    """Filters by audience that keep the rest of the address."""
    chosen = query.get("for", "")
    rows = [("", _("全部")), *((value, _(str(label))) for value, label in Audience.choices)]
    found = []
    for value, title in rows:
        words = {"q": query.get("q", ""), "for": value}
        address = urlencode({name: one for name, one in words.items() if one})
        found.append(Link(title, f"?{address}", is_current=value == chosen))
    return found
