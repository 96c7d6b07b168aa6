"""The guide of an item and its situation questions as every channel shows them: one page, one preview."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yueban.agencies import selectors as agencies
from yueban.cases import selectors as cases
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.compiled import Guide
from yueban.catalogue.materials import PlannedMaterial
from yueban.catalogue.models import ItemVersion
from yueban.certificates import selectors as certificates
from yueban.channels.shared.english import listed, named
from yueban.channels.shared.sayings import said
from yueban.expressions import Truth


@dataclass(frozen=True)
class MaterialLine:
    """A planned material as pages show it."""

    name: str
    word: str
    sentence: str
    is_spared: bool
    is_optional: bool
    when: str
    notes: str
    acceptance: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class StatLine:
    """One of the facts people ask first."""

    label: str
    value: str
    note: str = ""
    doubt: str = ""
    part: str = ""


@dataclass(frozen=True)
class StepLine:
    """One step: what, who, how many working days."""

    name: str
    who: str
    days: int = 0
    is_parallel: bool = False


def guide_context(version: ItemVersion, *, start: str) -> dict[str, Any]:
    """What ``shared/_guide.html`` says of a version but for the places; ``start`` = where its questions begin."""
    compiled = version.compiled
    lines = material_lines(cases.expected_materials(compiled, {}))
    return {
        "version": version,
        "guide": compiled.guide,
        "doubts": compiled.guide.unverified,
        "intake_periods": compiled.intake_periods,
        "steps": _steps(version),
        "stats": _stats(compiled.guide, lines),
        "materials": lines,
        "question_count": len(compiled.situations.questions),
        "start": start,
        "specimen": listed(certificates.field_names(compiled.guide.result.certificate_type or "")),
    }


def question_context(
    compiled: Applicable, key: str, position: int, *, is_unanswered: bool = False
) -> dict[str, Any]:
    """What ``shared/_question.html`` says of one question; ``is_unanswered`` = it was sent without an answer."""
    asked = compiled.situations.questions[key]
    return {
        "question": asked,
        "options": [
            {"value": answer_text(o.value), "label": named(o.label, o.label_en), "help": o.help or ""}
            for o in asked.options
        ],
        "position": position,
        "errors": [(f"f-{asked.key}", _("请选一项，再点“下一步”。"))] if is_unanswered else [],
    }


def answer_text(value: object) -> str:
    """The value of an option as addresses carry it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def visits_text(count: int) -> str:
    """How often one must come."""
    return _("跑 %(n)s 次") % {"n": count} if count else _("不用跑")


def material_lines(planned: list[PlannedMaterial]) -> list[MaterialLine]:
    """The plan as lines of a page."""
    return [
        MaterialLine(
            name=named(one.material.name, one.material.name_en),
            word=one.label,
            sentence=one.how,
            is_spared=not one.is_submitted,
            is_optional=one.material.necessity.code == "2",
            when=one.material.when_text or "" if one.need is Truth.UNKNOWN else "",
            notes=one.material.notes or "",
            acceptance=one.material.acceptance,
            basis=one.material.basis or "",
        )
        for one in planned
    ]


def _steps(version: ItemVersion) -> list[StepLine]:
    """Who does what, with the agencies by name; steps of one stage run side by side."""
    compiled, division = version.compiled, version.agency.division.code
    own = version.agency.short_name
    hall = agencies.find_agency_of_kind("government-services", division)
    window = hall.short_name if hall else _("窗口")
    found = [StepLine(_("您提交申请"), _("网上或窗口")), StepLine(_("收件和受理"), window)]
    for stage in compiled.route.stages:
        for step in stage:
            who = _who(step.agency_kind, division) if step.agency_kind else own
            found.append(StepLine(step.name, who, step.days, is_parallel=len(stage) > 1))
    result = named(compiled.guide.result.name, compiled.guide.result.name_en)
    found.append(StepLine(_("发给%(name)s") % {"name": result}, window))
    return found


def _who(kind: str, division: str) -> str:
    """The agency of a step; a kind that is only below the county is that of the applicant's own town."""
    found = agencies.find_agency_of_kind(kind, division)
    return found.short_name if found else _("您所在的镇街")


def _stats(one: Guide, lines: list[MaterialLine]) -> list[StatLine]:
    asked = sum(not line.is_spared for line in lines)
    spared = len(lines) - asked
    is_open = any(line.when and not line.is_spared for line in lines)
    doubts = one.unverified
    return [
        StatLine(
            _("多久办好"),
            said(one.promised_text) if one.promised.amount else _("当场办结"),
            _statutory_words(one),
            doubts.get("promised", doubts.get("statutory", "")),
            "time",
        ),
        StatLine(
            _("要跑几次"),
            visits_text(one.visits.count),
            one.visits.reason or "",
            doubts.get("visits", ""),
            "visits",
        ),
        StatLine(
            _("要交什么"),
            (_("最多 %(n)s 件") if is_open else _("%(n)s 件")) % {"n": asked},
            _("；").join(_handing_in(spared, is_open=is_open)),
            doubts.get("materials", ""),
            "materials-count",
        ),
        StatLine(
            _("收费"),
            _("收费") if one.fee.charged else _("不收费"),
            "、".join(item.standard for item in one.fee.items),
            doubts.get("fee", ""),
            "" if one.fee.charged else "fee",
        ),
    ]


def _statutory_words(one: Guide) -> str:
    if not one.statutory.amount:
        return ""
    words = _("法定 %(limit)s") if one.statutory.by_law else _("最长 %(limit)s")
    return words % {"limit": said(one.statutory_text)}


def _handing_in(spared: int, *, is_open: bool) -> list[str]:
    notes = [_("答几个问题就知道")] if is_open else []
    return [*notes, _("另有 %(n)s 件不用您交") % {"n": spared}] if spared else notes
