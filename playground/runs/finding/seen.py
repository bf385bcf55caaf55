"""Where words stand in the stored texts of runs."""

from playground.runs.texts import answers_of, requests_of
from playground.search.asked import Asked
from playground.search.excerpts import Looking

SHOWN_OF_A_REQUEST = 2**20
SHOWN_OF_AN_ANSWER = 256 * 1024


def looking_at(runs: list[int], asked: Asked) -> dict[int, Looking]:
    """What is seen in the texts of these runs; their answers are read only where the requests do not show all."""
    looking = {run: Looking(asked) for run in runs}
    for run, pieces in requests_of(runs, SHOWN_OF_A_REQUEST).items():
        looking[run].read(pieces)
    if unseen := [run for run in runs if not looking[run].is_done]:
        for run, pieces in answers_of(unseen, SHOWN_OF_AN_ANSWER).items():
            looking[run].read(pieces)
    return looking
