"""Data elements, versioned code lists with profiles, and canonical materials."""

import uuid

from django.db import models

from yueban.elements.choices import ElementFormat, ElementType, Profile, Sensitivity


class CodeList(models.Model):
    """One edition of a code list: the same key may exist as 国标, 省标 and 市标, and in several versions."""

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    profile = models.CharField(max_length=20, choices=Profile)
    standard = models.CharField(max_length=200, blank=True, default="")
    version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "profile", "version"], name="one_edition_of_a_code_list")
        ]

    def __str__(self) -> str:
        return f"{self.name}({self.get_profile_display()} {self.version})"


class CodeEntry(models.Model):
    """One code of a list, in the list's order."""

    code_list = models.ForeignKey(CodeList, on_delete=models.CASCADE, related_name="entries")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["code_list", "code"], name="code_once_in_a_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Element(models.Model):
    """A data element: at once a form field, a fact of rules and an attribute of a profile."""

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True, default="")
    type = models.CharField(max_length=20, choices=ElementType)
    format = models.CharField(max_length=20, choices=ElementFormat, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    code_list = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=100, blank=True, default="")
    sensitivity = models.CharField(max_length=20, choices=Sensitivity, default=Sensitivity.PUBLIC)
    max_length = models.PositiveIntegerField(null=True, blank=True)
    bounds = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.name}({self.code})"


class CanonicalMaterial(models.Model):
    """An entry of the 材料字典: the same paper under whatever name an item gives it."""

    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    certificate_type = models.CharField(max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class VocabularyEdition(models.Model):
    """One row whose stamp changes with every load of elements, so that every process drops its cache."""

    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.stamp)
