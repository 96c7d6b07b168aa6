"""The bundles of a city pack, compiled where all their items are, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from yueban.catalogue.services import (
    BundleUnsound,
    Compiled,
    Finding,
    Prepared,
    check_bundle_quality,
    compile_bundle,
)
from yueban.divisions import selectors as divisions
from yueban.flows.city_files import BundleFile, Pack
from yueban.flows.city_pack import PackProblem


def check_bundles(
    pack: Pack, prepared: Sequence[Prepared], progress: Callable[[str], None]
) -> Iterator[PackProblem]:
    """Every bundle compiled in the first division that has its items, and what is wrong with it."""
    places = _items_by_division(prepared)
    seen: dict[str, str] = {}
    for file in pack.bundles:
        if file.standard is None:
            continue
        progress(f"检查一件事 {file.standard.name}")
        other = seen.setdefault(file.standard.key, file.document.file)
        if other != file.document.file:
            yield file.document.problem(("key",), f"一件事 key 与 {other} 相同。", "每个 key 应唯一。")
        yield from _problems(pack, file, places)
        yield from _national_problems(pack, file)


def _items_by_division(prepared: Sequence[Prepared]) -> dict[str, dict[str, Compiled]]:
    """Division → item → as compiled there: by its own agency, or by one of a division above it."""
    own: dict[str, dict[str, Compiled]] = {}
    for one in prepared:
        own.setdefault(one.agency.division, {}).setdefault(one.standard.key, one.compiled)
    return {
        place: {
            key: compiled
            for above in reversed(divisions.ancestry(place))
            for key, compiled in own.get(above, {}).items()
        }
        for place in own
    }


def _problems(
    pack: Pack, file: BundleFile, places: Mapping[str, Mapping[str, Compiled]]
) -> Iterator[PackProblem]:
    assert file.standard is not None
    wanted = {child.item for child in file.standard.children}
    whole = [items for items in places.values() if wanted <= set(items)]
    known = {key: one for items in places.values() for key, one in items.items()}
    stated = {item.standard.key for item in pack.items if item.standard is not None}
    broken = any(item.standard is None for item in pack.items)
    if not whole and wanted <= set(known):
        message = "没有一个区划同时开办它的全部事项。"
        yield file.document.problem(("children",), message, "请让各事项由同一区县或市里的部门认领。")
    # An item that could not be read or compiled is reported itself; what joins it may be right.
    missing = wanted - set(known)
    if missing and (broken or missing & stated):
        return
    try:
        compile_bundle(file.standard, whole[0] if whole else known, pack.dictionary)
    except BundleUnsound as error:
        for problem in error.data["problems"]:
            yield file.document.problem(tuple(problem["path"]), problem["message"], problem["hint"])


def _national_problems(pack: Pack, file: BundleFile) -> Iterator[PackProblem]:
    """A place in the national list must be one that the list has."""
    entry = file.standard.national if file.standard else None
    if entry is None or pack.national is None or entry.name is None:
        return
    batch = next((one for one in pack.national.batches if one.key == entry.batch), None)
    if batch is None or all(one.name != entry.name for one in batch.entries):
        message = f"国家清单的批次“{entry.batch}”里没有“{entry.name}”。"
        yield file.document.problem(("national",), message, "请与 bundles/national.yaml 核对。")


def find_bundle_faults(pack: Pack) -> list[Finding]:
    """What the quality rules find in sound bundles; nothing is refused for it."""
    standards = (file.standard for file in pack.bundles if file.standard is not None)
    return [finding for standard in standards for finding in check_bundle_quality(standard)]
