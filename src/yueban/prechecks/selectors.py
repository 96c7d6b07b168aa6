"""Reads of prechecks; who may see one is decided by the object its file hangs on."""

from pathlib import Path

from yueban.prechecks import kinds
from yueban.prechecks.models import Precheck

DOCUMENTS_FILE = kinds.FILE


def find_waiting(file_number: str) -> Precheck | None:
    """The precheck of this file that is still to be answered."""
    return Precheck.objects.select_related("file").filter(file__number=file_number, done_at=None).first()


def check_documents(path: Path, *, canonicals: set[str]) -> list[str]:
    """What is wrong with a city's ``documents.yaml``, in words."""
    return kinds.check_file(path, canonicals=canonicals)


def name_of(key: str) -> str:
    """What people call this kind of document; empty where the city no longer knows it."""
    return next((one.name for one in kinds.documents().documents if one.key == key), "")


def names_serving(material: str) -> tuple[str, ...]:
    """What people call the documents that may serve as this canonical material."""
    return tuple(one.name for one in kinds.documents().serving(material))
