"""Sessions that are over leave the table, once a night."""

from procrastinate.contrib.django import app

from accounts.kept_sessions import SessionStore
from playground.patience import patient


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="sessions.clear", pass_context=False)
def clear_ended(timestamp: int) -> None:
    """Delete their rows; nobody can come in by them any more anyway."""
    with patient():
        SessionStore.clear_expired()
