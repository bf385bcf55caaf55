"""How much this process does, in the words of Prometheus. Figures only: no names, no texts, nothing of a team."""

import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from playground import logs
from playground.models import Run
from playground.models.runs import State, id_at
from playground.runs.keeper import keeper

Line = tuple[str, str, str, dict[str, str], float]

_answers: Counter[str] = Counter()
_seconds = 0.0


class CountingMiddleware:
    """Counts what pages and the API answer, and how long they take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        global _seconds
        began = time.perf_counter()
        response = self.get_response(request)
        _seconds += time.perf_counter() - began
        _answers[f"{response.status_code // 100}xx"] += 1
        return response


def exposition() -> str:
    """All figures, as text."""
    lines, told = [], set()
    for name, kind, words, labels, value in _figures():
        if name not in told:
            told.add(name)
            lines += [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
        given = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(f"{name}{{{given}}} {value:.10g}" if given else f"{name} {value:.10g}")
    return "\n".join(lines) + "\n"


def _figures() -> Iterator[Line]:
    yield from _of_process()
    yield from _of_runs()
    yield from _of_database()


def _of_process() -> Iterator[Line]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    yield "process_cpu_seconds_total", "counter", "CPU used by this process.", {}, usage.ru_utime + usage.ru_stime
    yield "process_resident_memory_bytes", "gauge", "Memory of this process.", {}, pages * os.sysconf("SC_PAGE_SIZE")
    for answer, count in sorted(_answers.items()):
        yield "playground_requests_total", "counter", "Pages and API calls answered.", {"status": answer}, count
    yield "playground_request_seconds_total", "counter", "Time spent answering them.", {}, _seconds
    yield "playground_log_lines_dropped_total", "counter", "Log lines that nobody took.", {}, logs.dropped()


def _of_runs() -> Iterator[Line]:
    runs = keeper()
    running, seats = list(runs.running.values()), list(runs.rights.seats.values())
    yield "playground_runs_running", "gauge", "Runs under way in this process.", {}, len(running)
    yield (
        "playground_runs_unsaved_bytes",
        "gauge",
        "Frames that wait for the database.",
        {},
        sum(run.log.unsaved_bytes for run in running),
    )
    yield "playground_sockets", "gauge", "Websockets open in this process.", {}, sum(seats)
    yield "playground_people", "gauge", "People connected to this process.", {}, len(seats)
    yield "playground_draining", "gauge", "Whether this process is about to end.", {}, int(runs.is_draining)


def _of_database() -> Iterator[Line]:
    """Of all processes together; the same from whichever is asked."""
    since = id_at(timezone.now() - timedelta(minutes=5))
    for state in State:
        count = Run.objects.filter(id__gt=since, state=state).count()
        yield "playground_runs_recent", "gauge", "Runs begun in the last five minutes.", {"state": state.value}, count
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM playground_process WHERE beat_at > now() - interval '15 seconds'")
        yield "playground_processes", "gauge", "Server processes that live.", {}, cursor.fetchone()[0]
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        counts = dict(cursor.fetchall())
    for status in ("todo", "doing", "failed"):
        yield "playground_jobs", "gauge", "Jobs in the queue.", {"status": status}, counts.get(status, 0)
