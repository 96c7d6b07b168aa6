"""Who is let into the desk."""

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db


def test_nobody_is_sent_to_sign_in_and_comes_back():
    response = visitor(None).get("/desk/cases/?text=a")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in?next=%2Fdesk%2Fcases%2F%3Ftext%3Da"


@pytest.mark.parametrize("username", [people.OWNER, people.CITIZEN])
def test_people_without_a_post_are_told_so(username):
    response = visitor(username).get("/desk/")
    assert response.status_code == 403
    assert "工作台只对工作人员开放" in response.content.decode()


def test_a_clerk_does_not_meet_his_own_companys_matters_at_the_desk():
    from yueban.accounts.models import User
    from yueban.agencies import services as agencies
    from yueban.kernel.actor import SYSTEM

    case = people.submitted(people.OWNER)
    owner = User.objects.get(username=people.OWNER)
    agencies.give_post(user=owner, role="reviewer", agency="zhuji-transport", actor=SYSTEM)
    client = visitor(people.OWNER)
    assert client.get("/desk/").status_code == 200
    assert client.get(f"/desk/cases/{case.number}/").status_code == 404


def test_desk_pages_are_kept_by_no_cache():
    response = visitor(people.CLERK).get("/desk/")
    assert "no-store" in response["Cache-Control"]


def test_the_header_names_the_post_and_counts_what_waits():
    people.submitted()
    page = visitor(people.CLERK).get("/desk/").content.decode()
    assert "窗口人员 · 绍兴市越城区政务服务管理办公室" in page
    assert "待办 1" in page
