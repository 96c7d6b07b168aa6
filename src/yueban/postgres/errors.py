"""What can keep the embedded server from running, each with what to do."""


class PostgresError(Exception):
    """The embedded server could not be set up, started or stopped; the message says what to do."""
