"""budgets.yaml of a city pack: loaded once, changed by the difference, its mistakes named with their line."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.payments.budget_lines import claim
from yueban.flows.city_budgets import check_budgets, read_budgets, store_budgets
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
