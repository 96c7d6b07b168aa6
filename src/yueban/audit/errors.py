"""What the audit refuses."""

from __future__ import annotations

from yueban.kernel.errors import Conflict, Invalid


class ChainBusy(Conflict):
    """Two transactions appended to the same chain at once; the second is rolled back."""

    code = "audit.chain_busy"


class EventInvalid(Invalid):
    """An event whose data could not be read back byte for byte."""

    code = "audit.event_invalid"


class AnchorOutOfOrder(Conflict):
    """A day before one that is anchored already: its heads can no longer be told."""

    code = "audit.anchor_out_of_order"
