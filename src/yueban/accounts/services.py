"""Writes of users."""

from yueban.accounts.models import User


def save_demo_user(*, username: str, name: str, note: str, order: int) -> User:
    """Create or refresh one member of the demo cast."""
    user, _ = User.objects.update_or_create(
        username=username,
        defaults={"name": name, "is_demo": True, "demo_note": note, "demo_order": order, "password": "!"},
    )
    return user
