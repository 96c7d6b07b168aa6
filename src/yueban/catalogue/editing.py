"""What editors read: the versions of their agencies, drafts included, and the directory they may adopt from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from yueban.agencies import selectors as agencies
from yueban.catalogue.choices import UNPUBLISHED, VersionState
from yueban.catalogue.errors import ItemNotFound
from yueban.catalogue.models import Directory, ItemVersion
from yueban.catalogue.preparation import LEVELS
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor


def editor_agencies(actor: Actor) -> frozenset[str]:
    """The agencies whose items the actor edits."""
    return actor.agencies_with(roles.EDITOR)


def versions_visible_to(actor: Actor) -> QuerySet[ItemVersion]:
    """Every version of the actor's agencies, drafts included; without the long columns."""
    rows = ItemVersion.objects.filter(agency__code__in=editor_agencies(actor))
    return rows.select_related("item", "agency", "directory").defer("definition", "compiled_json")


def current_versions(
    actor: Actor, *, text: str = "", state: str = "", agency: str = ""
) -> QuerySet[ItemVersion]:
    """One row an item: its newest published version with what is being written beside it, else that draft; one query.

    With a state, the versions of that state.
    """
    newest = (
        ItemVersion.objects.filter(item_id=OuterRef("item_id"), agency_id=OuterRef("agency_id"))
        .exclude(state__in=UNPUBLISHED)
        .order_by()
        .values("item_id")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    rows = versions_visible_to(actor).annotate(newest=Subquery(newest))
    rows = rows.filter(Q(state__in=UNPUBLISHED) | Q(number=F("newest")))
    rows = rows.annotate(**_open_version())
    outdated = Directory.objects.filter(
        item_id=OuterRef("item_id"), is_current=True, number__gt=OuterRef("directory__number")
    )
    rows = rows.annotate(is_behind_directory=Exists(outdated))
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(item__key__icontains=text) | Q(task_code__startswith=text)
        )
    if state in VersionState.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(state__in=UNPUBLISHED, newest__isnull=False)
    if agency:
        rows = rows.filter(agency__code=agency)
    return rows.order_by("name", "agency__code", "-number")


def _open_version() -> dict[str, Subquery]:
    """What is being written or checked beside a published version: ``open_pk``, ``open_number``, …"""
    beside = ItemVersion.objects.filter(
        item_id=OuterRef("item_id"), agency_id=OuterRef("agency_id"), state__in=UNPUBLISHED
    ).exclude(pk=OuterRef("pk"))
    return {f"open_{name}": Subquery(beside.values(name)[:1]) for name in ("pk", "number", "state", "words")}


def waiting_for_check(actor: Actor) -> int:
    """How many versions of the actor's agencies wait for a second person that he may be."""
    rows = ItemVersion.objects.filter(agency__code__in=editor_agencies(actor), state=VersionState.CHECKING)
    return rows.exclude(writers__contains=actor.user_id).count()


def returned_to(actor: Actor) -> int:
    """How many drafts that the actor has written in were returned to be mended."""
    rows = ItemVersion.objects.filter(agency__code__in=editor_agencies(actor), state=VersionState.DRAFT)
    return rows.filter(writers__contains=actor.user_id).exclude(words="").count()


def get_for_editor(version_id: int, actor: Actor) -> ItemVersion:
    """A version of the actor's agencies, drafts included; raises ItemNotFound for anybody else's."""
    rows = ItemVersion.objects.filter(agency__code__in=editor_agencies(actor)).select_related(
        "item", "agency__division", "directory__agency", "base", "author", "submitted_by", "checked_by"
    )
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise ItemNotFound("没有这个事项版本。", hint="请从事项管理的列表中重新选择。")
    return found


def get_comparable(version_id: int, actor: Actor) -> ItemVersion:
    """A version one may be compared with: one's own agency's, or any that was published."""
    mine = Q(agency__code__in=editor_agencies(actor))
    rows = ItemVersion.objects.filter(mine | ~Q(state__in=UNPUBLISHED)).select_related(
        "item", "agency__division"
    )
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise ItemNotFound("没有这个事项版本。", hint="请从版本列表中重新选择。")
    return found


def history_of(version: ItemVersion) -> QuerySet[ItemVersion]:
    """All versions of the same item at the same agency, newest first."""
    rows = ItemVersion.objects.filter(item_id=version.item_id, agency_id=version.agency_id)
    return (
        rows.select_related("author", "submitted_by", "checked_by")
        .defer("definition", "compiled_json")
        .order_by("-number")
    )


def in_force_beside(version: ItemVersion, on: date | None = None) -> ItemVersion | None:
    """The version of the same item and agency in force on a day (today)."""
    day = on or clock.today()
    rows = ItemVersion.objects.filter(
        item_id=version.item_id,
        agency_id=version.agency_id,
        state=VersionState.PUBLISHED,
        effective_on__lte=day,
    )
    return rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=day)).first()


def find_draft(item_key: str, agency: str) -> ItemVersion | None:
    """What is being written or checked of an item at an agency."""
    rows = ItemVersion.objects.filter(item__key=item_key, agency__code=agency, state__in=UNPUBLISHED)
    return rows.select_related("item", "agency__division", "directory").first()


def entries_to_adopt(
    offices: Iterable[str], *, text: str = "", shows_all: bool = False
) -> QuerySet[Directory]:
    """Current directory entries that agencies may adopt or revise (or all), by name, with what each is to them.

    ``is_ours``: handled by their kind of agency; ``is_adopted``: adopted already; ``is_owned``: theirs to revise.
    """
    codes = list(offices)
    mine = ItemVersion.objects.filter(item_id=OuterRef("item_id"), agency__code__in=codes)
    found = agencies.agencies_named(codes).values()
    ours = Q(standard__agency_kind__in={office.kind for office in found})
    for level in {LEVELS[office.division.level] for office in found} & {"5", "6"}:
        ours |= Q(standard__levels__contains=[level])
    rows = Directory.objects.filter(is_current=True).annotate(
        is_adopted=Exists(mine),
        is_ours=ours,
        is_owned=Q(agency__code__in=codes),
    )
    if not shows_all:
        rows = rows.filter(Q(is_ours=True) | Q(is_owned=True))
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(item__key__icontains=text))
    return rows.select_related("item", "agency").defer("standard").order_by("is_adopted", "name")


def get_entry(item_key: str) -> Directory:
    """The current directory entry of an item; raises ItemNotFound."""
    rows = Directory.objects.filter(item__key=item_key, is_current=True)
    found = rows.select_related("item", "agency").first()
    if found is None:
        raise ItemNotFound("目录中没有这个事项。", hint="请从目录列表中重新选择。")
    return found


def is_behind(version: ItemVersion) -> bool:
    """Whether another version, or another edition of the directory, came out since a draft began."""
    newest = ItemVersion.objects.filter(item_id=version.item_id, agency_id=version.agency_id)
    last = newest.exclude(state__in=UNPUBLISHED).order_by("-number").values_list("pk", flat=True).first()
    if last != version.base_id:
        return True
    editions = Directory.objects.filter(item_id=version.item_id, is_current=True)
    return version.directory_id is not None and editions.exclude(pk=version.directory_id).exists()


def comparable_with(version: ItemVersion) -> list[ItemVersion]:
    """What a version can be set beside: its agency's other versions, and those in force elsewhere."""
    rows = (
        ItemVersion.objects.filter(item_id=version.item_id)
        .exclude(pk=version.pk)
        .exclude(state__in=UNPUBLISHED)
    )
    own = Q(agency_id=version.agency_id)
    elsewhere = Q(state=VersionState.PUBLISHED, effective_until__isnull=True)
    found = rows.filter(own | elsewhere).select_related("agency").defer("definition", "compiled_json")
    return sorted(found, key=lambda row: (row.agency_id != version.agency_id, row.agency.code, -row.number))
