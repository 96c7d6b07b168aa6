"""调整预算: by two people, with a document, never below what is bound; the pack does not take it back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.batches import CHECKER, KEY, MAKER, YEAR, payer
from tests.flows.moments import set_now
from tests.payments.budget_lines import figures, make_line, words, yuan
from yueban.audit import selectors as audit
from yueban.flows import adjust_budget
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference
from yueban.payments import budgets, selectors
from yueban.payments.choices import ChangeState
from yueban.payments.errors import (
    BudgetChangeNotPossible,
    BudgetLineNotFound,
    BudgetShort,
    PaymentInvalid,
    SamePerson,
)
from yueban.payments.models import BudgetChange, BudgetEntry

pytestmark = pytest.mark.django_db
WORDS = {"kind": "allot", "amount": "500", "reason": "年中追加", "document_number": "绍财企〔2026〕18号"}


@pytest.fixture(autouse=True)
def line():
    set_now(2026, 11, 23)
    return make_line("1000")


def proposed(**changed: str) -> BudgetChange:
    return adjust_budget.propose(payer(MAKER), KEY, YEAR, **(WORDS | changed))


def entered(change: BudgetChange) -> None:
    adjust_budget.enter(payer(CHECKER), KEY, YEAR, change.number)


def test_what_one_proposes_counts_when_another_enters_it():
    change = proposed()
    assert figures() == yuan("1000", "1000", "0", "0", "0")
    with pytest.raises(SamePerson):
        adjust_budget.enter(payer(MAKER), KEY, YEAR, change.number)
    entered(change)
    assert figures() == yuan("1500", "1500", "0", "0", "0")
    entered(proposed(kind="cut", amount="300"))
    assert figures() == yuan("1200", "1200", "0", "0", "0")
    assert selectors.find_budget_faults() == []
    kinds = [event.kind for event in audit.events_of(Reference("budget-line", f"{KEY}-{YEAR}"))]
    assert sorted(kinds) == ["enter_budget_change"] * 2 + ["propose_budget_change"] * 2


def test_the_database_refuses_one_person_to_propose_and_enter():
    change = proposed()
    entered(change)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetChange.objects.update(decided_by=change.made_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetChange.objects.update(decided_by=None)


def test_no_more_is_taken_than_is_free_when_it_is_proposed_and_when_it_is_entered():
    budgets.reserve(**words(1, "600", "r"))
    with pytest.raises(PaymentInvalid) as refused:
        proposed(kind="cut", amount="400.01")
    assert "600.00 元" in refused.value.fields["amount"]
    change = proposed(kind="cut", amount="400")
    budgets.reserve(**words(2, "1", "later"))
    with pytest.raises(BudgetShort):
        entered(change)
    assert figures() == yuan("1000", "399", "601", "0", "0")
    adjust_budget.refuse(payer(CHECKER), KEY, YEAR, change.number, answer="又有申报占用")
    change.refresh_from_db()
    assert (change.state, change.answer) == (ChangeState.REFUSED, "又有申报占用")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "spend"}, "kind"),
        ({"amount": "0"}, "amount"),
        ({"amount": "许多"}, "amount"),
        ({"reason": " "}, "reason"),
        ({"document_number": ""}, "document_number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changed, field):
    with pytest.raises(PaymentInvalid) as refused:
        proposed(**changed)
    assert list(refused.value.fields) == [field]


def test_a_key_proposes_and_enters_once():
    numbers = {proposed(key="pressed").number for _ in range(2)}
    (number,) = numbers
    for _ in range(2):
        adjust_budget.enter(payer(CHECKER), KEY, YEAR, number, key="entered")
    assert figures()[0] == Decimal(1500)
    assert BudgetEntry.objects.filter(key=f"change:{number}").count() == 1
    with pytest.raises(BudgetChangeNotPossible):
        adjust_budget.enter(payer(CHECKER), KEY, YEAR, number)


def test_one_change_is_under_way_at_a_time():
    proposed()
    with pytest.raises(BudgetChangeNotPossible):
        proposed(amount="1")


def test_loading_the_pack_again_does_not_take_back_what_was_changed_at_the_desk(line):
    row = budgets.BudgetRow(key=KEY, name=line.name, agency="test-transport", years={YEAR: Decimal(1000)})
    place = {"agency_id": line.agency_id, "division_code": line.division_code}
    entered(proposed())
    budgets.save_line(row=row, year=YEAR, total=Decimal(1000), **place)
    assert figures()[0] == Decimal(1500)
    budgets.save_line(row=row, year=YEAR, total=Decimal(1100), **place)
    assert figures()[0] == Decimal(1600)


def test_the_next_year_is_opened_empty_and_once():
    for _ in range(2):
        following = adjust_budget.open_next_year(payer(MAKER), KEY, YEAR)
    assert (following.year, following.total) == (YEAR + 1, 0)
    assert figures(YEAR + 1) == yuan("0", "0", "0", "0", "0")


def test_a_payer_of_another_agency_finds_no_line():
    for actor in (ANONYMOUS, payer(MAKER, "yuecheng-transport")):
        with pytest.raises(BudgetLineNotFound):
            adjust_budget.propose(actor, KEY, YEAR, **WORDS)
