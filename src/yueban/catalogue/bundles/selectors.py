"""Reads of bundles: versions in force, the ones pinned by cases."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from yueban.catalogue.choices import VersionState
from yueban.catalogue.errors import BundleNotFound
from yueban.catalogue.models import BundleChildVersion, BundleVersion, ItemVersion
from yueban.divisions import selectors as divisions
from yueban.kernel import clock


def bundle_versions_in_force(on: date | None = None) -> QuerySet[BundleVersion]:
    """The versions in force on a day (today), at most one a bundle and division."""
    day = on or clock.today()
    begun = Q(state=VersionState.PUBLISHED, effective_on__lte=day)
    not_ended = Q(effective_until__isnull=True) | Q(effective_until__gt=day)
    return BundleVersion.objects.filter(begun & not_ended).select_related("bundle")


def bundles_in_force(division: str | None = None, *, on: date | None = None) -> list[BundleVersion]:
    """One version a bundle, by name: that of the division or of the nearest above it, else the first; one query.

    Without a division every bundle that is offered anywhere; the compiled form is left in the database.
    """
    rows = bundle_versions_in_force(on).defer("definition", "compiled_json").order_by("division_code")
    chain = divisions.ancestry(division) if division else ()
    found: dict[str, BundleVersion] = {}
    for row in rows:
        known = found.get(row.bundle.key)
        if division is not None and row.division_code not in chain:
            continue
        if known is None or (
            division is not None and chain.index(row.division_code) < chain.index(known.division_code)
        ):
            found[row.bundle.key] = row
    return sorted(found.values(), key=lambda version: (version.name, version.pk))


def bundle_places(key: str, *, on: date | None = None) -> list[BundleVersion]:
    """The versions in force of one bundle in every division that offers it, by division."""
    rows = bundle_versions_in_force(on).filter(bundle__key=key)
    return list(rows.defer("definition", "compiled_json").order_by("division_code"))


def find_bundle(key: str, division: str | None = None, *, on: date | None = None) -> BundleVersion | None:
    """The version in force that serves the division: its own or that of the nearest above; None for none."""
    versions = bundle_places(key, on=on)
    if division is None:
        return versions[0] if versions else None
    chain = divisions.ancestry(division)
    near = [version for version in versions if version.division_code in chain]
    return min(near, key=lambda version: chain.index(version.division_code), default=None)


def get_bundle(key: str, division: str | None = None, *, on: date | None = None) -> BundleVersion:
    """``find_bundle`` that raises BundleNotFound."""
    version = find_bundle(key, division, on=on)
    if version is None:
        raise BundleNotFound(
            f"这里没有在用的一件事“{key}”。",
            hint="它可能还没有在您的区县开办，请换一个区县，或从列表中选择。",
        )
    return version


def bundle_version(version_id: int) -> BundleVersion:
    """The version a bundle case is pinned to, in force or not; raises BundleNotFound."""
    found = BundleVersion.objects.select_related("bundle").filter(pk=version_id).first()
    if found is None:
        raise BundleNotFound("没有这个一件事版本。", hint="请从列表中重新选择。")
    return found


def item_versions_of(version: BundleVersion) -> Mapping[str, ItemVersion]:
    """Child key → the item version it is handled by, in one query."""
    rows = version.child_versions.select_related("item_version__item", "item_version__agency__division")
    return {row.child_key: row.item_version for row in rows}


def items_behind(versions: Iterable[BundleVersion]) -> dict[int, list[ItemVersion]]:
    """The item versions that each bundle joins, by the bundle version's id; one query however many."""
    found: dict[int, list[ItemVersion]] = {one.pk: [] for one in versions}
    rows = BundleChildVersion.objects.filter(bundle_version_id__in=found)
    for row in rows.select_related("item_version__item"):
        found[row.bundle_version_id].append(row.item_version)
    return found
