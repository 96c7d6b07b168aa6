"""Materials of a claim as they are handed in: what data cannot give, each a checked file."""

from collections.abc import Collection, Mapping
from typing import Any

from yueban.claims.errors import ClaimInvalid
from yueban.files import services as files
from yueban.files.errors import FileRefused
from yueban.files.models import StoredFile
from yueban.kernel.actor import Actor
from yueban.policies.standard import OfferStandard


def received(
    actor: Actor, standard: OfferStandard, uploads: Mapping[str, Any], *, only: Collection[str] | None = None
) -> tuple[tuple[str, StoredFile], ...]:
    """A file for each material, or for these alone; raises ClaimInvalid naming what is missing or refused."""
    kept: list[tuple[str, StoredFile]] = []
    wrong: dict[str, str] = {}
    for place, material in enumerate(standard.materials):
        if only is not None and f"material-{place}" not in only:
            continue
        upload = uploads.get(f"material-{place}")
        if upload is None:
            wrong[f"material-{place}"] = f"请上传“{material}”。"
            continue
        try:
            kept.append((material, files.store_file(content=upload, name=upload.name, actor=actor)))
        except FileRefused as error:
            wrong[f"material-{place}"] = str(error)
    if wrong:
        raise ClaimInvalid.of_fields(wrong)
    return tuple(kept)
