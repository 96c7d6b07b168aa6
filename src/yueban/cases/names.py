"""The names that may stand on a document handed in: the applicant's, and those that the form names."""

from collections.abc import Iterator
from typing import Any

from yueban.cases.bundle_models import BundleFile
from yueban.cases.models import ApplicationFile, MaterialFile

NAMES = ("name", "_name")


def names_about(file_number: str) -> list[str]:
    """Names in the draft or case that this file was put to; empty where it hangs on neither."""
    about: Any = None
    for rows in (ApplicationFile, BundleFile):
        row = rows.objects.select_related("application__party").filter(file__number=file_number).first()
        about = about or (row and row.application)
    if about is None:
        handed_in = MaterialFile.objects.select_related("material__case__party").filter(
            file__number=file_number
        )
        about = next((row.material.case for row in handed_in[:1]), None)
    if about is None:
        return []
    return list(dict.fromkeys([about.party.name, *_names(about.form)]))


def _names(value: Any, element: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _names(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)
    elif isinstance(value, str) and value and element.endswith(NAMES):
        yield value
