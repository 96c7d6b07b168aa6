"""The copy panel: what must be typed into a running system, in the order and the words of its screens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.models import Case, Relay
from yueban.catalogue.compiled import CompiledField
from yueban.channels.desk.form_view import value_text
from yueban.channels.shared.fields import masked_as
from yueban.flows.systems import FieldMap, RunningSystem, Screen, find_system, system_of, written
from yueban.kernel import masking

ELSEWHERE = (CaseState.RELAYED, CaseState.CLOSED_ELSEWHERE)


@dataclass(frozen=True)
class CopyLine:
    """One field of the system: its label there, what to type, and whether that is hidden just now."""

    label: str
    ours: str
    shown: str
    whole: str
    is_masked: bool


@dataclass(frozen=True)
class CopyScreen:
    """One screen of the system, or its n-th filling."""

    title: str
    lines: list[CopyLine]


@dataclass(frozen=True)
class RelayView:
    """A case that runs in another system."""

    system: RunningSystem
    relay: Relay | None
    screens: list[CopyScreen]


def relay_view(case: Case) -> RelayView | None:
    """The panel of this case; None where it is decided here."""
    if system_of(case.item_version.item.key) is None and case.state not in ELSEWHERE:
        return None
    relay = cases.relay_of(case)
    system = find_system(relay.system) if relay else system_of(case.item_version.item.key)
    if system is None:
        return None
    fields = {
        field.element: field
        for section in case.item_version.compiled.form.sections
        for field in section.fields
    }
    mapped = system.items.get(case.item_version.item.key, ())
    screens = [shown for screen in mapped for shown in _screens(screen, case.form, fields)]
    return RelayView(system, relay, screens)


def _screens(
    screen: Screen, form: Mapping[str, Any], fields: Mapping[str, CompiledField]
) -> Iterator[CopyScreen]:
    if not screen.repeat:
        yield CopyScreen(screen.title, list(_lines(screen, form, fields)))
        return
    for number, entry in enumerate(form.get(screen.repeat) or [], 1):
        yield CopyScreen(f"{screen.title} {number}", list(_lines(screen, entry, fields)))


def _lines(
    screen: Screen, entry: Mapping[str, Any], fields: Mapping[str, CompiledField]
) -> Iterator[CopyLine]:
    for mapped in screen.fields:
        field = fields.get(mapped.element)
        value = entry.get(mapped.element)
        if field is None or value in (None, "", []):
            continue
        yield _line(mapped, field, value)


def _line(mapped: FieldMap, field: CompiledField, value: Any) -> CopyLine:
    plain = value_text(field, value) if field.choices else value
    whole = written(plain, mapped.format)
    profile = masked_as(field.format, field.sensitivity)
    return CopyLine(
        label=mapped.label,
        ours=field.label,
        shown=masking.mask(profile, whole) if profile else whole,
        whole=whole,
        is_masked=bool(profile),
    )
