"""Users: only the demo cast signs in by a click, and only while active."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.accounts import selectors, services
from yueban.accounts.models import User
from yueban.flows.identify import actor_of_user
from yueban.kernel.actor import ANONYMOUS

pytestmark = pytest.mark.django_db


def test_the_cast_stands_in_the_order_of_the_pack():
    names = [user.username for user in selectors.demo_users()]
    assert names[:4] == [people.OWNER, people.STRANGER, people.CITIZEN, people.CLERK]
    assert people.SUPERVISOR in names


def test_saving_a_member_of_the_cast_again_changes_his_words_and_makes_no_second():
    services.save_demo_user(username="guest", name="甲", note="旧", order=90)
    services.save_demo_user(username="guest", name="乙", note="新", order=91)
    assert list(User.objects.filter(username="guest").values_list("name", "demo_note")) == [("乙", "新")]


def test_a_member_of_the_cast_has_no_password_that_works():
    assert not User.objects.get(username=people.OWNER).check_password("")
    assert not User.objects.get(username=people.OWNER).check_password("!")


@pytest.mark.parametrize("change", [{"is_demo": False}, {"is_active": False}])
def test_who_is_not_of_the_cast_or_not_active_cannot_sign_in_by_a_click(change):
    User.objects.filter(username=people.CLERK).update(**change)
    assert selectors.find_demo_user(people.CLERK) is None
    client = visitor(None)
    assert client.post("/sign-in", {"username": people.CLERK}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_user_who_is_deactivated_is_nobody_from_the_next_request_on():
    client = visitor(people.CLERK)
    assert client.get("/desk/").status_code == 200
    user = User.objects.get(username=people.CLERK)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert actor_of_user(user.pk, channel="desk") == ANONYMOUS
    assert client.get("/desk/").status_code == 302


def test_outside_a_demo_there_is_no_sign_in_by_a_click(settings):
    settings.YUEBAN_DEMO = False
    client = visitor(None)
    assert client.post("/sign-in", {"username": people.CLERK}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_created_user_without_password_cannot_sign_in_with_one():
    user = User.objects.create_user(username="oidc", name="单点")
    assert not user.has_usable_password()
    assert User.objects.create_user(username="local", name="本地", password="long enough").check_password(
        "long enough"
    )
