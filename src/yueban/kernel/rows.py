"""Rows that people write (items, bundles, offers): strict, closed and frozen."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """An unknown or mistyped field is a mistake of the writer, never silently dropped."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def without_empty(stored: dict[str, Any], name: str) -> dict[str, Any]:
    """A stored row without this field where it is empty."""
    return {key: value for key, value in stored.items() if key != name or value is not None}


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
ElementCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Text = Annotated[str, Field(min_length=1, max_length=5000)]
# A condition in the rule language, kept as written; compile.py reads and checks it.
Rule = dict[str, Any]
EMPTY: tuple[()] = ()


class Doubt(Row):
    """待核: a field whose content is not confirmed, shown beside it."""

    field: Line
    note: Line
