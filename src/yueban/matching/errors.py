"""What can go wrong in matching."""

from yueban.kernel.errors import Invalid, NotFound, ServiceError


class TableMissing(ServiceError):
    """Nobody has put the enterprises into a table yet, and there are none to put."""

    code = "matching.no_table"
    status = 503


class NotKeptThatLong(NotFound):
    """What a past run decided on is no longer kept."""

    code = "matching.not_kept"


class PushSettingInvalid(Invalid):
    """Wishes about pushes that cannot be kept; data["fields"] says which."""

    code = "matching.push_setting"


class SegmentInvalid(Invalid):
    """A choice of enterprises that cannot be read or kept; data["fields"] says which."""

    code = "matching.segment"


class SegmentNotFound(NotFound):
    """No such segment, or one of another agency."""

    code = "matching.segment_not_found"


class SendNotFound(NotFound):
    """No such send, or one of an offer that the actor does not push."""

    code = "matching.send_not_found"
