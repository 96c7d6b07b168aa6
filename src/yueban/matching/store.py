"""Tables on disk: one file an edition under DATA_DIR/matching, written whole or not at all."""

import json
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from yueban.expressions.columns import Coded, Column, Ordered, Sets, Table
from yueban.matching.profiles import Profiles

# Editions kept beside the one that stands: whoever has just been told of an older one may still read it.
KEPT: Final = 2
FORMAT: Final = 1


def folder() -> Path:
    """Where the tables lie."""
    return Path(settings.DATA_DIR) / "matching"


def path_of(stamp: UUID) -> Path:
    """The file of an edition; its stamp is told by the database alone, so a file nobody committed to is never read."""
    return folder() / f"table-{stamp}.npz"


def save(profiles: Profiles, stamp: UUID) -> None:
    """Write the file of an edition and make it last before anybody is told of it."""
    folder().mkdir(parents=True, exist_ok=True)
    arrays, about = _taken_apart(profiles)
    descriptor, name = tempfile.mkstemp(dir=folder(), suffix=".part")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            np.savez(handle, allow_pickle=False, about=_as_bytes(about), **arrays)
            handle.flush()
            os.fsync(handle.fileno())
        path.replace(path_of(stamp))
    finally:
        path.unlink(missing_ok=True)


def load(stamp: UUID) -> Profiles | None:
    """The table of an edition; None where the file is not here (any longer)."""
    try:
        with np.load(path_of(stamp), allow_pickle=False) as held:
            return _put_together({name: held[name] for name in held.files})
    except FileNotFoundError:
        return None


def drop_old(current: UUID) -> None:
    """Remove files that no longer stand: all but the newest few, and what killed writers left."""
    standing = path_of(current)
    others = sorted(
        (path for path in folder().glob("table-*.npz") if path != standing), key=_age, reverse=True
    )
    for path in [*others[KEPT:], *folder().glob("*.part")]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _as_bytes(about: dict[str, Any]) -> NDArray[Any]:
    return np.frombuffer(json.dumps(about).encode(), np.uint8)


def _taken_apart(profiles: Profiles) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    arrays: dict[str, NDArray[Any]] = {"party_ids": profiles.party_ids}
    columns: dict[str, dict[str, Any]] = {}
    for place, (code, column) in enumerate(profiles.table.columns.items()):
        arrays |= {f"{place}.present": column.present, f"{place}.absent": column.absent}
        arrays[f"{place}.sources"] = profiles.sources[code]
        match column:
            case Ordered():
                arrays[f"{place}.values"] = column.values
                columns[code] = {"kind": "ordered"}
            case Coded():
                arrays[f"{place}.places"] = column.places
                columns[code] = {"kind": "coded", "values": list(column.values)}
            case Sets():
                for number, holders in enumerate(column.holders.values()):
                    arrays[f"{place}.holders.{number}"] = holders
                columns[code] = {"kind": "sets", "values": list(column.holders)}
    about = {
        "format": FORMAT,
        "on": profiles.on.isoformat(),
        "source_names": profiles.source_names,
        "columns": columns,
    }
    return arrays, about


def _put_together(arrays: dict[str, NDArray[Any]]) -> Profiles:
    about = json.loads(arrays["about"].tobytes())
    party_ids = arrays["party_ids"]
    columns: dict[str, Column] = {}
    sources = {}
    for place, (code, said) in enumerate(about["columns"].items()):
        present, absent = arrays[f"{place}.present"], arrays[f"{place}.absent"]
        sources[code] = arrays[f"{place}.sources"]
        match said["kind"]:
            case "ordered":
                columns[code] = Ordered(present=present, absent=absent, values=arrays[f"{place}.values"])
            case "coded":
                places = arrays[f"{place}.places"]
                columns[code] = Coded(present=present, absent=absent, values=said["values"], places=places)
            case _:
                holders = {name: arrays[f"{place}.holders.{n}"] for n, name in enumerate(said["values"])}
                columns[code] = Sets(present=present, absent=absent, holders=holders)
    return Profiles(
        date.fromisoformat(about["on"]),
        party_ids,
        Table(len(party_ids), columns),
        sources,
        tuple(about["source_names"]),
    )
