"""Lists of items as pages show them: hits of a search, items by life stage, filters in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import Audience
from yueban.catalogue.models import ItemVersion

HOT_WORDS = ("货运公司", "开公司", "开饭店", "卖书", "医疗器械", "道路运输证")


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
    agency_names: list[str] = field(default_factory=list)

    @property
    def agencies(self) -> str:
        """The agencies, or how many they are."""
        if len(self.agency_names) <= 2:  # noqa: PLR2004
            return "、".join(self.agency_names)
        return _("%(first)s等 %(n)s 个部门，按地点选") % {"first": self.agency_names[0], "n": len(self.agency_names)}


@dataclass
class Stage:
    """One life stage with its items."""

    name: str
    items: list[Link] = field(default_factory=list)


def hits_of(versions: Iterable[ItemVersion]) -> list[Hit]:
    """One line an item, in the order given."""
    hits: dict[str, Hit] = {}
    for version in versions:
        key = version.item.key
        if key not in hits:
            guide = version.compiled.guide
            hits[key] = Hit(key, version.name, version.summary, _promised(guide.promised_text, guide.promised.amount), "")
            hits[key].visits = visits_text(guide.visits.count)
        hits[key].agency_names.append(version.agency.short_name)
    return list(hits.values())


def _promised(text: str, amount: int) -> str:
    return text if amount else _("当场办结")


def visits_text(count: int) -> str:
    """How often one must come."""
    return _("跑 %(n)s 次") % {"n": count} if count else _("不用跑")


def stages_for(audience: str) -> list[Stage]:
    """The published items of an audience by life stage."""
    stages: dict[str, Stage] = {}
    for version in catalogue.published_items(audience=audience):
        for name in version.compiled.guide.life_stages or ("",):
            stage = stages.setdefault(name or _("其他"), Stage(name or _("其他")))
            link = Link(version.name, reverse("portal:guide", args=[version.item.key]))
            if link not in stage.items:
                stage.items.append(link)
    return list(stages.values())


def hot_words() -> list[Link]:
    """Words of the day that find something."""
    return [
        Link(word, f"{reverse('portal:search')}?{urlencode({'q': word})}")
        for word in HOT_WORDS
        if catalogue.search_items(word, limit=1)
    ]


def pills(query: Mapping[str, str]) -> list[Link]:
    """Filters by audience that keep the rest of the address."""
    chosen = query.get("for", "")
    rows = [("", _("全部")), *((value, _(str(label))) for value, label in Audience.choices)]
    found = []
    for value, title in rows:
        kept = {"q": query.get("q", ""), "for": value}
        address = urlencode({name: one for name, one in kept.items() if one})
        found.append(Link(title, f"?{address}", is_current=value == chosen))
    return found
