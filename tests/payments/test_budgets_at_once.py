"""Many reach for the same money at the same moment, and some are cut off in the middle: the ledger balances."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from tests.payments.budget_lines import KEY, YEAR, figures, make_line, words, yuan
from yueban.payments import budgets, selectors
from yueban.payments.errors import BudgetShort
from yueban.payments.models import BudgetEntry, BudgetUse

AT_ONCE = 20
pytestmark = pytest.mark.django_db(transaction=True)


def run_at_once(work, count: int):
    """The work of `count` people, AT_ONCE of them starting together each time."""
    together = Barrier(AT_ONCE)

    def one(position: int):
        try:
            together.wait(timeout=60)
            return work(position)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(count)))


def test_of_a_hundred_claims_at_once_on_a_budget_for_ninety_nine_one_is_told_it_is_short():
    make_line("99")

    def reserve(position: int) -> str:
        try:
            budgets.reserve(**words(position, "1", f"claim-{position}"))
        except BudgetShort as refused:
            return refused.data["balance"]
        return "reserved"

    said = run_at_once(reserve, 100)
    assert sorted(said) == ["0.00", *["reserved"] * 99]
    assert figures() == yuan("99", "0", "99", "0", "0")
    assert BudgetUse.objects.count() == 99
    assert selectors.find_budget_faults() == []


def test_one_key_pressed_many_times_at_once_reserves_once():
    make_line("99")
    run_at_once(lambda _position: budgets.reserve(**words(1, "5", "the same")).pk, AT_ONCE)
    assert figures() == yuan("99", "94", "5", "0", "0")
    assert BudgetEntry.objects.filter(key="the same").count() == 1


def test_a_release_and_a_payment_of_the_same_money_cannot_both_happen():
    make_line("99")
    budgets.reserve(**words(1, "10", "r"))
    budgets.freeze(**words(1, "10", "f"))

    def move(position: int) -> bool:
        step = budgets.spend if position % 2 else budgets.unfreeze
        try:
            step(**words(1, "10", f"step-{position}"))
        except budgets.BudgetMoveNotPossible:
            return False
        return True

    assert sum(run_at_once(move, AT_ONCE)) == 1
    assert figures() in (yuan("99", "99", "0", "0", "0"), yuan("99", "89", "0", "0", "10"))
    assert selectors.find_budget_faults() == []


def test_a_session_that_is_killed_before_the_commit_leaves_nothing_and_others_go_on(own_database):
    make_line("99")
    with pytest.raises(OperationalError), transaction.atomic():
        budgets.reserve(**words(1, "60", "killed"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with psycopg.connect(own_database.url("admin"), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
        budgets.reserve(**words(2, "10", "never"))
    connection.close()
    assert figures() == yuan("99", "99", "0", "0", "0")
    budgets.reserve(**words(1, "60", "killed"))
    assert figures() == yuan("99", "39", "60", "0", "0")
    assert selectors.find_budget_faults() == []


def test_a_reader_in_the_middle_of_many_writers_always_sees_a_line_that_balances():
    make_line("1000")

    def work(position: int) -> list[str]:
        if position % 4 == 0:
            return [fault for _ in range(5) for fault in selectors.find_budget_faults()]
        for step, key in ((budgets.reserve, "r"), (budgets.freeze, "f"), (budgets.spend, "s")):
            step(**words(position, "3", f"{key}{position}"))
        return []

    assert not any(run_at_once(work, AT_ONCE * 2))
    assert figures()[4] == Decimal(3 * 30)


def test_figures_that_somebody_forced_past_the_triggers_are_found(own_database):
    make_line("1000")
    budgets.reserve(**words(1, "300", "r"))
    assert selectors.find_budget_faults() == []
    with psycopg.connect(own_database.url("admin")) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE payments_budgetline SET balance = balance + 1, total = total + 1 WHERE key = %s", [KEY]
        )
        admin.execute("UPDATE payments_budgetuse SET frozen = 5")
    assert selectors.find_budget_faults() == [f"{KEY} {YEAR} —", f"{KEY} {YEAR} SB-1"]
