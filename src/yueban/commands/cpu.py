"""CPU time of a process and everything it started, from Linux's /proc."""

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def tree_cpu_seconds(pid: int) -> float:
    """Seconds of CPU that the living processes below `pid` have used, itself left out; 0 where there is no /proc."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything; what follows the last one is plain.
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended between the two lines
            continue
        child = int(path.parent.name)
        parents[child] = int(fields[1])
        used[child] = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    return sum(seconds for child, seconds in used.items() if _is_below(child, pid, parents))


def _is_below(child: int, pid: int, parents: dict[int, int]) -> bool:
    above = parents.get(child, 0)
    while above and above != pid:
        above = parents.get(above, 0)
    return above == pid
