"""The guide of an item: the standard with the names of its codes, as people read it."""

from __future__ import annotations

from yueban.catalogue import rules
from yueban.catalogue.compiled import AgencyFacts, Guide, GuideResult, GuideStep, Named
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.service import Window
from yueban.elements.selectors import Dictionary

PHASES = ("申请与受理", "审查与决定", "颁证与送达")


def build_guide(
    standard: ItemStandard, agency: AgencyFacts, dictionary: Dictionary, *, task_code: str
) -> Guide:
    """The guide of the item at one agency."""
    return Guide(
        key=standard.key,
        name=standard.name,
        name_en=standard.name_en or "",
        summary=standard.summary,
        summary_en=standard.summary_en or "",
        aliases=standard.aliases,
        catalog_code=standard.catalog_code,
        task_code=task_code,
        type=named("item-type", standard.type, dictionary),
        agency=agency,
        agency_nature=named("agency-nature", standard.agency_nature, dictionary),
        entrusted_by=standard.entrusted_by,
        co_agencies=standard.co_agencies,
        power_source=named("power-source", standard.power_source, dictionary),
        level=named("use-level", agency.level, dictionary),
        division_of_power=standard.division_of_power,
        basis=standard.basis,
        targets=_all_named("service-target", standard.targets, dictionary),
        applicants=standard.applicants,
        audiences=tuple(sorted(standard.audiences)),
        topics=(
            *_all_named("person-topic", standard.topics.person, dictionary),
            *_all_named("enterprise-topic", standard.topics.enterprise, dictionary),
        ),
        life_stages=tuple(s for s in (standard.life_stage.person, standard.life_stage.enterprise) if s),
        handling=named("handling-type", standard.handling, dictionary),
        review_mode=standard.review_mode,
        statutory=standard.statutory,
        statutory_text=str(standard.statutory.limit),
        promised=standard.promised,
        promised_text=str(standard.promised.limit),
        conditions=standard.conditions,
        condition_text=rules.sentence(standard.condition_rule, dictionary.vocabulary),
        special_procedures=standard.special_procedures,
        handling_forms=_all_named("handling-form", standard.handling_forms, dictionary),
        visits=standard.visits,
        online=standard.online,
        runs_in=standard.runs_in,
        reach=standard.reach,
        windows=windows_of(standard, agency),
        fee=standard.fee,
        quantity_limit=standard.quantity_limit,
        intermediary=standard.intermediary,
        result=_result(standard, dictionary),
        promise_system=standard.promise_system,
        steps=steps_of(standard),
        rights=standard.rights,
        duties=standard.duties,
        remedies=standard.remedies,
        consult=standard.consult,
        supervise=standard.supervise,
        delivery=standard.delivery,
        faq=standard.faq,
        unverified={doubt.field: doubt.note for doubt in standard.unverified},
    )


def named(key: str, code: str, dictionary: Dictionary) -> Named:
    """A code with its name in the nearest list that has it; the code itself where none has."""
    for row in sorted(
        (row for row in dictionary.code_lists if row.key == key),
        key=lambda row: ("local", "provincial", "national").index(row.profile),
    ):
        for entry in row.codes:
            if entry.code == code:
                return Named(code=code, name=entry.name)
    return Named(code=code, name=code)


def _all_named(key: str, codes: tuple[str, ...], dictionary: Dictionary) -> tuple[Named, ...]:
    return tuple(named(key, code, dictionary) for code in codes)


def _result(standard: ItemStandard, dictionary: Dictionary) -> GuideResult:
    result = standard.result
    return GuideResult(
        type=named("result-type", result.type, dictionary),
        name=result.name,
        name_en=result.name_en,
        certificate_type=result.certificate_type,
        validity=result.validity,
        sample=result.sample,
        no_sample_reason=result.no_sample_reason,
    )


def windows_of(standard: ItemStandard, agency: AgencyFacts) -> tuple[Window, ...]:
    """The windows that serve this agency: those naming it or its division, and those naming neither."""
    return tuple(
        window
        for window in standard.windows
        if window.agency in (None, agency.code) and window.division in (None, agency.division)
    )


def steps_of(standard: ItemStandard) -> tuple[GuideStep, ...]:
    """办理环节 as the applicant sees them; what has no decision (备案) has no decision step."""
    first, second, last = PHASES
    steps = [
        GuideStep(phase=first, name="申请", who="申请人", days=None),
        GuideStep(phase=first, name="受理", who="窗口", days=None),
    ]
    for step in sorted(standard.route, key=lambda step: step.stage):
        who = "实施机构" if step.agency_kind is None else "协同部门"
        steps.append(GuideStep(phase=second, name=step.name, who=who, days=step.days))
    steps.append(GuideStep(phase=last, name=f"发给{standard.result.name}", who="窗口", days=None))
    return tuple(steps)
