"""Agencies of the model city: the nearest of a kind, subtrees, posts."""

import pytest

from yueban.accounts.models import User
from yueban.agencies import selectors, services
from yueban.agencies.errors import AgencyNotFound
from yueban.agencies.rows import AgencyRow
from yueban.audit import selectors as audit
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM
from yueban.kernel.codes import uscc
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def a_row(code="zhuji-test", **changes):
    return AgencyRow(
        **{
            "code": code,
            "kind": "testing",
            "name": f"测试局{code}",
            "short_name": "测试局",
            "document_prefix": f"测{code}",
            "division": "330681000000",
            "uscc": uscc.compose("11330681990000999"),
            **changes,
        }
    )


def test_the_countys_own_agency_is_nearest():
    assert selectors.agency_of_kind("transport", "330602001000").code == "yuecheng-transport"
    assert selectors.agency_of_kind("transport", "330602000000").code == "yuecheng-transport"


def test_without_one_in_the_county_the_citys_is_taken():
    assert selectors.agency_of_kind("transport", "330600000000").code == "shaoxing-transport"
    assert (
        selectors.agency_of_kind("qualification-register", "330602001000").code
        == "shaoxing-qualification-register"
    )


def test_a_kind_that_nobody_is_of_is_an_error_with_a_hint():
    with pytest.raises(AgencyNotFound) as caught:
        selectors.agency_of_kind("astronomy", "330602000000")
    assert "astronomy" in caught.value.message and caught.value.hint
    assert selectors.find_agency_of_kind("transport", "110000000000") is None


def test_a_subtree_is_the_agency_and_all_below_it():
    services.save_agencies(rows=[a_row("a", parent="b"), a_row("b", parent="c"), a_row("c"), a_row("d")])
    assert {agency.code for agency in selectors.subtree("c")} == {"a", "b", "c"}
    assert {agency.code for agency in selectors.subtree("a")} == {"a"}


def test_agencies_of_a_division_include_those_within():
    codes = {agency.code for agency in selectors.agencies_in("330600000000")}
    assert {"shaoxing-transport", "yuecheng-transport"} <= codes
    assert "yuecheng-transport" not in {agency.code for agency in selectors.agencies_in("330681000000")}


def test_loading_agencies_again_changes_nothing():
    rows = [a_row()]
    assert services.save_agencies(rows=rows).created == 1
    assert services.save_agencies(rows=rows).unchanged == 1
    assert services.save_agencies(rows=[a_row(phone="0575-1")]).changed == 1
    assert selectors.get_agency("zhuji-test").phone == "0575-1"


def test_a_post_is_given_once_recorded_and_carried_by_the_actor():
    user = User.objects.create_user(username="tester", name="测试员")
    for _ in range(2):
        post = services.give_post(user=user, role=roles.CLERK, agency="yuecheng-transport", actor=SYSTEM)
    held = selectors.posts_of(user)
    assert [(one.role, one.agency, one.division) for one in held] == [
        ("clerk", "yuecheng-transport", "330602000000")
    ]
    assert list(selectors.holders_of(roles.CLERK, "yuecheng-transport").filter(user=user))
    services.end_post(post=post, actor=SYSTEM)
    assert selectors.posts_of(user) == ()
    events = [event.kind for event in audit.events_of(Reference("user", str(user.pk)))]
    assert events == ["post_given", "post_ended"]


def test_a_wrong_check_digit_is_refused():
    with pytest.raises(ValueError, match="校验位"):
        a_row(uscc=uscc.compose("11330681990000999")[:-1] + "0")


def test_loading_many_agencies_costs_a_few_statements(django_assert_max_num_queries):
    many = [a_row(f"many-{n}", parent="many-0" if n else None) for n in range(60)]
    with django_assert_max_num_queries(6):
        assert services.save_agencies(rows=many).created == 60
    assert selectors.get_agency("many-9").parent.code == "many-0"
    with django_assert_max_num_queries(3):
        assert services.save_agencies(rows=many).unchanged == 60
    moved = [a_row(f"many-{n}", parent="many-1" if n > 1 else None) for n in range(60)]
    assert services.save_agencies(rows=moved).changed == 59
    assert selectors.get_agency("many-9").parent.code == "many-1"
    assert selectors.get_agency("many-1").parent is None
