"""``policies/budgets.yaml`` of a city pack: the budget lines that its policies are paid from, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from yueban.agencies import selectors as agencies
from yueban.flows.city_pack import Document, PackProblem, read_model, read_yaml
from yueban.flows.city_policies import PolicyFile
from yueban.kernel.changes import Changes
from yueban.payments import budgets
from yueban.payments.budgets import BudgetsFile
from yueban.policies.standard import OfferStandard

FILE = "policies/budgets.yaml"


def read_budgets(root: Path) -> tuple[BudgetsFile, Document | None, list[PackProblem]]:
    """The lines of the pack; a city that pays from none has no such file."""
    if not (root / FILE).exists():
        return BudgetsFile(), None, []
    document = read_yaml(root, FILE)
    file = None if document.problems else read_model(document, BudgetsFile, document.content)
    return file or BudgetsFile(), document, document.problems


def check_budgets(
    file: BudgetsFile, document: Document | None, places: Mapping[str, str]
) -> Iterator[PackProblem]:
    """Every line of an agency that exists, and each key once."""
    if document is None:
        return
    seen: set[str] = set()
    for position, row in enumerate(file.lines):
        if row.agency not in places:
            yield document.problem(
                ("lines", position, "agency"), f"没有代码为“{row.agency}”的部门。", "请核对部门代码。"
            )
        if row.key in seen:
            yield document.problem(
                ("lines", position, "key"), f"预算项目“{row.key}”重复。", "请只留一个，各年写在 years 里。"
            )
        seen.add(row.key)


def pays_money(offer: OfferStandard) -> bool:
    """Whether a department pays for it: what the tax law takes off is no payment, a title is none either."""
    return bool(offer.benefits) and offer.redemption != "statutory"


def check_lines_of_offers(file: BudgetsFile, policies: Sequence[PolicyFile]) -> Iterator[PackProblem]:
    """Every line that an offer names is a line of this city."""
    known = {row.key for row in file.lines}
    for document, row in (one for policy in policies for one in policy.offers):
        line = row.standard.budget_line
        if line is not None and line not in known:
            yield document.problem(
                ("budget_line",), f"没有预算项目“{line}”。", f"请与 {FILE} 核对，或在那里加上。"
            )


def find_offers_without_line(policies: Sequence[PolicyFile]) -> list[str]:
    """Offers that pay money and do not say from what: their claims would wait for somebody to choose a line."""
    return [
        f"{document.file}：“{row.standard.name}”给付金额，没有写 budget_line；审定后要有人选定预算项目才能付。"
        for policy in policies
        for document, row in policy.offers
        if pays_money(row.standard) and row.standard.budget_line is None
    ]


def store_budgets(file: BudgetsFile) -> Changes:
    """Open the lines that are missing and give or take what the pack changed."""
    changes = Changes()
    for row in file.lines:
        agency = agencies.get_agency(row.agency)
        for year, total in sorted(row.years.items()):
            changes += budgets.save_line(
                row=row, year=year, total=total, agency_id=agency.pk, division_code=agency.division.code
            )
    return changes
