"""Uploads that nothing refers to are removed after a day, and what broken uploads left behind."""

import time
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from playground.models import Attachment
from playground.models.attachments import INCOMING, folder

AT_ONCE = 500


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="uploads.remove_unused", pass_context=False)
async def remove_unused(timestamp: int) -> None:
    """Remove what has waited long enough."""
    await database_sync_to_async(remove_unused_uploads, thread_sensitive=False)()


def remove_unused_uploads() -> int:
    """Remove uploads that nothing refers to, with their bytes; how many there were."""
    waited = timedelta(hours=settings.UPLOAD_UNUSED_HOURS)
    old = Attachment.objects.filter(created__lt=timezone.now() - waited).unused()
    removed, _ = Attachment.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    for left in folder().glob(f"{INCOMING}*"):
        if left.stat().st_mtime < time.time() - waited.total_seconds():
            left.unlink(missing_ok=True)
    return removed
