"""budgets.yaml of a city pack: loaded once, changed by the difference, its mistakes named with their line."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.payments.budget_lines import claim
from yueban.flows.city_budgets import (
    check_budgets,
    check_lines_of_offers,
    find_offers_without_line,
    pays_money,
    read_budgets,
    store_budgets,
)
from yueban.flows.city_policies import PolicyFile, read_policies
from yueban.payments import budgets, selectors
from yueban.payments.errors import BudgetShort
from yueban.payments.models import BudgetEntry, BudgetLine

pytestmark = pytest.mark.django_db
CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
PLACES = {"yuecheng-transport": "transport"}


def written(folder: Path, *lines: str):
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "policies" / "budgets.yaml").write_text("lines:\n" + "\n".join(lines) + "\n", "utf-8")
    return read_budgets(folder)


def line(key: str = "for-test", total: str = "1000.00", agency: str = "yuecheng-transport") -> str:
    return f'  - {{key: {key}, name: 测试项目, agency: {agency}, years: {{2026: "{total}"}}}}'


def test_the_citys_own_lines_are_loaded_and_loading_again_changes_nothing():
    file, _, problems = read_budgets(CITY)
    assert problems == []
    wanted = {(row.key, year): total for row in file.lines for year, total in row.years.items()}
    assert {(one.key, one.year): one.total for one in BudgetLine.objects.all()} == wanted
    before = BudgetEntry.objects.count()
    assert store_budgets(file).unchanged == len(wanted)
    assert BudgetEntry.objects.count() == before
    assert selectors.find_budget_faults() == []


def test_a_changed_total_gives_or_takes_the_difference(tmp_path):
    for total in ("1000.00", "1500.00", "1200.00"):
        file, _, _ = written(tmp_path, line(total=total))
        store_budgets(file)
    found = BudgetLine.objects.get(key="for-test")
    kinds = list(found.entries.order_by("pk").values_list("kind", "amount"))
    assert (found.total, kinds) == (1200, [("allot", 1000), ("allot", 500), ("cut", 300)])


def test_a_total_below_what_is_given_is_refused(tmp_path):
    store_budgets(written(tmp_path, line())[0])
    budgets.reserve(
        line_key="for-test", year=2026, amount=Decimal(900), reference=claim(1), key="test-reserve"
    )
    with pytest.raises(BudgetShort):
        store_budgets(written(tmp_path, line(total="899.99"))[0])


def test_a_city_without_budgets_has_none(tmp_path):
    file, document, problems = read_budgets(tmp_path)
    assert (file.lines, document, problems) == ((), None, [])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line(agency="nobody")], "没有代码为“nobody”的部门"),
        ([line(), line()], "重复"),
    ],
)
def test_lines_that_do_not_agree_are_named(tmp_path, lines, said):
    file, document, _ = written(tmp_path, *lines)
    (problem,) = check_budgets(file, document, PLACES)
    assert said in problem.message
    assert problem.line == 1 + len(lines)


@pytest.mark.parametrize("total", ["-1.00", "1.001", "many"])
def test_a_total_that_is_no_amount_is_named(tmp_path, total):
    file, _, problems = written(tmp_path, line(total=total))
    assert len(problems) == 1
    assert file.lines == ()


def offer_files(*names: str) -> list[PolicyFile]:
    """Some policies of the city as they are read."""
    files, problems = read_policies(CITY)
    assert problems == []
    return [file for file in files if file.standard is not None and file.standard.key in names]


def test_every_offer_of_the_city_that_pays_money_says_from_what():
    files, _ = read_policies(CITY)
    offers = [row.standard for file in files for _, row in file.offers]
    paying = [offer for offer in offers if pays_money(offer)]
    assert len(paying) > 100
    assert find_offers_without_line(files) == []
    assert list(check_lines_of_offers(read_budgets(CITY)[0], files)) == []
    years = {row.key: set(row.years) for row in read_budgets(CITY)[0].lines}
    assert all({2026, 2027} <= years[offer.budget_line] for offer in paying)


def test_what_the_tax_law_takes_off_and_a_title_are_no_payments():
    files = offer_files("small-business-tax-2023", "quality-sme-2022")
    assert not any(pays_money(row.standard) for file in files for _, row in file.offers)


def test_an_offer_that_pays_from_nothing_or_from_an_unknown_line_is_named():
    (file,) = offer_files("zhuji-manufacturing-2025")
    document, row = file.offers[0]
    bare, wrong = (
        replace(row, standard=row.standard.model_copy(update={"budget_line": line}))
        for line in (None, "nobody-knows")
    )
    file.offers[:] = [(document, bare)]
    (said,) = find_offers_without_line([file])
    assert document.file in said
    assert "没有写 budget_line" in said
    file.offers[:] = [(document, wrong)]
    (problem,) = check_lines_of_offers(read_budgets(CITY)[0], [file])
    assert (problem.field, "nobody-knows" in problem.message) == ("budget_line", True)
