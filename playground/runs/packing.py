"""Ended runs are packed some time later: many small rows of frames become one, for a third of the room."""

import zlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils import timezone

from playground.models import Run, RunFrames, State
from playground.models.runs import id_at
from playground.patience import patient
from playground.runs.store import unpacked_lines, unpacked_reads

# Readers go by the numbers of rows: nobody should be reading any more.
REST = timedelta(hours=1)
LARGEST = 32 * 2**20
LEVEL = 6


def loose_runs(most: int) -> list[int]:
    """Runs that ended a while ago and still lie in many rows, the newest first."""
    loose = RunFrames.objects.filter(packed=False, run_id__lt=id_at(timezone.now() - REST))
    runs = loose.values("run").annotate(rows=Count("last"), size=Sum(Length("frames"))).filter(size__lte=LARGEST)
    # All rows of frames are gone through for it, which takes longer than a page may.
    with patient():
        ids = list(runs.order_by("-run").values_list("run", flat=True)[:most])
    at_rest = Run.objects.filter(id__in=ids, ended_at__lt=timezone.now() - REST).exclude(state=State.RUNNING)
    return list(at_rest.order_by("-id").values_list("id", flat=True))


def pack(run: int) -> bool:
    """Make one row of a run's frames; what readers get stays the same, line by line."""
    with transaction.atomic():
        rows = list(RunFrames.objects.select_for_update().filter(run=run).order_by("last"))
        if not rows or all(row.packed for row in rows):
            return False
        lines = [line for row in rows for line in unpacked_lines(bytes(row.frames), row.packed, 0)]
        reads = unpacked_reads([bytes(row.events) for row in rows if row.events is not None])
        RunFrames.objects.filter(run=run).delete()
        RunFrames.objects.create(
            run_id=run,
            first=1,
            last=max(1, len(lines)),
            packed=True,
            frames=zlib.compress(b"\n".join(lines), LEVEL),
            events=zlib.compress(b"".join(b"%d %d\n%b" % (at, len(data), data) for at, data in reads), LEVEL)
            if reads
            else None,
        )
    return True
