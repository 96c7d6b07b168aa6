"""Child processes that end with their parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `sign` when the one that started it ends, however it ends.

    Linux only; elsewhere children are stopped by their parent alone. The request is lost when the process
    changes its user, so it comes after that.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
    if os.getppid() != parent:  # it ended between the two lines
        os.kill(os.getpid(), sign)
