"""预算: the five parts of a line, moved by entries only, never below zero, found again by their keys."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error
from hypothesis import given
from hypothesis import strategies as st

from tests.payments.budget_lines import KEY, YEAR, claim, figures, make_line, words, yuan
from yueban.kernel.actor import ANONYMOUS, Actor, PostHeld
from yueban.payments import budgets, selectors
from yueban.payments.choices import BudgetMove
from yueban.payments.errors import BudgetLineNotFound, BudgetMoveNotPossible, BudgetShort, PaymentInvalid
from yueban.payments.models import BudgetEntry, BudgetLine, BudgetUse

pytestmark = pytest.mark.django_db


def test_a_claims_money_goes_from_the_balance_to_reserved_frozen_and_spent():
    make_line("1000")
    assert figures() == yuan("1000", "1000", "0", "0", "0")
    budgets.reserve(**words(1, "300", "r1"))
    assert figures() == yuan("1000", "700", "300", "0", "0")
    budgets.freeze(**words(1, "250", "f1"))
    budgets.release(**words(1, "50", "l1"))
    assert figures() == yuan("1000", "750", "0", "250", "0")
    use = budgets.spend(**words(1, "250", "s1"))
    assert figures() == yuan("1000", "750", "0", "0", "250")
    assert (use.reserved, use.frozen, use.spent) == yuan("0", "0", "250")


def test_what_the_bank_returns_is_still_owed_and_what_is_recovered_can_be_given_again():
    make_line("1000")
    for step, key in ((budgets.reserve, "r"), (budgets.freeze, "f"), (budgets.spend, "s")):
        step(**words(1, "400", key))
    budgets.give_back(**words(1, "400", "g"))
    assert figures() == yuan("1000", "600", "0", "400", "0")
    budgets.spend(**words(1, "400", "s2"))
    budgets.recover(**words(1, "150", "v"))
    assert figures() == yuan("1000", "750", "0", "0", "250")
    assert selectors.find_budget_faults() == []


def test_a_line_that_is_short_says_how_much_is_left():
    make_line("99.50")
    with pytest.raises(BudgetShort) as refused:
        budgets.reserve(**words(1, "100", "r"))
    assert "99.50 元" in refused.value.message
    assert refused.value.data == {"balance": "99.50"}
    assert not BudgetEntry.objects.filter(kind=BudgetMove.RESERVE).exists()


def test_a_key_that_returns_changes_nothing_and_with_other_content_is_refused():
    make_line("1000")
    for _ in range(3):
        use = budgets.reserve(**words(1, "300", "once"))
    assert (use.reserved, figures()) == (Decimal(300), yuan("1000", "700", "300", "0", "0"))
    for other in (words(1, "301", "once"), words(2, "300", "once")):
        with pytest.raises(BudgetMoveNotPossible):
            budgets.reserve(**other)


def test_nobody_moves_what_another_holds():
    make_line("1000")
    budgets.reserve(**words(1, "300", "r1"))
    budgets.reserve(**words(2, "100", "r2"))
    with pytest.raises(BudgetMoveNotPossible):
        budgets.freeze(**words(2, "300", "f2"))
    with pytest.raises(BudgetMoveNotPossible):
        budgets.release(**words(3, "1", "l3"))


@pytest.mark.parametrize("amount", ["0", "-1", "0.00"])
def test_an_amount_of_nothing_is_refused(amount):
    make_line()
    with pytest.raises(PaymentInvalid):
        budgets.reserve(**words(1, amount, "r"))


def test_a_year_without_a_line_is_said_so():
    make_line()
    with pytest.raises(BudgetLineNotFound):
        budgets.reserve(**words(1, "1", "r", year=2031))


def test_a_line_is_given_more_and_cut_only_by_what_is_left():
    line = make_line("1000")
    budgets.reserve(**words(1, "800", "r"))
    budgets.allot(line_key=KEY, year=YEAR, amount=Decimal(100), key="more")
    with pytest.raises(BudgetShort):
        budgets.cut(line_key=KEY, year=YEAR, amount=Decimal("300.01"), key="less")
    budgets.cut(line_key=KEY, year=YEAR, amount=Decimal(300), key="less")
    assert figures() == yuan("800", "0", "800", "0", "0")
    assert [entry.kind for entry in selectors.entries_of_line(line)] == ["cut", "allot", "reserve", "allot"]


def test_a_line_is_opened_once():
    make_line("1000")
    assert make_line("5000").total == Decimal(1000)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_budgetline SET balance = balance + 1, total = total + 1",
        "UPDATE payments_budgetuse SET reserved = 1",
        "DELETE FROM payments_budgetuse",
        "UPDATE payments_budgetentry SET amount = 1",
        "DELETE FROM payments_budgetentry",
        (
            "INSERT INTO payments_budgetline (key, name, year, agency_id, division_code, shortfall, made_at,"
            " total, balance, reserved, frozen, spent)"
            " SELECT 'x', name, year, agency_id, division_code, shortfall, made_at, 1, 1, 0, 0, 0"
            " FROM payments_budgetline"
        ),
    ],
)
def test_no_statement_changes_the_figures_past_the_entries(statement):
    make_line("1000")
    budgets.reserve(**words(1, "300", "r"))
    before = figures()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert figures() == before


@pytest.mark.parametrize(
    ("from_part", "to_part", "amount", "constraint"),
    [
        ("balance", "reserved", "1000.01", "budget_never_below_zero"),
        ("reserved", "frozen", "500", "nobody_gives_back_more_than_he_holds"),
        ("balance", "balance", "1", "budget_entry_moves_something"),
        ("balance", "reserved", "-5", "budget_entry_positive"),
    ],
)
def test_the_database_itself_refuses_an_entry_that_is_not_possible(from_part, to_part, amount, constraint):
    line = make_line("1000")
    budgets.reserve(**words(1, "600", "r"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BudgetEntry.objects.create(
            line=line,
            kind="reserve",
            from_part=from_part,
            to_part=to_part,
            amount=Decimal(amount),
            reference_kind="claim",
            reference_number="SB-9",
            key="past the service",
            at=line.made_at,
        )


def test_first_come_gives_each_in_full_that_still_fits():
    make_line("100")
    wishes = [
        budgets.Wish(reference=claim(n), amount=Decimal(amount), key=f"w{n}")
        for n, amount in enumerate((60, 60, 40))
    ]
    given = budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes)
    assert [(one.amount, one.year) for one in given] == [(60, YEAR), (0, None), (40, YEAR)]
    assert budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes) == given
    assert figures() == yuan("100", "0", "100", "0", "0")


def test_pro_rata_gives_all_the_same_share_and_together_the_whole_balance():
    make_line("100", shortfall="pro_rata")
    wishes = [budgets.Wish(reference=claim(n), amount=Decimal(100), key=f"w{n}") for n in range(3)]
    given = budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes)
    assert [one.amount for one in given] == list(yuan("33.34", "33.33", "33.33"))
    assert budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes) == given


def test_carry_over_reserves_the_rest_of_next_years_line():
    make_line("100", shortfall="carry_over")
    make_line("50", year=YEAR + 1)
    wishes = [budgets.Wish(reference=claim(n), amount=Decimal(50), key=f"w{n}") for n in range(4)]
    given = budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes)
    assert [one.year for one in given] == [YEAR, YEAR, YEAR + 1, None]
    assert budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes) == given


def test_many_are_reserved_in_a_handful_of_statements(django_assert_max_num_queries):
    make_line("1000")
    wishes = [budgets.Wish(reference=claim(n), amount=Decimal(10), key=f"w{n}") for n in range(100)]
    with django_assert_max_num_queries(8):
        given = budgets.distribute(line_key=KEY, year=YEAR, wishes=wishes)
    assert sum(one.amount for one in given) == Decimal(1000)
    assert BudgetUse.objects.count() == 100
    assert selectors.find_budget_faults() == []


AMOUNTS = st.lists(st.integers(1, 10**9).map(lambda fen: Decimal(fen) / 100), min_size=1, max_size=30)


@given(st.integers(0, 10**10).map(lambda fen: Decimal(fen) / 100), AMOUNTS)
def test_shares_never_exceed_the_wish_nor_together_the_balance(balance, amounts):
    given = budgets.in_proportion(balance, amounts)
    assert all(0 <= got <= asked for got, asked in zip(given, amounts, strict=True))
    assert sum(given) == min(balance, sum(amounts))
    in_order = budgets.in_order(balance, amounts)
    assert sum(in_order) <= balance


def test_who_pays_for_an_agency_sees_its_lines_and_nobody_else():
    line = make_line()
    payer = PostHeld("payer", "test-transport", "", line.division_code)
    seen = selectors.lines_visible_to(Actor(user_id=1, name="", posts=(payer,)))
    assert list(seen) == [line]
    elsewhere = PostHeld("payer", "yuecheng-transport", "", line.division_code)
    for actor in (ANONYMOUS, Actor(user_id=1, name="", posts=(elsewhere,))):
        assert not selectors.lines_visible_to(actor).exists()
        with pytest.raises(BudgetLineNotFound):
            selectors.get_line(actor, KEY, YEAR)
    assert BudgetLine.objects.filter(key=KEY).count() == 1
