"""The typed standard of a stored offer version, with its parameters as they are on a day."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from yueban.kernel import clock
from yueban.kernel.canonical import canonical, digest
from yueban.policies.models import OfferVersion, Parameter
from yueban.policies.standard import OfferStandard

PARAMETER = b'"parameter":'


def standard_of(version: OfferVersion, on: date | None = None) -> OfferStandard:
    """The offer as typed data; read once for its content, and for the values of its parameters on the day."""
    written = canonical(version.definition)
    if PARAMETER in written:
        values = parameters_on(on or clock.today())
        written = canonical(with_parameters(version.definition, values))
    return _read(written)


@lru_cache(maxsize=4096)
def _read(written: bytes) -> OfferStandard:
    return OfferStandard.model_validate_json(written)


def parameters_on(on: date) -> dict[str, Any]:
    """Name → value of every parameter on a day."""
    rows = Parameter.objects.filter(from_on__lte=on).order_by("from_on")
    return dict(rows.values_list("name", "value"))


def with_parameters(content: Any, values: Mapping[str, Any]) -> Any:
    """The content with ``{"parameter": name}`` replaced by its value; an unknown name stays as it stands."""
    if isinstance(content, Mapping):
        if set(content) == {"parameter"} and content["parameter"] in values:
            return values[content["parameter"]]
        return {key: with_parameters(value, values) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [with_parameters(value, values) for value in content]
    return content


def definition_of(standard: OfferStandard) -> dict[str, Any]:
    """The standard as it is stored: empty fields are left out."""
    return standard.model_dump(mode="json", exclude_defaults=True) | {
        "benefits": [benefit.model_dump(mode="json", exclude_none=True) for benefit in standard.benefits]
    }


def hash_of(definition: Mapping[str, Any], spans: Any) -> str:
    """SHA-256 over what the offer says and the words it was read from."""
    return digest({"definition": definition, "spans": spans})
