"""Editors of items for tests."""

from yueban.accounts.models import User
from yueban.agencies.models import Agency, Post
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld

KEY, AGENCY, COUNTY = "road-freight-permit", "yuecheng-transport", "330602000000"
CITY_AGENCY, CITY = "shaoxing-transport", "330600000000"


def an_editor(username: str, agency: str = AGENCY, role: str = roles.EDITOR) -> Actor:
    """Somebody with a post at an agency."""
    office = Agency.objects.select_related("division").get(code=agency)
    user = User.objects.create_user(username=username, name=username)
    Post.objects.create(user=user, agency=office, role=role, division=office.division)
    held = PostHeld(role, agency, office.name, office.division.code)
    return Actor(user_id=user.pk, name=username, posts=(held,), channel="desk")
