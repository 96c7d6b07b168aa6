"""Many enterprises claim of one line at the same moment: nothing is given that is not there."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests import people
from tests.claims import making
from yueban.accounts.models import User
from yueban.claims.models import Claim
from yueban.flows import claim
from yueban.parties.models import Party, Representation
from yueban.payments import selectors
from yueban.payments.errors import BudgetShort
from yueban.payments.models import BudgetUse, PaymentOrder

AT_ONCE = 10
pytestmark = pytest.mark.django_db(transaction=True)


def hundred_companies() -> list[Party]:
    """A hundred companies of one legal person, of which the same is known."""
    user = User.objects.get(username=people.OWNER)
    companies = []
    for number in range(100):
        like = making.company()
        like.pk, like.number, like.name = None, f"at-once-{number}", f"同时申报{number}号有限公司"
        like.id_index = number.to_bytes(32)
        like.save(force_insert=True)
        Representation.objects.create(user=user, party=like, relation="legal_person")
        making.told(like, {"digital_investment": 2000000, "is_dishonest": False})
        companies.append(like)
    return companies


def test_of_a_hundred_claims_at_once_on_a_budget_for_ninety_nine_one_is_told_it_is_short():
    making.november()
    making.nothing_known()
    gift = {"key": "fixed", "label": "定额", "gives": {"kind": "fixed", "amount": "1"}}
    making.offer("instant", redemption="instant", benefits=[gift])
    making.money("99")
    companies = hundred_companies()
    actor = people.actor(people.OWNER)
    together = Barrier(AT_ONCE)

    def ask(position: int) -> str:
        party = companies[position]
        try:
            together.wait(timeout=60)
            claim.submit(actor, "instant", party.pk, making.handed(holder=party.name))
        except BudgetShort as refused:
            return refused.data["balance"]
        finally:
            connection.close()
        return "agreed"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(ask, range(100)))
    assert sorted(said) == ["0.00", *["agreed"] * 99]
    assert making.figures() == ("0", "0", "99", "0")
    assert Claim.objects.count() == PaymentOrder.objects.count() == BudgetUse.objects.count() == 99
    assert selectors.find_budget_faults() == []
