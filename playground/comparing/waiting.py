"""Answers that wait for their turn, in the database: asked for at once, claimed one by one, forgotten when they have begun."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from playground.comparing.documents import MOST_COLUMNS, MOST_ROWS, BadDocument, runs_in
from playground.models import Comparison, Process, WaitingAnswer

AT_ONCE = 8
MOST_LOOKED_AT = 1000

_KINDS: dict[str, Any] = {
    "operation": str, "key": str | None, "call": dict, "variables": dict, "stream": bool | None,
}  # fmt: skip
_PARTS = ("path", "query", "headers")


def ask(comparison: Comparison, person: User, starts: Any) -> None:
    """Let these answers be begun as there is room. `starts` are the socket's messages of that name. Raises BadDocument."""
    if not isinstance(starts, list) or len(starts) > MOST_COLUMNS * MOST_ROWS:
        raise BadDocument("no starts")
    named = runs_in(json.loads(comparison.document))
    messages = [_read(start) for start in starts]
    if not {uuid.UUID(message["run"]) for message in messages} <= named:
        raise BadDocument("a run that stands nowhere")
    comparison.waiting.exclude(run__in=named).delete()
    WaitingAnswer.objects.bulk_create(
        [
            WaitingAnswer(comparison=comparison, person=person, run=message["run"], message=json.dumps(message))
            for message in messages
        ],
        ignore_conflicts=True,
    )


def standing(comparison: Comparison) -> dict[str, str]:
    """The runs of a comparison that have not begun; with a sentence those that were refused."""
    return {str(run): why for run, why in comparison.waiting.values_list("run", "why")}


def forget(comparison: Comparison) -> None:
    """What waits is not begun."""
    comparison.waiting.all().delete()


def claim(process: uuid.UUID, under_way: Callable[..., int]) -> tuple[list[int], bool]:
    """What `process` begins now, and whether anything waits longer.

    `under_way` tells how many runs a person has under way here. What another living process has claimed is left to it.
    """
    since = timezone.now() - timedelta(seconds=settings.RUN_ABANDONED_SECONDS)
    living = Process.objects.filter(beat_at__gt=since).exclude(id=process).values("id")
    free = WaitingAnswer.objects.filter(why="").filter(Q(owner=None) | ~Q(owner__in=living))
    begun: Counter[int] = Counter()
    mine: list[int] = []
    found = list(free.values_list("pk", "person_id", "owner")[:MOST_LOOKED_AT])
    for pk, person, owner in found:
        has_room = under_way(user_id=person) + begun[person] < AT_ONCE
        if has_room and WaitingAnswer.objects.filter(pk=pk, owner=owner).update(owner=process):
            begun[person] += 1
            mine.append(pk)
    return mine, len(found) > len(mine)


def start_of(waiting: int) -> dict[str, Any] | None:
    """The start of an answer, whose it is and in which language they are told; None when it is no longer wanted."""
    answer = WaitingAnswer.objects.select_related("comparison", "person").filter(pk=waiting).first()
    if answer is None:
        return None
    if answer.run not in runs_in(json.loads(answer.comparison.document)):
        answer.delete()
        return None
    whose = {"user_id": answer.person_id, "team_id": answer.comparison.team_id}
    language = answer.person.language or settings.LANGUAGE_CODE
    return {"message": json.loads(answer.message), "language": language, **whose}


def begun(waiting: int) -> bool:
    """It has begun; False when somebody has taken it back just before."""
    return bool(WaitingAnswer.objects.filter(pk=waiting).delete()[0])


def wait_on(waiting: int) -> None:
    """There was no room after all."""
    WaitingAnswer.objects.filter(pk=waiting).update(owner=None)


def refuse(waiting: int, why: str) -> None:
    """It cannot be begun; its place says why."""
    WaitingAnswer.objects.filter(pk=waiting).update(why=why[:400])


def _read(start: Any) -> dict[str, Any]:
    """A start with nothing in it but what is known. Raises BadDocument."""
    if not isinstance(start, dict):
        raise BadDocument("a start that is none")
    message = {name: start[name] for name in _KINDS if name in start}
    call = message.get("call")
    if not all(isinstance(message.get(name), kind) for name, kind in _KINDS.items()) or not isinstance(call, dict):
        raise BadDocument("a bad start")
    if not all(isinstance(call.get(part) or {}, dict) for part in _PARTS):
        raise BadDocument("a bad call")
    if not isinstance(call.get("body_text", ""), str):
        raise BadDocument("a body that is no text")
    try:
        return {**message, "run": str(uuid.UUID(start.get("run", "")))}
    except (ValueError, AttributeError, TypeError) as error:
        raise BadDocument("a run that is none") from error
