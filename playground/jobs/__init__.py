"""What runs by the clock and what pages leave to be done: jobs in Postgres, by procrastinate.

A job is a small async function in a module of this package, decorated with `@app.task`; a page says
`refresh_team.defer(refresh="…")`. Mails and webhooks of alerts are jobs too, beside their words in `playground.alerts`, those of notices in `playground.saved`. `JOBS=inside` works them off in the server process, else `manage.py jobs` does.
"""

from playground.jobs import balances, keeping, keys, media, sessions, shelves, tasks, uploads, words
from playground.jobs.after_runs import after_run
from playground.jobs.media import after_media
from playground.jobs.tasks import after_submit
from playground.jobs.words import make_words_soon
from playground.jobs.worker import working
from playground.saved import telling

__all__ = [
    "after_media",
    "after_run",
    "after_submit",
    "balances",
    "keeping",
    "keys",
    "make_words_soon",
    "media",
    "sessions",
    "shelves",
    "tasks",
    "telling",
    "uploads",
    "words",
    "working",
]
