"""A policy's text cut into stretches: plain ones, and those that a field of an offer was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

NAMES = {
    "conditions": gettext_lazy("对象条件"),
    "benefits": gettext_lazy("支持内容"),
    "department_kind": gettext_lazy("责任部门"),
    "beneficiary": gettext_lazy("享受对象"),
    "exclusive": gettext_lazy("不重复享受"),
    "caps": gettext_lazy("上限"),
    "unresolved": gettext_lazy("没读懂"),
    "manual": gettext_lazy("人工核实"),
    "instalments": gettext_lazy("分期"),
    "materials": gettext_lazy("申报材料"),
}


@dataclass(frozen=True)
class Stretch:
    """Some words; ``field`` empty = plain, ``number`` counts the stretches that are linked."""

    text: str
    field: str = ""
    number: int = 0

    @property
    def target(self) -> str:
        """The id of the part of the form that these words became."""
        return f"part-{self.field}"

    @property
    def name(self) -> str:
        """What the part is called."""
        return str(NAMES.get(self.field, self.field))


def clause_of(spans: Sequence[Mapping[str, Any]]) -> tuple[int, int] | None:
    """Where the clause stands."""
    found = next((one for one in spans if one["for"] == "clause"), None)
    return (found["start"], found["end"]) if found is not None else None


def stretches(text: str, spans: Sequence[Mapping[str, Any]]) -> list[Stretch]:
    """The clause from its first word to its last; where spans overlap, the first one has the words."""
    start, end = clause_of(spans) or (0, len(text))
    marks = sorted(
        (one for one in spans if one["for"] != "clause" and start <= one["start"] < one["end"] <= end),
        key=lambda one: (one["start"], one["end"]),
    )
    found: list[Stretch] = []
    place = start
    for one in marks:
        begin = max(one["start"], place)
        if begin >= one["end"]:
            continue
        if begin > place:
            found.append(Stretch(text[place:begin]))
        number = sum(1 for stretch in found if stretch.field) + 1
        found.append(Stretch(text[begin : one["end"]], part_of(one["for"]), number))
        place = one["end"]
    if place < end:
        found.append(Stretch(text[place:end]))
    return found


def part_of(field: str) -> str:
    """benefits.step-1 and conditions.all[0] belong to the parts benefits and conditions."""
    return field.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]


def quotes(found: Sequence[Stretch]) -> dict[str, list[Stretch]]:
    """Part of the form → its words."""
    linked: dict[str, list[Stretch]] = {}
    for stretch in found:
        if stretch.field:
            linked.setdefault(stretch.field, []).append(stretch)
    return linked
