"""Keys by the clock: people are told before one expires, former secrets are erased when their time is over."""

from procrastinate.contrib.django import app

from accounts import reminders
from playground import alerts


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="keys.due", pass_context=False)
def look_after_keys(timestamp: int) -> None:
    """Once an hour."""
    reminders.forget_former_secrets()
    alerts.look_at_expiry()
