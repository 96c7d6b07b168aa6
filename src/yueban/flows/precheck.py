"""机器预检: a machine looks at what was put up, and says what it doubts. Nothing waits for it."""

from yueban.cases import selectors as cases_read
from yueban.cases.models import CaseMaterial
from yueban.files.models import StoredFile
from yueban.jobs import services as jobs
from yueban.prechecks import selectors as prechecks_read
from yueban.prechecks import services as prechecks

JOB = "flows.precheck"
# One page at a time: what people wait for comes first.
ONE_BY_ONE = "precheck"


def ask(file: StoredFile, application: cases_read.AnyApplication, material_key: str) -> None:
    """Have a file of a draft looked at; inside the transaction of the upload."""
    materials = cases_read.compiled_of(application).materials
    _ask(file, next((one.canonical for one in materials if one.key == material_key), ""))


def ask_for_case(file: StoredFile, material: CaseMaterial) -> None:
    """The same for a file that is handed in later."""
    _ask(file, str(material.detail.get("canonical", "")))


def _ask(file: StoredFile, canonical: str) -> None:
    if prechecks.ask(file=file, material=canonical) is not None:
        jobs.enqueue_apart(JOB, ONE_BY_ONE, file_number=file.number)


def answer(file_number: str) -> None:
    """Look at one file; running again changes nothing."""
    precheck = prechecks_read.find_waiting(file_number)
    if precheck is not None:
        prechecks.answer(precheck=precheck, names=cases_read.names_about(file_number))
