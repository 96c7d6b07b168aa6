"""Why a command stops, said to the person at the keyboard."""


class CommandError(Exception):
    """The command cannot go on; the message says why and what to do, in Chinese and English."""
