"""导出: that somebody took a list out of the house is kept, with what it was narrowed to."""

from django.db import transaction

from yueban.audit import services as audit
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference


@transaction.atomic
def record(actor: Actor, *, what: str, rows: int, filters: str) -> None:
    """Keep that this person took so many rows."""
    reference = Reference("user", str(actor.user_id))
    audit.record(reference, "export", actor=actor, data={"what": what, "rows": rows, "filters": filters})
