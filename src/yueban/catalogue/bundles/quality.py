"""Quality rules of bundles: what a sound bundle still owes to those who read it."""

from __future__ import annotations

from collections.abc import Iterator

from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.quality import Finding


def check_bundle_quality(standard: BundleStandard) -> list[Finding]:
    """The findings, by rule."""
    return list(_findings(standard))


def _findings(standard: BundleStandard) -> Iterator[Finding]:
    doubted = {doubt.field for doubt in standard.unverified}
    if standard.name_en is None or standard.summary_en is None:
        yield Finding("B01", standard.key, "name_en", "没有英文名称或英文简介。")
    if not standard.faq:
        yield Finding("B02", standard.key, "faq", "没有常见问题。")
    if standard.baseline is None and "baseline" not in doubted:
        message = "没有改革前的数，也没有在 unverified 里说明。"
        yield Finding("B03", standard.key, "baseline", message)
    if standard.national is not None and standard.national.name is None and "national" not in doubted:
        yield Finding("B04", standard.key, "national", "国家清单上的名称没有确认，也没有标待核。")
    if standard.life_stage.person is None and standard.life_stage.enterprise is None:
        yield Finding("B05", standard.key, "life_stage", "没有写明属于哪个人生或企业阶段。")
