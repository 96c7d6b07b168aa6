"""The list of offers for everybody: short pages, and one question for the names of all places."""

import pytest
from django.urls import reverse

from yueban.divisions import selectors as divisions

pytestmark = pytest.mark.django_db


def test_a_page_holds_twelve_offers(client):
    shown = client.get(reverse("portal:policies")).content.decode()
    assert shown.count('class="line matter"') == 12


def test_many_places_are_named_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = divisions.full_names(["330681000000", "330602000000", "330000000000"])
    assert found == {
        "330681000000": "绍兴市诸暨市",
        "330602000000": "绍兴市越城区",
        "330000000000": "",
    }
    assert found["330681000000"] == divisions.full_name("330681000000")
