"""一件事收件凭证: one A5 receipt that lists every child with its agency, its number and its clock."""

from collections.abc import Sequence
from typing import Any

from yueban.cases.choices import ChildOutcome, ChildState
from yueban.cases.document_texts import RECEIPT_IS_NOT_ACCEPTANCE, shown_day
from yueban.cases.models import BundleCase, BundleChildCase
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.models import Document
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference


def issue_bundle_receipt(
    bundle_case: BundleCase, children: Sequence[BundleChildCase], actor: Actor
) -> Document:
    """One receipt for all that was handed in once."""
    hall = bundle_case.intake_agency
    return documents.create_document(
        kind=DocumentKind.RECEIPT,
        subject=Reference("bundle", bundle_case.number),
        agency_code=hall.code,
        agency_short=hall.short_name,
        title="一件事收件凭证",
        content=bundle_receipt_content(bundle_case, children),
        actor=actor,
        division=bundle_case.division_code,
    )


def bundle_receipt_content(bundle_case: BundleCase, children: Sequence[BundleChildCase]) -> dict[str, Any]:
    """What was handed in once, and for each item who handles it, under which number and until when."""
    rows = [
        [str(place), f"{child.name}\n{child.item_version.agency.short_name}", _number(child), _clock(child)]
        for place, child in enumerate(children, 1)
    ]
    compiled = bundle_case.bundle_version.compiled_bundle
    day = shown_day(bundle_case.received_at or bundle_case.submitted_at)
    return {
        "addressee": bundle_case.applicant_name,
        "paragraphs": [
            f"您申请的“{bundle_case.name}”一件事（{len(children)}项）已于{day}一次收件。",
            f"材料只交一次，各项共用。每一项由各自的单位受理和决定，时限各自计算。{RECEIPT_IS_NOT_ACCEPTANCE}",
        ],
        "facts": [["一件事编号", bundle_case.number], ["申请人", bundle_case.applicant_name]],
        "table": {"columns": ["序号", "事项和承办单位", "办件编号", "办结时限"], "rows": rows},
        "closing": [
            *_spared(compiled),
            "凭一件事编号可以查看每一项的进度；其中一项没有办成，不影响已经办成的。",
        ],
    }


def _spared(compiled: CompiledBundle) -> list[str]:
    """What is spared beside the items one by one, as computed for the usual situation; and what one visit serves."""
    one, apart = compiled.predicted, compiled.parts
    pairs = (
        ("材料", one.materials, apart.materials, "件"),
        ("填写", one.fields, apart.fields, "项"),
        ("表格", one.forms, apart.forms, "张"),
        ("跑动", one.visits, apart.visits, "次"),
    )
    told = [
        f"{label}{now}{unit}（分开办{then}{unit}）"
        for label, now, then, unit in pairs
        if now is not None and then is not None and now < then
    ]
    names = {child.key: child.name for child in compiled.children}
    visits = [
        f"“{names[edge.source]}”和“{names[edge.target]}”一次上门。"
        for edge in compiled.edges
        if edge.kind == "same_visit"
    ]
    return [*([f"合起来办，按最常见的情形：{'，'.join(told)}。"] if told else []), *visits]


def _number(child: BundleChildCase) -> str:
    return child.case.number if child.case is not None else "开始办理时给出"


def _clock(child: BundleChildCase) -> str:
    if child.case is not None and child.outcome:
        return str(ChildOutcome(child.outcome).label)
    if child.case is not None and child.case.promised_on is not None:
        return f"{shown_day(child.case.promised_on)}前"
    promised = child.item_version.compiled.guide.promised_text
    if child.state == ChildState.WAITING:
        return f"前一项办成后{promised}"
    return f"受理后{promised}"
