"""Runs as they lie in the database, for tests of the pages that show them."""

import json
import zlib
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from playground.models import Run, RunCall, RunFrames
from playground.models.runs import State, id_at

STATUS = {"kind": "status", "status": 200, "headers": {"content-type": "text/event-stream", "x-request-id": "req-1"}}


def make_run(
    team: Team, user: User, *, minutes_ago: float = 1, frames: Any = (), events: Any = (), **fields: Any
) -> Run:
    """A run that ended, its frames numbered and timed as the recorder does; `events` are `(ms, bytes)` reads."""
    started = timezone.now() - timedelta(minutes=minutes_ago)
    given = {
        "id": id_at(started) + Run.objects.count(),
        "operation": "chat-stream",
        "dialect": "openai-chat",
        "model": "gpt-5.1",
        "summary": "What is the exchange rate?",
        "state": State.SUCCEEDED,
        "status": 200,
        "key_name": "Team main",
        "key_mask": "sk-…3f9a",
        "gateway_name": "Sandbox",
        "started_at": started,
        "total_ms": 7420,
        "first_text_ms": 312,
        "input_tokens": 1042,
        "output_tokens": 413,
    }
    run = Run.objects.create(team=team, user=user, **{**given, **fields})
    body = json.dumps({"model": run.model, "messages": [{"role": "user", "content": run.summary}]})
    sent = {
        "method": "POST",
        "url": "http://gateway.example/v1/chat/completions",
        "headers": [["Authorization", "Bearer sk-…3f9a"]],
    }
    empty = json.dumps({"path": {}, "query": {}, "headers": {}})
    RunCall.objects.create(run=run, given=empty.encode(), body=body.encode(), sent=json.dumps(sent).encode())
    if frames:
        keep(run, frames, events)
    return run


def keep(run: Run, frames: Any, events: Any = ()) -> None:
    """Store frames, given as `(ms, frame)`, after the status frame that every answer begins with."""
    numbered = [(0, STATUS), *frames]
    lines = [json.dumps({"seq": seq, "at": at, **frame}) for seq, (at, frame) in enumerate(numbered, 1)]
    raw = b"".join(b"%d %d\n%s" % (at, len(data), data) for at, data in events)
    RunFrames.objects.create(
        run=run, first=1, last=len(lines), frames="\n".join(lines).encode(), events=zlib.compress(raw) if raw else None
    )
    Run.objects.filter(pk=run.pk).update(last_seq=len(lines))


def spoken(kind: str, *pieces: str, begin: int = 100, pause: int = 20) -> list[tuple[int, dict[str, Any]]]:
    """Deltas of one kind, one after the other."""
    return [(begin + place * pause, {"kind": kind, "text": piece}) for place, piece in enumerate(pieces)]
