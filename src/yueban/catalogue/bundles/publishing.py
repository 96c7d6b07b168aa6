"""Putting bundles in force: in every division where all their items are offered, anew whenever one of these changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from yueban.audit import services as audit
from yueban.catalogue.bundles.compile import compile_bundle
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.choices import UNPUBLISHED, Audience, VersionState
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.errors import BundleUnsound
from yueban.catalogue.models import Bundle, BundleChildVersion, BundleVersion, ItemVersion
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.elements.selectors import Dictionary
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference

Items = dict[str, dict[str, ItemVersion]]


@dataclass(frozen=True)
class Place:
    """Where and from when versions are made, with what is known of its items."""

    division: str
    items: Mapping[str, ItemVersion]
    on: date
    known: Mapping[str, Compiled]

    def compiled(self, item: str) -> Compiled:
        """The compiled item of this place; one that is at hand need not be read."""
        version = self.items[item]
        return self.known.get(version.content_hash) or version.compiled


@transaction.atomic
def publish_bundles(
    *,
    standards: Sequence[BundleStandard],
    effective_on: date,
    actor: Actor,
    known: Mapping[str, Compiled] | None = None,
) -> Changes:
    """Publish bundles in the city and in each county that has all their items; the same content changes nothing.

    ``known`` are compiled items by content hash that need not be read. Raises BundleUnsound.
    """
    bundles = _save_bundles(standards)
    wanted = {child.item for standard in standards for child in standard.children}
    city = divisions.find_city()
    places = [*([city.code] if city else []), *(county.code for county in divisions.counties())]
    offered = items_by_place(wanted, places, clock.today())
    latest = _latest(bundles.values())
    dictionary = elements.dictionary()
    changes = Changes()
    for standard in standards:
        for division in places:
            if not _is_offered(standard, offered[division], division):
                continue
            last = latest.get((bundles[standard.key].pk, division))
            begins = effective_on if last is None else clock.today()
            place = Place(division, offered[division], begins, known or {})
            version = _publish(bundles[standard.key], standard, place, last, dictionary)
            if version is None:
                changes += Changes(unchanged=1)
                continue
            audit.record_many([_event("published", version)], actor=actor)
            changes += Changes(created=1) if last is None else Changes(changed=1)
    return changes


@transaction.atomic
def refresh_bundles(*, item_key: str, agency_division: str, on: date, actor: Actor) -> list[BundleVersion]:
    """After a version of an item was published, suspended or cancelled: the bundles that join it, compiled anew.

    One whose items no longer fit together, or are no longer all offered, is suspended with the reasons; it comes back
    when they do.
    """
    joining = Bundle.objects.filter(versions__child_versions__item_version__item__key=item_key).distinct()
    dictionary = elements.dictionary()
    made = []
    for (_, division), last in _latest(joining).items():
        standard = BundleStandard.model_validate(last.definition)
        wanted = {child.item for child in standard.children}
        if item_key not in wanted or agency_division not in divisions.ancestry(division):
            continue
        place = Place(
            last.division_code, items_by_place(wanted, [last.division_code], on)[last.division_code], on, {}
        )
        version = _publish_or_suspend(last, standard, place, dictionary)
        if version is not None:
            audit.record_many([_event(str(version.state), version)], actor=actor)
            made.append(version)
    return made


def items_by_place(items: Collection[str], places: Iterable[str], on: date) -> Items:
    """Division → item → the version in force there on a day: that of the nearest agency, its own or one above."""
    begun = Q(state=VersionState.PUBLISHED, effective_on__lte=on)
    not_ended = Q(effective_until__isnull=True) | Q(effective_until__gt=on)
    rows = ItemVersion.objects.filter(begun & not_ended, item__key__in=items)
    by_agency: dict[str, dict[str, ItemVersion]] = {}
    for row in rows.select_related("item", "agency__division").defer("definition").order_by("agency__code"):
        by_agency.setdefault(row.agency.division.code, {}).setdefault(row.item.key, row)
    found: Items = {}
    for place in places:
        found[place] = {}
        for division in divisions.ancestry(place):
            for key, version in by_agency.get(division, {}).items():
                found[place].setdefault(key, version)
    return found


def _is_offered(standard: BundleStandard, items: Mapping[str, ItemVersion], division: str) -> bool:
    """All its items are there, and one at least is the division's own: else the division above offers it."""
    wanted = [items.get(child.item) for child in standard.children]
    own = any(version is not None and version.agency.division.code == division for version in wanted)
    return own and None not in wanted


def compile_at(standard: BundleStandard, place: Place, dictionary: Dictionary) -> CompiledBundle:
    """The bundle of a place; raises BundleUnsound."""
    wanted = [child.item for child in standard.children if child.item in place.items]
    return compile_bundle(
        standard,
        {item: place.compiled(item) for item in wanted},
        dictionary,
        hashes={item: place.items[item].content_hash for item in wanted},
    )


def _save_bundles(standards: Sequence[BundleStandard]) -> dict[str, Bundle]:
    Bundle.objects.bulk_create(
        (Bundle(key=standard.key, name=standard.name) for standard in standards),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name"],
    )
    return {bundle.key: bundle for bundle in Bundle.objects.filter(key__in=[s.key for s in standards])}


def _latest(bundles: Iterable[Bundle]) -> dict[tuple[int, str], BundleVersion]:
    rows = BundleVersion.objects.filter(bundle__in=list(bundles)).order_by("number")
    ordered = rows.select_related("bundle").defer("compiled_json").select_for_update(of=("self",))
    return {(row.bundle_id, row.division_code): row for row in ordered}


def _publish(
    bundle: Bundle,
    standard: BundleStandard,
    place: Place,
    last: BundleVersion | None,
    dictionary: Dictionary,
) -> BundleVersion | None:
    """The next version, None where it would say the same; what was in force until then ends on its first day."""
    compiled = compile_at(standard, place, dictionary)
    if (
        last is not None
        and last.content_hash == compiled.content_hash
        and last.state == VersionState.PUBLISHED
    ):
        return None
    _end(bundle, place)
    version = BundleVersion.objects.create(
        bundle=bundle,
        division_code=place.division,
        number=last.number + 1 if last is not None else 1,
        published_at=clock.now(),
        effective_on=place.on,
        name=standard.name,
        name_en=standard.name_en or "",
        summary=standard.summary,
        summary_en=standard.summary_en or "",
        for_person=Audience.PERSON in standard.audiences,
        for_enterprise=Audience.ENTERPRISE in standard.audiences,
        definition=standard.model_dump(mode="json", by_alias=True),
        compiled_json=compiled.to_json(),
        content_hash=compiled.content_hash,
    )
    BundleChildVersion.objects.bulk_create(
        BundleChildVersion(bundle_version=version, child_key=child.key, item_version=place.items[child.item])
        for child in standard.children
    )
    return version


def _end(bundle: Bundle, place: Place) -> None:
    open_ = BundleVersion.objects.filter(bundle=bundle, division_code=place.division).exclude(
        state__in=UNPUBLISHED
    )
    later = Q(effective_until__isnull=True) | Q(effective_until__gt=place.on)
    open_.filter(later).update(effective_until=place.on)


def _publish_or_suspend(
    last: BundleVersion, standard: BundleStandard, place: Place, dictionary: Dictionary
) -> BundleVersion | None:
    try:
        return _publish(last.bundle, standard, place, last, dictionary)
    except BundleUnsound as error:
        words = "\n".join(f"{one['message']}{one['hint']}" for one in error.data["problems"])
        if last.state == VersionState.SUSPENDED and last.words == words:
            return None
        last.state, last.words = VersionState.SUSPENDED, words
        last.save(update_fields=["state", "words"])
        return last


def _event(kind: str, version: BundleVersion) -> audit.NewEvent:
    return audit.NewEvent(
        Reference("bundle", version.bundle.key),
        kind,
        {
            "division": version.division_code,
            "number": version.number,
            "effective_on": version.effective_on.isoformat(),
            "hash": version.content_hash,
        },
    )
