"""What the guide of a 一件事 says in every channel: its figures, what it spares, and what it joins."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.standard import Figures
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import StatLine, visits_text
from yueban.channels.shared.sayings import said

MINUTES_A_DAY, MINUTES_AN_HOUR = 480, 60


@dataclass(frozen=True)
class Saving:
    """One figure of a bundle beside its parts taken one by one and beside how it was before."""

    label: str
    together: str
    apart: str
    before: str
    change: str


@dataclass(frozen=True)
class ChildLine:
    """One item of the bundle as its guide shows it."""

    name: str
    agency: str
    limit: str
    need: str
    after: str
    ended: str = ""
    visit: str = ""


def bundle_figures(compiled: CompiledBundle) -> list[StatLine]:
    """The facts people ask first, each beside what it would be one by one; an item alone stands beside nothing."""
    one, apart = compiled.predicted, compiled.parts
    is_joined = len(compiled.children) > 1

    def beside(text: str) -> str:
        return _("分开办合计 %(what)s") % {"what": text} if text and is_joined else ""

    return [
        StatLine(
            _("多久办好"), said(compiled.promised_text), beside(_days(apart.days)) if apart.days else ""
        ),
        StatLine(_("要跑几次"), visits_text(one.visits or 0), beside(_visits(apart.visits))),
        StatLine(
            _("要交什么"),
            _pieces(one.uploads) if one.uploads else _("不用交"),
            beside(_pieces(apart.uploads)),
        ),
        StatLine(_("要填什么"), _fields(one), beside(_fields(apart))),
    ]


def _days(days: Decimal | None) -> str:
    if days is None:
        return ""
    if days == 0:
        return _("当场办结")
    if days < 1:
        return _part_of_a_day(days)
    told = ngettext("%(n)s 个工作日", "%(n)s 个工作日", math.ceil(days))
    return told % {"n": f"{days.normalize():f}"}


def _part_of_a_day(days: Decimal) -> str:
    """A share of a working day of eight hours."""
    minutes = round(days * MINUTES_A_DAY)
    if minutes < MINUTES_AN_HOUR:
        return _("%(n)s 分钟") % {"n": minutes}
    return _("%(n)s 小时") % {"n": f"{Decimal(minutes) / MINUTES_AN_HOUR:.1f}"}


def _visits(count: int | None) -> str:
    return "" if count is None else visits_text(count)


def _pieces(count: int | None) -> str:
    return "" if count is None else _("%(n)s 件") % {"n": count}


def _fields(figures: Figures) -> str:
    if figures.fields is None or figures.forms is None:
        return ""
    return _("%(forms)s 张表，%(fields)s 项") % {"forms": figures.forms, "fields": figures.fields}


def bundle_savings(compiled: CompiledBundle) -> list[Saving]:
    """Predicted figures beside the sum of the parts and beside the baseline; what is not known stays empty."""
    one, apart = compiled.predicted, compiled.parts
    before = compiled.baseline.figures if compiled.baseline else Figures()
    counted = (
        (_("跑动次数"), "visits", _times),
        (_("材料"), "materials", _pieces),
        (_("自己上传的材料"), "uploads", _pieces),
        (_("填写的项目"), "fields", _entries),
        (_("表格"), "forms", _sheets),
    )
    times = [_days(figures.days) for figures in (one, apart, before)]
    first = Saving(_("办理时间"), times[0], times[1], times[2], _change(one.days, apart.days))
    return [first, *(_counted(label, name, show, (one, apart, before)) for label, name, show in counted)]


def _counted(
    label: str, name: str, show: Callable[[int | None], str], figures: tuple[Figures, Figures, Figures]
) -> Saving:
    now, parts, before = (getattr(one, name) for one in figures)
    return Saving(label, show(now), show(parts), show(before), _change(now, parts))


def _times(count: int | None) -> str:
    return "" if count is None else _("%(n)s 次") % {"n": count}


def _entries(count: int | None) -> str:
    return "" if count is None else _("%(n)s 项") % {"n": count}


def _sheets(count: int | None) -> str:
    return "" if count is None else _("%(n)s 张") % {"n": count}


def _change(now: Decimal | int | None, parts: Decimal | int | None) -> str:
    """−40%: computed from the two, never claimed."""
    if now is None or not parts:
        return ""
    share = round((Decimal(now) - Decimal(parts)) / Decimal(parts) * 100)
    return f"−{-share}%" if share < 0 else "" if share == 0 else f"+{share}%"


def bundle_children(compiled: CompiledBundle) -> list[ChildLine]:
    names = {child.key: named(child.name, child.name_en) for child in compiled.children}
    order = {key: place for place, stage in enumerate(compiled.stages) for key in stage}
    needs = {"mandatory": "", "optional": _("可选"), "conditional": _("视情况")}

    def sources(key: str, *kinds: str) -> str:
        found = (edge.source for edge in compiled.edges if edge.target == key and edge.kind in kinds)
        return "、".join(dict.fromkeys(names[source] for source in found))

    return [
        ChildLine(
            name=names[child.key],
            agency=child.agency.short_name,
            limit=said(child.promised_text),
            need=needs[child.need],
            after=sources(child.key, "result_input", "approve_start"),
            ended=sources(child.key, "all_finish"),
            visit=sources(child.key, "same_visit"),
        )
        for child in sorted(compiled.children, key=lambda child: order.get(child.key, 0))
    ]
