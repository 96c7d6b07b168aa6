"""回避: nobody decides, reviews or pays in a matter of his own, of his child, or of an enterprise he stands for."""

from collections.abc import Set as AbstractSet

from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.parties import selectors as parties


class OwnMatter(NotAllowed):
    """The member of staff is, or stands for, the party whose matter this is."""

    code = "recusal.own_matter"


def check(actor: Actor, party_id: int) -> None:
    """Refuse an act of office in a matter of one's own; at the desk the actor carries no parties, so they are read."""
    check_all(actor, {party_id})


def check_all(actor: Actor, party_ids: AbstractSet[int]) -> None:
    """The same for an act that concerns many."""
    if actor.posts and actor.user_id is not None:
        # Whoever stands in for a colleague keeps away from that colleague's matters too.
        people = (actor.user_id, *sorted(actor.stood_in_for))
        if any(party.id in party_ids for person in people for party in parties.parties_of_user(person)):
            raise OwnMatter(
                "这是您本人、您的家人或您所代表的单位的事，您应当回避。", hint="请由没有利害关系的同事办理。"
            )
