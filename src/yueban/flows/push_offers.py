"""推送: offers told to the enterprises that meet them, in the mailbox of whoever stands for them."""

from django.db import transaction

from yueban.kernel.reference import Reference
from yueban.matching import services as matching
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties
from yueban.policies import selectors as policies

EVENT = "offer-matched"


def send_due() -> int:
    """Tell what may be told now, batch by batch; returns how many pushes were sent. Running again changes nothing."""
    total = 0
    while sent := _send_batch():
        total += sent
    return total


@transaction.atomic
def _send_batch() -> int:
    due = matching.take_due_pushes()
    versions = {one.pk: one for one in policies.offer_versions({push.offer_version_id for push in due})}
    users = parties.users_standing_for_many({push.party_id for push in due})
    notifications.notify_many(
        notifications.Note(
            user_id=user_id,
            reference=Reference("offer", push.offer_key),
            event=f"{EVENT}-{push.id}",
            title="有一项政策适合您的企业",
            body=f"{versions[push.offer_version_id].name}：按现有信息符合条件，请在“为您匹配”里查看。",
        )
        for push in due
        for user_id in users.get(push.party_id, ())
    )
    return len(due)
