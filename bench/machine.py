"""The machine as the bench uses it: one core for the server under test, the others for everything else; what processes use."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cores() -> tuple[set[int], set[int]]:
    """The core of the server under test, and those of upstream, clients and database. One core has to serve both."""
    first, *others = sorted(ALL_CORES)
    return {first}, set(others) or {first}


ALL_CORES = os.sched_getaffinity(0)


def keep_to(cores_: set[int]) -> Callable[[], None]:
    """What a child process calls before its program starts, so that it and its children stay on these cores."""
    return lambda: os.sched_setaffinity(0, cores_)


def move(pids: Iterable[int], cores_: set[int]) -> None:
    """Move running processes, all their threads, to these cores."""
    for pid in pids:
        for task in _numbers(PROC / str(pid) / "task"):
            try:
                os.sched_setaffinity(task, cores_)
            except ProcessLookupError:
                continue


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for task in _numbers(PROC / str(parent) / "task"):
            children = _text(PROC / str(parent) / "task" / str(task) / "children")
            found += [int(child) for child in children.split()]
    return found


def cpu_seconds(pid: int, *, with_ended_children: bool = False) -> float:
    """User and system time that a process has used, all its threads."""
    text = _text(PROC / str(pid) / "stat")
    if not text:
        return 0.0
    # The name in brackets may hold anything; utime is the 14th field, 11 after the state.
    fields = text.rpartition(")")[2].split()
    used = int(fields[11]) + int(fields[12])
    if with_ended_children:
        used += int(fields[13]) + int(fields[14])
    return used / TICKS


def family_cpu_seconds(pid: int) -> float:
    """The same for a process with its descendants, those that have ended included."""
    return sum(cpu_seconds(member, with_ended_children=True) for member in family(pid))


def resident_kib(pid: int) -> int:
    """The memory a process holds, shared pages included."""
    for line in _text(PROC / str(pid) / "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


@contextmanager
def kept_awake(cores_: set[int]) -> Iterator[None]:
    """No core of these sleeps meanwhile: on each a process counts that yields to every other.

    A core that has slept runs slowly for a while, and a virtual one has to be woken by its host; both are counted as CPU of
    whoever was woken. Where work comes every half millisecond that can be half of all.
    """
    counting = [
        subprocess.Popen((sys.executable, "-c", "while True: pass"), preexec_fn=partial(_count_on, core))
        for core in cores_
    ]
    try:
        yield
    finally:
        for process in counting:
            process.kill()
            process.wait()


def _count_on(core: int) -> None:
    os.sched_setaffinity(0, {core})
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def busy_seconds() -> float:
    """CPU time that all processes of the machine have used together, and what a host took away."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, _text(PROC / "stat").split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def wait_for(question: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask until the answer is yes."""
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.01)


def _numbers(folder: Path) -> list[int]:
    try:
        return [int(entry) for entry in os.listdir(folder) if entry.isdigit()]  # noqa: PTH208
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
