"""What a process of the platform asks of its operating system and its interpreter."""

import ctypes
import gc
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
# New objects after which the interpreter looks for garbage; its own 700 means hundreds of looks in one bulk act.
NEW_OBJECTS = 20_000


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


def settle_memory() -> None:
    """Once everything is loaded: what stands here stays, so no later look for garbage goes through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
