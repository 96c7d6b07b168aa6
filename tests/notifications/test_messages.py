"""Messages: each event tells a person once, and nobody reads another's."""

import pytest

from tests import people
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference
from yueban.notifications import selectors, services
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
CASE = Reference("case", "33060220261122000000017")


def tell(username: str, event: str = "accepted", title: str = "已受理") -> None:
    user_id = people.actor(username).user_id
    services.notify(user_id=user_id, reference=CASE, event=event, title=title, body="请等结果。")


def test_the_same_event_of_the_same_thing_arrives_once():
    tell(people.OWNER)
    tell(people.OWNER, title="第二次")
    (message,) = selectors.messages_visible_to(people.actor(people.OWNER))
    assert message.title == "已受理"


def test_another_event_and_another_person_are_told_too():
    tell(people.OWNER)
    tell(people.OWNER, "decided", "已准予")
    tell(people.STRANGER)
    assert [m.title for m in selectors.messages_visible_to(people.actor(people.OWNER))] == [
        "已准予",
        "已受理",
    ]
    assert Message.objects.count() == 3


def test_nobody_reads_or_marks_another_persons_messages():
    tell(people.OWNER)
    (message,) = selectors.messages_visible_to(people.actor(people.OWNER))
    for stranger in (people.actor(people.STRANGER), people.actor(people.SUPERVISOR), ANONYMOUS):
        assert not selectors.messages_visible_to(stranger).exists()
        assert selectors.unread_count(stranger) == 0
        assert services.mark_read(actor=stranger, message_ids=[message.pk]) == 0
    message.refresh_from_db()
    assert message.read_at is None


def test_reading_counts_once():
    tell(people.OWNER)
    tell(people.OWNER, "decided", "已准予")
    owner = people.actor(people.OWNER)
    first = selectors.messages_visible_to(owner).last()
    assert services.mark_read(actor=owner, message_ids=[first.pk]) == 1
    assert selectors.unread_count(owner) == 1
    assert services.mark_read(actor=owner) == 1
    assert services.mark_read(actor=owner) == 0
    assert selectors.unread_count(owner) == 0
