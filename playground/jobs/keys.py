"""Keys by the clock: their holders are told before they expire, former secrets are erased when their time is over."""

from procrastinate.contrib.django import app

from accounts import reminders


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="keys.due", pass_context=False)
def look_after_keys(timestamp: int) -> None:
    """Once an hour."""
    reminders.forget_former_secrets()
    reminders.remind_of_expiry()
