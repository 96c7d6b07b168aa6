"""Items and their versions at the agencies that adopted them (认领)."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from yueban.catalogue.choices import UNPUBLISHED, VersionState

if TYPE_CHECKING:
    from yueban.catalogue.bundles.compiled import CompiledBundle
    from yueban.catalogue.compiled import Compiled


class Item(models.Model):
    """A service item of the directory; what it asks and promises stands in its versions."""

    key = models.SlugField(max_length=80, unique=True)
    catalog_code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class SearchText(models.Model):
    """The names by which versions can be found; versions of the same words share one (``digest``)."""

    digest = models.CharField(max_length=64, unique=True)
    names = models.JSONField()

    def __str__(self) -> str:
        return str(self.names[0][0])


class SearchKey(models.Model):
    """One key (characters, pinyin, initials) of a SearchText: the inverted index of the search."""

    text = models.ForeignKey(SearchText, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "text"], name="search_key_once")]
        indexes = [models.Index(fields=["text"], name="search_key_by_text")]

    def __str__(self) -> str:
        return self.key


class Directory(models.Model):
    """One edition of a 目录 entry: the standard its owner sets, from which lower agencies adopt (认领).

    ``locked`` names the fields an adopter may not change; times, materials and visits it may only lessen.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="directory")
    number = models.PositiveIntegerField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=1)
    name = models.CharField(max_length=200)
    standard = models.JSONField()
    locked = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="directory_edition_numbered_once"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(is_current=True), name="one_current_edition_of_an_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 目录第{self.number}版"


class ItemVersion(models.Model):
    """One version of an item at one agency; what was published never changes (a trigger refuses it).

    In force on a day: published, ``effective_on`` reached, ``effective_until`` not (None = open).
    A draft may be unsound: then its ``definition`` is what was typed and nothing is compiled yet.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    effective_on = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    summary = models.CharField(max_length=500)
    summary_en = models.CharField(max_length=500, blank=True, default="")
    task_code = models.CharField(max_length=33)
    for_person = models.BooleanField()
    for_enterprise = models.BooleanField()
    definition = models.JSONField()
    # The compiled form stands in a column of its own name so that ``compiled`` can be the typed object.
    compiled_json = models.JSONField(db_column="compiled")
    content_hash = models.CharField(max_length=64)
    search_text = models.ForeignKey(
        SearchText, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    # What an editor's draft carries besides its words.
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    directory = models.ForeignKey(
        Directory, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    writers = models.JSONField(default=list, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Why it was returned, suspended or cancelled.
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["agency", "effective_on"], name="item_version_in_force"),
            models.Index(fields=["agency", "state"], name="item_version_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "agency", "number"], name="item_version_numbered_once"),
            models.UniqueConstraint(
                fields=["item", "agency"],
                condition=models.Q(state=VersionState.PUBLISHED, effective_until__isnull=True),
                name="one_open_version_of_an_item_at_an_agency",
            ),
            models.UniqueConstraint(
                fields=["item", "agency"],
                condition=models.Q(state__in=[str(state) for state in UNPUBLISHED]),
                name="one_draft_of_an_item_at_an_agency",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in UNPUBLISHED])
                | models.Q(published_at__isnull=False, search_text__isnull=False),
                name="published_version_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第{self.number}版"

    @cached_property
    def compiled(self) -> "Compiled":
        """The compiled standard, typed."""
        # Imported here only to keep the models free of the whole standard at start-up.
        from yueban.catalogue.known_versions import compiled_of

        return compiled_of(self)

    @property
    def revises_directory(self) -> bool:
        """Whether this is the directory's own next edition being written (修订目录), not a version to apply under."""
        return self.directory is not None and self.directory.agency_id == self.agency_id

    @property
    def facts(self) -> dict[str, Any]:
        """What names this version wherever it is shown: number, date and hash."""
        return {"number": self.number, "effective_on": self.effective_on, "hash": self.content_hash}


class Bundle(models.Model):
    """A bundle (一件事) of the city; what it joins stands in its versions."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class BundleVersion(models.Model):
    """One version of a bundle in one division; what was published never changes (a trigger refuses it).

    A new one is made when its own words or a version of one of its items change. In force as an item version is.
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="versions")
    division_code = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.PUBLISHED)
    published_at = models.DateTimeField()
    effective_on = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    summary = models.CharField(max_length=500)
    summary_en = models.CharField(max_length=500, blank=True, default="")
    for_person = models.BooleanField()
    for_enterprise = models.BooleanField()
    definition = models.JSONField()
    compiled_json = models.JSONField(db_column="compiled")
    content_hash = models.CharField(max_length=64)
    # Why it is suspended: what its items no longer agree on.
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["division_code", "effective_on"], name="bundle_version_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "division_code", "number"], name="bundle_version_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["bundle", "division_code"],
                condition=models.Q(state=VersionState.PUBLISHED, effective_until__isnull=True),
                name="one_open_version_of_a_bundle_in_a_division",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.division_code} 第{self.number}版"

    @cached_property
    def compiled_bundle(self) -> "CompiledBundle":
        """The compiled bundle, typed."""
        # As for items: the models stay free of the whole standard at start-up.
        from yueban.catalogue.bundles.known import compiled_of

        return compiled_of(self)


class BundleChildVersion(models.Model):
    """The version of an item that a bundle version joins."""

    bundle_version = models.ForeignKey(BundleVersion, on_delete=models.PROTECT, related_name="child_versions")
    child_key = models.CharField(max_length=60)
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="bundle_uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle_version", "child_key"], name="one_item_version_a_child")
        ]

    def __str__(self) -> str:
        return f"{self.bundle_version_id}:{self.child_key}"


class NationalList(models.Model):
    """The national list of bundles as the city pack states it; one row."""

    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return "高效办成一件事重点事项清单"
