"""After a run its key is looked at: once for many runs, a few seconds later, and not where the gateway tells no figure."""

import contextlib

from channels.db import database_sync_to_async
from django.conf import settings
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import Key
from playground.jobs.balances import read_balance
from playground.jobs.ended import Ended

COLLECT_SECONDS = 1.0


def ask_later(runs: list[int]) -> None:
    """Let the keys of these runs be looked at soon; those that wait already are not asked for twice."""
    used = Key.objects.live().filter(runs__in=runs, standing__code="").values_list("pk", flat=True).distinct()
    for key in used:
        with contextlib.suppress(AlreadyEnqueued):
            read_balance.configure(
                queueing_lock=f"balance:{key}",
                schedule_in={"milliseconds": int(settings.BALANCE_AFTER_RUN_SECONDS * 1000)},
            ).defer(key=str(key))


after_run = Ended(database_sync_to_async(ask_later), COLLECT_SECONDS, "balances are not read after runs now")
