"""一件事 by what is typed: the same names, aliases and pinyin as items; there are few, so they are read and ranked."""

from collections.abc import Iterable

from yueban.catalogue.bundles.selectors import bundles_in_force
from yueban.catalogue.choices import Audience
from yueban.catalogue.models import BundleChildVersion, BundleVersion, ItemVersion
from yueban.catalogue.search_text import Rank, name_of, rank, wanted


def search_bundles(text: str, *, audience: str, division: str, limit: int = 6) -> list[BundleVersion]:
    """The bundles that serve a place for such an applicant, the best match first; two queries."""
    query = wanted(text)
    if not query:
        return []
    near = [one for one in bundles_in_force(division) if _is_for(one, audience)]
    aliases = dict(
        BundleVersion.objects.filter(pk__in=[one.pk for one in near]).values_list("pk", "definition__aliases")
    )
    ranked: list[tuple[Rank, BundleVersion]] = []
    for one in near:
        names = [
            name_of(one.name, is_alias=False),
            *(name_of(alias, is_alias=True) for alias in aliases[one.pk] or ()),
        ]
        if (found := rank(query, names, 0.0)) is not None:
            ranked.append((found[0], one))
    ranked.sort(key=lambda pair: (pair[0], pair[1].bundle.key))
    return [one for _, one in ranked[:limit]]


def _is_for(version: BundleVersion, audience: str) -> bool:
    return version.for_person if audience == Audience.PERSON else version.for_enterprise


def items_behind(versions: Iterable[BundleVersion]) -> dict[int, list[ItemVersion]]:
    """The item versions that each bundle joins, by the bundle version's id; one query however many."""
    found: dict[int, list[ItemVersion]] = {one.pk: [] for one in versions}
    rows = BundleChildVersion.objects.filter(bundle_version_id__in=found)
    for row in rows.select_related("item_version__item"):
        found[row.bundle_version_id].append(row.item_version)
    return found
