"""Reads of the catalogue: versions in force, the ones pinned by cases, search."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.catalogue import known_versions
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.national import national_list
from yueban.catalogue.bundles.need import fallen_out, is_needed
from yueban.catalogue.bundles.savings import predict, saved
from yueban.catalogue.bundles.searching import search_bundles
from yueban.catalogue.bundles.selectors import (
    bundle_places,
    bundle_version,
    bundle_versions_in_force,
    bundles_in_force,
    find_bundle,
    get_bundle,
    item_versions_of,
    items_behind,
)
from yueban.catalogue.bundles.splitting import child_input, needed_children
from yueban.catalogue.bundles.trying import try_bundle
from yueban.catalogue.choices import UNPUBLISHED, Audience, VersionState
from yueban.catalogue.errors import ItemNotFound
from yueban.catalogue.forms import (
    Validation,
    applicable_fields,
    applicable_sections,
    field_path,
    flat,
    nested,
)
from yueban.catalogue.forms import validate as validate_form
from yueban.catalogue.intake import check_intake_open, find_next_period, is_intake_open
from yueban.catalogue.materials import PlannedMaterial, how
from yueban.catalogue.materials import plan as plan_materials
from yueban.catalogue.models import Item, ItemVersion
from yueban.catalogue.offerings import OfferedItem, offered_items, offerings_of
from yueban.catalogue.search import FoundItem, search_items
from yueban.catalogue.situations import Path, walk
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.basis import SpecialProcedure
from yueban.catalogue.standard.materials import (
    ByCancellation,
    ByCertificate,
    ByCheck,
    ByPromise,
    ByShare,
    ByUpload,
    Material,
    Rung,
)
from yueban.catalogue.standard.payment import Payment
from yueban.catalogue.standard.routes import Step
from yueban.catalogue.standard.situations import Situation
from yueban.divisions import selectors as divisions
from yueban.kernel import clock

# How a compiled version is asked, filled and checked: the doors to situations, materials and forms.
__all__ = [
    "Applicable",
    "ByCancellation",
    "ByCertificate",
    "ByCheck",
    "ByPromise",
    "ByShare",
    "ByUpload",
    "CompiledBundle",
    "FoundItem",
    "ItemStandard",
    "Material",
    "Path",
    "Payment",
    "PlannedMaterial",
    "Rung",
    "Situation",
    "SpecialProcedure",
    "Step",
    "Validation",
    "applicable_fields",
    "applicable_sections",
    "bundle_places",
    "bundle_version",
    "bundle_versions_in_force",
    "bundles_in_force",
    "check_intake_open",
    "child_input",
    "fallen_out",
    "field_path",
    "find_bundle",
    "find_next_period",
    "flat",
    "get_bundle",
    "how",
    "is_intake_open",
    "is_needed",
    "item_versions_of",
    "items_behind",
    "national_list",
    "needed_children",
    "nested",
    "offerings_of",
    "plan_materials",
    "predict",
    "saved",
    "search_bundles",
    "search_items",
    "try_bundle",
    "validate_form",
    "walk",
]


# What a process reads once a version (known_versions): left in the database until it is asked for.
CONTENT = ("definition", "compiled_json")


def versions_in_force(on: date | None = None) -> QuerySet[ItemVersion]:
    """The versions in force on a day (today): published, begun, not ended; at most one an item and agency."""
    day = on or clock.today()
    begun = Q(state=VersionState.PUBLISHED, effective_on__lte=day)
    not_ended = Q(effective_until__isnull=True) | Q(effective_until__gt=day)
    return ItemVersion.objects.filter(begun & not_ended).select_related("item", "agency__division")


def published_items(
    *,
    division: str | None = None,
    audience: str | None = None,
    life_stage: str | None = None,
    agency: str | None = None,
    on: date | None = None,
) -> list[ItemVersion]:
    """One version an item, by name: that of the agency serving the division, else the first agency's.

    The compiled form is left in the database until it is asked for.
    """
    rows = versions_in_force(on).defer(*CONTENT)
    if audience == Audience.PERSON:
        rows = rows.filter(for_person=True)
    elif audience == Audience.ENTERPRISE:
        rows = rows.filter(for_enterprise=True)
    if life_stage:
        rows = rows.filter(compiled_json__guide__life_stages__contains=[life_stage])
    if agency:
        rows = rows.filter(agency__code=agency)
    return sorted(_one_an_item(rows, division).values(), key=lambda version: (version.name, version.pk))


def find_published(
    item_key: str, division: str | None = None, *, on: date | None = None
) -> ItemVersion | None:
    """The version in force that serves the division: nearest agency first, else the first one."""
    rows = versions_in_force(on).filter(item__key=item_key).defer(*CONTENT)
    return next(iter(_one_an_item(rows, division).values()), None)


def get_published(item_key: str, division: str | None = None, *, on: date | None = None) -> ItemVersion:
    """``find_published`` that raises ItemNotFound."""
    version = find_published(item_key, division, on=on)
    if version is None:
        raise _no_item(item_key)
    return version


def _no_item(item_key: str) -> ItemNotFound:
    return ItemNotFound(
        f"没有在用的事项“{item_key}”。", hint="它可能已取消或尚未生效，请从事项列表中重新选择。"
    )


def adopters_of(item_key: str, *, on: date | None = None) -> list[ItemVersion]:
    """The versions in force of one item at every agency that adopted it, by division."""
    rows = versions_in_force(on).filter(item__key=item_key)
    return list(rows.defer(*CONTENT).order_by("agency__division__code", "agency__code"))


# The rule of versions_in_force, written out: the guide asks it for every visitor, and building it costs more
# than asking.
# Two tables only: planning more of them takes longer than reading what they hold.
OFFERS = """
SELECT v.id, v.content_hash, v.agency_id
FROM catalogue_itemversion v
WHERE v.item_id = (SELECT id FROM catalogue_item WHERE key = %(key)s)
  AND v.state = 'published' AND v.effective_on <= %(today)s
  AND (v.effective_until IS NULL OR v.effective_until > %(today)s)
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One version in force of an item, named without its content."""

    version_id: int
    content_hash: str
    agency: str
    division: str


def offers_of(item_key: str, division: str | None = None) -> list[Offer]:
    """The versions in force of an item, the one that serves the division first; raises ItemNotFound for none."""
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, {"key": item_key, "today": clock.today()})
        rows = cursor.fetchall()
    places = agencies.places_by_id([agency_id for *_, agency_id in rows])
    offers = [Offer(version_id, digest, *places[agency_id]) for version_id, digest, agency_id in rows]
    chain = divisions.ancestry(division) if division else ()
    if not offers:
        raise _no_item(item_key)
    return sorted(offers, key=lambda one: _distance(one.division, one.agency, chain))


def items_offered_near(division: str, *, on: date | None = None) -> list[OfferedItem]:
    """The items in force of the agencies that serve a division, by name within the nearest; one query."""
    return list(offered_items(versions_in_force(on), divisions.ancestry(division)))


def items_offered_anywhere() -> list[OfferedItem]:
    """The items in force with what one of their agencies offers at each level, each item once; one query."""
    return list(offered_items(versions_in_force(), ()))


def item_keys_of(version_ids: Iterable[int]) -> dict[int, str]:
    """Version → key of its item, in one query."""
    rows = ItemVersion.objects.filter(pk__in=list(version_ids))
    return dict(rows.values_list("pk", "item__key"))


def get_version(version_id: int) -> ItemVersion:
    """The version a case is pinned to, in force or not, but no draft; raises ItemNotFound."""
    rows = ItemVersion.objects.select_related("item", "agency__division").exclude(state__in=UNPUBLISHED)
    found = rows.filter(pk=version_id).defer(*CONTENT).first()
    if found is None:
        raise ItemNotFound("没有这个事项版本。", hint="请从事项列表中重新选择。")
    return found


def versions_of(item_key: str, agency: str) -> QuerySet[ItemVersion]:
    """All versions of an item at an agency, newest first."""
    rows = ItemVersion.objects.filter(item__key=item_key, agency__code=agency)
    return rows.select_related("item", "agency__division").order_by("-number")


def versions_at(agency: str) -> list[ItemVersion]:
    """What an agency has of every item, cancelled versions aside, in the order of their numbers; one query."""
    rows = ItemVersion.objects.filter(agency__code=agency).exclude(state=VersionState.CANCELLED)
    return list(rows.select_related("item", "agency__division").defer("compiled_json").order_by("number"))


def published_versions_of(item_key: str, agency: str) -> QuerySet[ItemVersion]:
    """Those of them that were published once, in force or not; drafts are nobody else's business."""
    return versions_of(item_key, agency).exclude(state__in=UNPUBLISHED)


def find_item(key: str) -> Item | None:
    """The directory entry."""
    return Item.objects.filter(key=key).first()


def standard_of(version: ItemVersion) -> ItemStandard:
    """The standard as it was written, typed."""
    return ItemStandard.model_validate_json(json.dumps(version.definition))


def _one_an_item(rows: Iterable[ItemVersion], division: str | None) -> dict[int, ItemVersion]:
    chain = divisions.ancestry(division) if division else ()
    found: dict[int, ItemVersion] = {}
    for version in sorted(rows, key=lambda version: _nearness(version, chain)):
        found.setdefault(version.item_id, version)
    return found


def _nearness(version: ItemVersion, chain: tuple[str, ...]) -> tuple[int, str, str]:
    return _distance(version.agency.division.code, version.agency.code, chain)


def _distance(division: str, agency: str, chain: tuple[str, ...]) -> tuple[int, str, str]:
    return chain.index(division) if division in chain else len(chain), division, agency


def item_names(keys: Iterable[str]) -> dict[str, str]:
    """Names of the items that are in force, by key."""
    rows = versions_in_force().filter(item__key__in=list(keys)).order_by("item__key", "-pk")
    return dict(rows.values_list("item__key", "name"))


def versions_by_id(version_ids: Iterable[int]) -> list[ItemVersion]:
    """These versions, in force or not; the standards that this process has not read yet come with one query more."""
    rows = ItemVersion.objects.select_related("item").filter(pk__in=list(version_ids))
    found = list(rows.defer(*CONTENT))
    if unread := {one.pk: one.content_hash for one in known_versions.unknown(found)}:
        stored = ItemVersion.objects.filter(pk__in=unread).values_list("pk", "compiled_json")
        for number, compiled in stored:
            known_versions.remember(unread[number], compiled)
    return found


def names_containing(text: str) -> list[str]:
    """Names of items, of all their versions, in which a text stands."""
    rows = ItemVersion.objects.filter(name__icontains=text).order_by().values_list("name", flat=True)
    return sorted(set(rows.distinct()))


def item_choices() -> list[tuple[str, str]]:
    """Key and name of every item, by name."""
    return list(Item.objects.order_by("name").values_list("key", "name"))
