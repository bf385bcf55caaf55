"""Media that answers only point to: fetched and kept as attachments of the run, before their links die."""

import logging
import mimetypes
import uuid
from collections.abc import Iterable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from playground.gateway import Door, GatewayError
from playground.models import Attachment, Incoming, Keeping, Run
from playground.models.runs import TASK_DIALECTS
from playground.tasks.asking import MOST_RESULTS, Fetched, Refused, Result, digest, fetched, linked, route_of
from playground.tasks.following import limits_of

logger = logging.getLogger(__name__)


def with_links(run_ids: Iterable[int]) -> list[int]:
    """Those of the runs whose answers may point to media. What came of tasks is fetched by whoever follows them."""
    runs = Run.objects.filter(id__in=list(run_ids), has_media=True).exclude(dialect__in=TASK_DIALECTS)
    return list(runs.values_list("id", flat=True))


async def keep_media(run_id: int) -> int:
    """Fetch what a run's answer points to and keep it; how many files are new. What is kept is not fetched again.

    Raises GatewayError, Refused or OSError for the last one that could not be had, after all were tried.
    """
    run, wanted = await _in_thread(_wanted, run_id)
    if not wanted:
        return 0
    door = Door(transport=settings.CALL_TRANSPORT, allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
    new, failure = 0, None
    try:
        for place, result in enumerate(wanted):
            try:
                async with fetched(result, limits_of(settings.TASK_FETCH_SECONDS), door) as file:
                    new += bool(await _in_thread(_keep, run, result, file, place))
            except (GatewayError, Refused, OSError) as error:
                failure = error
    finally:
        await door.close()
    if failure:
        raise failure
    return new


def kept_of(run: Run, url: str) -> Attachment | None:
    """What is kept of an address in the answer of a run."""
    return Attachment.objects.results().filter(run=run, source=digest(url)).first()


def keep_bytes(run: Run, url: str, content: bytes, mime: str) -> None:
    """Keep what somebody has just fetched from an address in the answer of a run."""
    if not Keeping.of(run.team_id).keeps_texts:
        return
    incoming = Incoming()
    try:
        incoming.write(content)
        incoming.keep(_attachment(run, digest(url), mime, f"picture{mimetypes.guess_extension(mime) or ''}"))
    finally:
        incoming.drop()


def _wanted(run_id: int) -> tuple[Run | None, list[Result]]:
    run = Run.objects.filter(pk=run_id).select_related("key__gateway").first()
    if run is None or not Keeping.of(run.team_id).keeps_texts:
        return None, []
    route = route_of(run)
    if route is None:
        return None, []
    results = []
    for link in _links(run):
        if kept_of(run, link) is None:
            results.append(linked(link, route))
    return run, results


def _links(run: Run) -> list[str]:
    """The addresses in the answer's media frames, each once."""
    told = [frame.get("url") or "" for frame in run.told() if frame["kind"] == "media"]
    return [link for link in dict.fromkeys(told) if link.startswith(("http://", "https://"))][:MOST_RESULTS]


def _keep(run: Run, result: Result, file: Fetched, place: int) -> Attachment | None:
    ending = mimetypes.guess_extension(file.mime) or ""
    name = result.name if "." in result.name else f"answer-{place + 1}{ending}"
    return file.incoming.keep(_attachment(run, result.source, file.mime, name))


def _attachment(run: Run, source: str, mime: str, name: str) -> Attachment:
    kind = Attachment.Kind.RESULT
    whose = {"team_id": run.team_id, "owner_id": run.user_id, "run_id": run.pk}
    return Attachment(id=uuid.uuid4(), **whose, kind=kind, name=name, mime=mime, source=source)


async def _in_thread(work: Any, *args: Any) -> Any:
    return await database_sync_to_async(work, thread_sensitive=False)(*args)
