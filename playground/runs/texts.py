"""The stored texts of runs, many at once, for making their words and for showing hits in them."""

import json
from typing import Any

from django.db import connection

from playground.runs.store import unpacked_lines
from playground.search.pieces import Piece, of_frames, of_request

# What is longer holds a picture or a film and hardly a text.
LARGEST_BATCH = 2**20

_REQUESTS = """
SELECT run_id, given, CASE WHEN octet_length(body) > %(largest)s THEN substring(body FOR 262144) ELSE body END
FROM playground_runcall WHERE run_id = ANY(%(runs)s)
"""
_FRAMES = """
SELECT run_id, frames, packed FROM (
  SELECT run_id, last, frames, packed, sum(octet_length(frames)) OVER (PARTITION BY run_id ORDER BY last) AS upto
  FROM playground_run_frames WHERE run_id = ANY(%(runs)s) AND octet_length(frames) <= %(batch)s
) AS rows WHERE upto <= %(most)s ORDER BY run_id, last
"""


def requests_of(runs: list[int], largest: int) -> dict[int, list[Piece]]:
    """The texts of these runs' requests; of bodies over `largest` bytes only what stands at their beginning."""
    pieces: dict[int, list[Piece]] = {run: [] for run in runs}
    for run, given, body in _rows(_REQUESTS, {"runs": runs, "largest": largest}):
        pieces[run] = of_request(bytes(body) if body is not None else None, json.loads(bytes(given)))
    return pieces


def answers_of(runs: list[int], most: int) -> dict[int, list[Piece]]:
    """The texts of these runs' answers, of each at most its first `most` bytes of frames."""
    lines: dict[int, list[bytes]] = {run: [] for run in runs}
    for run, frames, packed in _rows(_FRAMES, {"runs": runs, "batch": LARGEST_BATCH, "most": most}):
        lines[run] += unpacked_lines(bytes(frames), packed, 0)
    return {run: of_frames(said) for run, said in lines.items()}


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
