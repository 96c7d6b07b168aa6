"""What can go wrong in matching."""

from yueban.kernel.errors import NotFound, ServiceError


class TableMissing(ServiceError):
    """Nobody has put the enterprises into a table yet, and there are none to put."""

    code = "matching.no_table"
    status = 503


class NotKeptThatLong(NotFound):
    """What a past run decided on is no longer kept."""

    code = "matching.not_kept"
