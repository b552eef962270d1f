"""What processes have cost so far, read from /proc."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
# Of what stands behind the name in /proc/PID/stat: the parent, and the time in user and system mode.
PARENT, USER, SYSTEM = 1, 11, 12


def cpu_seconds(roots: tuple[int, ...]) -> float:
    """The CPU time of these processes and of all that descend from them. Exact to 10 ms for each process."""
    found = {pid: fields for pid, _, fields in _running()}
    parents = {pid: int(fields[PARENT]) for pid, fields in found.items()}
    spent = (int(fields[USER]) + int(fields[SYSTEM]) for pid, fields in found.items() if _descends(pid, roots, parents))
    return sum(spent) / TICKS


def children(name: str) -> tuple[int, ...]:
    """The processes of this name that this one has started."""
    return tuple(pid for pid, called, fields in _running() if called == name and int(fields[PARENT]) == os.getpid())


def _running() -> Iterator[tuple[int, str, Sequence[str]]]:
    for pid in (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()):
        try:
            front, _, rest = (PROC / str(pid) / "stat").read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield pid, front.partition("(")[2], rest.split()


def _descends(pid: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while pid not in roots:
        pid = parents.get(pid, 0)
        if pid == 0:
            return False
    return True
