"""What can go wrong when work is handed to the background."""

from yueban.kernel.errors import ServiceError


class UnknownJob(ServiceError):
    """No handler has this name: a mistake in the program, found before anything is stored."""

    code = "job.unknown"
    status = 500
