"""The editing page of an item: its sections after the elements of the standard, and what fields choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yueban.agencies import selectors as agencies
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.drafts import Remark
from yueban.catalogue.shape import Shape, field_shape, path_of
from yueban.certificates import selectors as certificates
from yueban.elements.selectors import Dictionary

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """One page of the editor: which fields of the standard stand on it."""

    key: str
    title: str | Promise
    fields: tuple[str, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The fields with their names and kinds."""
        return tuple(field_shape(name) for name in self.fields)


SECTIONS = (
    Section(
        "basics",
        gettext_lazy("基本信息"),
        (
            *("name", "name_en", "summary", "summary_en", "aliases", "catalog_code", "local_catalog_code"),
            *("type", "targets", "applicants", "topics", "life_stage"),
        ),
    ),
    Section("basis", gettext_lazy("设定依据"), ("basis",)),
    Section(
        "power",
        gettext_lazy("实施机构"),
        (
            *("power_source", "levels", "division_of_power", "agency_nature", "entrusted_by"),
            *("co_agencies", "guided_by"),
        ),
    ),
    Section(
        "limits",
        gettext_lazy("时限"),
        (
            *("handling", "review_mode", "clock_set", "statutory", "promised"),
            *("special_procedures", "intake_periods"),
        ),
    ),
    Section(
        "conditions",
        gettext_lazy("受理条件"),
        ("conditions", "condition_rule", "quantity_limit", "promise_system"),
    ),
    Section("situations", gettext_lazy("情形引导"), ("situation",)),
    Section("form", gettext_lazy("申请表"), ("form",)),
    Section("materials", gettext_lazy("申请材料"), ("materials",)),
    Section("route", gettext_lazy("办理环节"), ("route",)),
    Section("fee", gettext_lazy("收费和支付"), ("fee", "intermediary", "payment")),
    Section("result", gettext_lazy("结果和送达"), ("result", "delivery")),
    Section(
        "places",
        gettext_lazy("办理方式和地点"),
        ("handling_forms", "visits", "online", "reach", "runs_in", "windows", "offerings"),
    ),
    Section(
        "contacts",
        gettext_lazy("咨询和救济"),
        ("consult", "supervise", "remedies", "rights", "duties"),
    ),
    Section("faq", gettext_lazy("常见问题和待核"), ("faq", "unverified")),
)
BY_KEY = {section.key: section for section in SECTIONS}
SECTION_OF = {field: section.key for section in SECTIONS for field in section.fields}


@dataclass(frozen=True)
class Tab:
    """A section in the list beside the page: how much there is to mend."""

    section: Section
    stops: int
    advices: int
    is_current: bool


def tabs(remarks: Iterable[Remark], current: str) -> list[Tab]:
    """The sections with their remarks counted."""
    by_section: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_section.setdefault(section_of(remark), []).append(remark)
    return [
        Tab(
            section,
            sum(1 for one in by_section.get(section.key, ()) if one.stops),
            sum(1 for one in by_section.get(section.key, ()) if not one.stops),
            section.key == current,
        )
        for section in SECTIONS
    ]


def section_of(remark: Remark) -> str:
    """The page on which a remark can be mended; the first one for what stands on none."""
    path = path_of(remark.field)
    return SECTION_OF.get(str(path[0]) if path else "", SECTIONS[0].key)


class Choices:
    """What fields may be filled with, each list read once when it is asked for."""

    def __init__(self, dictionary: Dictionary, definition: Mapping[str, Any]) -> None:
        self.dictionary, self.definition = dictionary, definition

    def options(self, shape: Shape) -> Options:
        """The values of a field that is chosen from a list; empty for all others."""
        if shape.words:
            return tuple(shape.words.items())
        if shape.codes:
            return self._codes(shape.codes)
        named = getattr(self, OPTION_LISTS.get(f"{shape.owner}.{shape.name}", ""), ())
        return tuple(named)

    def suggestions(self, shape: Shape) -> str:
        """The id of the list of words that a field proposes; empty for none."""
        return SUGGESTIONS.get(f"{shape.owner}.{shape.name}", "")

    def name_of(self, suggestions: str, value: str) -> str:
        """What a word of a proposed list is called; empty for what is not in it."""
        found: Any = None
        if suggestions == "list-elements":
            found = self.dictionary.elements.get(value)
        elif suggestions == "list-materials":
            found = self.dictionary.canonical_materials.get(value)
        return str(found.name) if found is not None else ""

    def _codes(self, key: str) -> Options:
        found = self.dictionary.find_code_list(key)
        return tuple((entry.code, entry.name) for entry in found.codes) if found else ()

    @cached_property
    def certificate_types(self) -> Options:
        """证照类型."""
        return tuple(certificates.certificate_types().order_by("name").values_list("key", "name"))

    @cached_property
    def agency_kinds(self) -> Options:
        """Kinds of agencies, by the name of the first of each."""
        return agencies.kinds()

    @cached_property
    def questions(self) -> Options:
        """The questions of this item."""
        return tuple(
            (str(row.get("key")), str(row.get("text") or row.get("key")))
            for row in self._situation("questions")
        )

    @cached_property
    def outcomes(self) -> Options:
        """The outcomes of this item."""
        return tuple((str(row.get("key")), _outcome_title(row)) for row in self._situation("outcomes"))

    @cached_property
    def person_stages(self) -> Options:
        """人生阶段, stored by name."""
        return tuple((name, name) for _, name in self._codes("person-life-stage"))

    @cached_property
    def enterprise_stages(self) -> Options:
        """企业阶段, stored by name."""
        return tuple((name, name) for _, name in self._codes("enterprise-life-stage"))

    def _situation(self, part: str) -> list[Mapping[str, Any]]:
        rows = (self.definition.get("situation") or {}).get(part) or []
        return [row for row in rows if isinstance(row, Mapping) and row.get("key")]

    def datalists(self) -> dict[str, Options]:
        """The lists of words that fields propose, by their ids."""
        return {
            "list-elements": tuple((row.code, row.name) for row in self.dictionary.elements.values()),
            "list-materials": tuple(
                (row.key, row.name) for row in self.dictionary.canonical_materials.values()
            ),
            "list-items": tuple(catalogue.item_choices()),
        }


def _outcome_title(row: Mapping[str, Any]) -> str:
    kinds = next(
        one.words or {} for one in field_shape("situation").children[2].children if one.name == "kind"
    )
    word = kinds.get(str(row.get("kind")), "")
    message = str(row.get("message") or "")
    return f"{word}：{message[:24]}" if message else word or str(row["key"])


OPTION_LISTS = {
    "Result.certificate_type": "certificate_types",
    "ByCertificate.certificate_type": "certificate_types",
    "ByCheck.agency_kind": "agency_kinds",
    "Step.agency_kind": "agency_kinds",
    "Payment.funded_by": "agency_kinds",
    "Payment.payer_kind": "agency_kinds",
    "Option.next": "questions",
    "Situation.start": "questions",
    "Option.end": "outcomes",
    "LifeStage.person": "person_stages",
    "LifeStage.enterprise": "enterprise_stages",
}
SUGGESTIONS = {
    "SituationQuestion.element": "list-elements",
    "FormField.element": "list-elements",
    "PaymentAmount.element": "list-elements",
    "Payment.account_element": "list-elements",
    "Material.canonical": "list-materials",
    "Outcome.item": "list-items",
}
