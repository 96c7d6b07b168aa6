"""The people of a demo as actors, by the names the city's cast gives them."""

from yueban.accounts import selectors as accounts
from yueban.flows.identify import actor_of_user
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed


def actor_named(username: str) -> Actor:
    """The person of this name; raises NotAllowed where the cast has no such person."""
    user = accounts.find_demo_user(username)
    if user is None:
        raise NotAllowed(f"演示人物“{username}”不存在。", hint="请核对 cast.yaml 的 examples。")
    return actor_of_user(user.pk, channel="portal")
