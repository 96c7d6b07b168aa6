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
from yueban.channels.shared.hits import Hit as Hit
from yueban.channels.shared.hits import all_hits as all_hits
from yueban.channels.shared.hits import english_hits as english_hits
from yueban.channels.shared.hits import found_hits as found_hits
from yueban.channels.shared.hits import made_hits
from yueban.channels.shared.kept import kept
from yueban.channels.shared.links import Link as Link
from yueban.elements import selectors as elements

# Links of a stage on the home page; the rest stands in the list.
STAGE_LINKS = 24
HOT_WORDS_IN_ENGLISH = ("housing fund", "household", "company", "real estate", "school", "talent")
HOT_WORDS = ("社保补贴", "公积金", "上户口", "过户", "货运公司", "开公司", "开饭店")


@dataclass
class Stage:
    """One life stage with its items."""

    name: str
    links: list[Link] = field(default_factory=list)


def stages_for(audience: str) -> list[Stage]:
    """The items of an audience by life stage, the first few of each; kept until anything in force changes."""
    return kept(("stages", audience, listing.edition()), lambda: _stages(audience))


def _stages(audience: str) -> list[Stage]:
    stages: dict[str, Stage] = {}
    for hit in made_hits(audience):
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
