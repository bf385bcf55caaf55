"""Ended runs are packed some time later: many small rows of frames become one or few, for a third of the room."""

import zlib
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils import timezone

from playground.models import Run, RunFrames, State
from playground.models.runs import id_at
from playground.patience import patient
from playground.runs.log import MESSAGE_BYTES, within
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
    """Make few rows of a run's frames; what readers get stays the same, line by line."""
    with transaction.atomic():
        rows = list(RunFrames.objects.select_for_update().filter(run=run).order_by("last"))
        if not rows or all(row.packed for row in rows):
            return False
        lines = [line for row in rows for line in unpacked_lines(bytes(row.frames), row.packed, 0)]
        reads = unpacked_reads([bytes(row.events) for row in rows if row.events is not None])
        packed = list(_packed_rows(run, lines))
        if reads:
            packed[0].events = _packed(b"".join(b"%d %d\n%b" % (at, len(data), data) for at, data in reads))
        RunFrames.objects.filter(run=run).delete()
        RunFrames.objects.bulk_create(packed)
    return True


def _packed_rows(run: int, lines: list[bytes]) -> Iterator[RunFrames]:
    """Rows of what one message holds, for a reader unpacks a whole one for each; one without lines for a run that has none."""
    first = 1
    while first == 1 or lines:
        count = within(MESSAGE_BYTES, map(len, lines))
        last = max(1, first + count - 1)
        yield RunFrames(run_id=run, first=first, last=last, packed=True, frames=_packed(b"\n".join(lines[:count])))
        first, lines = last + 1, lines[count:]


def _packed(plain: bytes) -> bytes:
    return zlib.compress(plain, LEVEL)
