"""One line of the doctor's report."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Check:
    """What was looked at, whether it is well, what was seen, and what to do when it is not.

    `purpose` says what fails without it: `run` (the platform), `tests`, `rare-names` (characters in
    printed documents), `precheck` (a machine's look at uploads), or `consult` (the consultation). Only
    `run` decides whether the doctor is content.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    purpose: str = "run"

    def as_dict(self) -> dict[str, object]:
        """The object of docs/schemas/doctor.json."""
        return asdict(self)


def well(name: str, detail: str, *, purpose: str = "run") -> Check:
    """A check that found nothing wrong."""
    return Check(name, ok=True, detail=detail, purpose=purpose)


def ill(name: str, detail: str, remedy: str, *, purpose: str = "run") -> Check:
    """A check that found something, with what to do."""
    return Check(name, ok=False, detail=detail, remedy=remedy, purpose=purpose)
