"""What can go wrong with outlets."""

from yueban.kernel.errors import Conflict, NotFound


class OutletNotFound(NotFound):
    """No outlet of this code."""

    code = "outlet.not_found"


class KioskNotFound(NotFound):
    """No kiosk of this code and key, or one whose registration has ended: one answer for all."""

    code = "outlet.kiosk_not_found"


class KioskKnown(Conflict):
    """A kiosk of this code is registered already."""

    code = "outlet.kiosk_known"
