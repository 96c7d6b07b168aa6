"""A list of many asks the database no more than a list of few."""

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db

LISTS = {
    "/my/": (people.OWNER, 17),
    "/my/messages": (people.OWNER, 12),
    "/desk/": (people.CLERK, 12),
    "/desk/done/": (people.CLERK, 10),
    "/desk/cases/": (people.CLERK, 12),
    "/items/": (None, 10),
    "/api/v1/items": (None, 6),
}


@pytest.mark.parametrize("address", LISTS)
def test_a_longer_list_asks_no_more_questions(address, django_assert_max_num_queries):
    role, most = LISTS[address]
    for _ in range(4):
        people.received()
    client = visitor(role)
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)
