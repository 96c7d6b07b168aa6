"""From the merged answers and form back to each child's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yueban.catalogue.bundles import need
from yueban.catalogue.situations import walk
from yueban.expressions import Truth

if TYPE_CHECKING:
    from yueban.catalogue.bundles.compiled import ChildSection, CompiledBundle, CompiledChild

Data = dict[str, Any]


def needed_children(bundle: CompiledBundle, facts: Mapping[str, object]) -> list[str]:
    """The children needed with these facts (those of the path and of the form), in the bundle's order."""
    known = {**facts, **need.settle(bundle, facts)}
    return [child.key for child in bundle.children if need.is_needed(bundle, child, known) is Truth.TRUE]


def child_input(
    bundle: CompiledBundle,
    child_key: str,
    answers: Mapping[str, object],
    form: Mapping[str, Any],
    *,
    row: int | None = None,
    results: Mapping[str, Any] | None = None,
) -> tuple[dict[str, str], Data]:
    """The child's own answers and form data; ``row`` = which row of a child that is one case a row.

    ``results`` (own element → value) are what other children have issued by now; they go before what was filled in.
    """
    child = bundle.child_by_key[child_key]
    return own_answers(bundle, child, walk(bundle, answers).facts), _form(child, form, row, results or {})


def own_answers(bundle: CompiledBundle, child: CompiledChild, facts: Mapping[str, object]) -> dict[str, str]:
    """The answers of the child's own questions, settled ones among them, as the facts of the path have them."""
    given = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in child.answers.items()
    }
    for own, merged in child.questions.items():
        value = facts.get(bundle.situations.questions[merged].element)
        if value is not None:
            given[own] = str(value).lower() if isinstance(value, bool) else str(value)
    return given


def _form(child: CompiledChild, form: Mapping[str, Any], row: int | None, results: Mapping[str, Any]) -> Data:
    data: Data = {}
    for section in child.sections:
        if section.merged is None:
            data |= _single(section, form, results)
            continue
        rows = form.get(section.merged) or []
        if child.repeat == section.key and row is not None:
            rows = rows[row : row + 1]
        data[section.key] = [_row(section, one) for one in rows]
    return {key: value for key, value in data.items() if value != []}


def _single(section: ChildSection, form: Mapping[str, Any], results: Mapping[str, Any]) -> Data:
    """Each element from what was issued, else as filled in for it, else from the element it follows."""
    data: Data = {}
    for own, merged in section.elements.items():
        for source, name in ((results, own), (form, own), (form, merged)):
            if source.get(name) not in (None, ""):
                data[own] = source[name]
                break
    return data


def _row(section: ChildSection, row: Mapping[str, Any]) -> Data:
    return {own: row[own] for own in section.elements if own in row}
