"""What of the money waits for a person, for the start page of his desk."""

from typing import Any

from yueban.flows import fund_claims
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.payments import selectors as payments

SHOWN = 10


def money_waiting(actor: Actor) -> dict[str, Any]:
    """Batches, recoveries and changes whose next step is this payer's; claims that no line pays."""
    found: dict[str, Any] = {}
    if actor.has_role(roles.PAYER):
        found = {
            "batches": list(payments.batches_waiting_for(actor)[:SHOWN]),
            "recoveries": list(payments.recoveries_waiting_for(actor)[:SHOWN]),
            "changes": list(payments.changes_waiting_for(actor)[:SHOWN]),
        }
    if actor.has_role(roles.PAYER) or actor.has_role(roles.DECIDER):
        found["without_line"] = fund_claims.without_line(actor).count()
    return found | {"is_any": any(found.values())}
