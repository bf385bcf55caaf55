"""The search words of ended runs: made from what was stored, written many at once, some hundred milliseconds after the end."""

import time
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.prepared import answer
from playground.models import Keeping, Run, RunWords, State
from playground.models.runs import id_at
from playground.runs.texts import answers_of, requests_of
from playground.search.facts import COLUMNS, fact_words
from playground.search.words import place_words, words_of

AT_ONCE = 32
MISSED_FOR = timedelta(days=2)
LARGEST_BODY = 4 * 2**20
MOST_OF_AN_ANSWER = 2 * 2**20
REQUEST_WORDS, ANSWER_WORDS = 2000, 1500

# Nobody waits for the disk: words that a crash of the database loses are missing ones, and made again.
_KEEP = """
WITH waiting AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO playground_run_words (run_id, team_id, words)
SELECT made.run_id, made.team_id, array_to_tsvector(string_to_array(made.words, ' '))
FROM unnest(%(runs)s::bigint[], %(teams)s::bigint[], %(words)s::text[]) AS made(run_id, team_id, words) CROSS JOIN waiting
JOIN playground_run AS run ON run.id = made.run_id
ON CONFLICT (run_id) DO UPDATE SET words = excluded.words RETURNING run_id
"""


def make_words(runs: list[int]) -> None:
    """Make and store the words of these runs; those under way or deleted are passed over."""
    for start in range(0, len(runs), AT_ONCE):
        _make(runs[start : start + AT_ONCE])


def make_missing_words(most: int = 500) -> int:
    """Words for runs that ended while nobody made any: their process died, or the database was away."""
    since = id_at(timezone.now() - MISSED_FOR)
    has_words = Exists(RunWords.objects.filter(run=OuterRef("pk")))
    missing = Run.objects.filter(~has_words, id__gt=since).exclude(state=State.RUNNING).order_by("-id")
    runs = list(missing.values_list("id", flat=True)[:most])
    make_words(runs)
    return len(runs)


def _make(ids: list[int]) -> None:
    ended = Run.objects.filter(id__in=ids).exclude(state=State.RUNNING)
    runs = list(ended.values("id", "team_id", "is_emptied", *COLUMNS))
    # Where a team keeps figures only, nothing of a text may remain.
    silent = set(
        Keeping.objects.filter(team__in={run["team_id"] for run in runs}, what=Keeping.What.FIGURES).values_list(
            "team_id", flat=True
        )
    )
    spoken = [run["id"] for run in runs if run["team_id"] not in silent and not run["is_emptied"]]
    said = requests_of(spoken, LARGEST_BODY)
    answered = answers_of(spoken, MOST_OF_AN_ANSWER)
    words = []
    for run in runs:
        texts = words_of((piece.text for piece in said.get(run["id"], ())), REQUEST_WORDS)
        texts += words_of((piece.text for piece in answered.get(run["id"], ())), ANSWER_WORDS)
        words.append(" ".join([*place_words(run["team_id"], run["id"]), *fact_words(run), *texts]))
        # The loop of streams waits for the lock this thread holds: let it go between runs.
        time.sleep(0)
    answer(_KEEP, {"runs": [run["id"] for run in runs], "teams": [run["team_id"] for run in runs], "words": words})
