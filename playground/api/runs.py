"""Runs: started, listed, looked at, stopped. They are the same runs that the page shows."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from playground.api import door
from playground.api.answers import answer_of
from playground.api.door import ProgramRequest
from playground.api.problems import Problem, not_found, refusals
from playground.comparing.blind import hidden_from
from playground.models import Run
from playground.models.runs import LONGEST_TAG, State
from playground.runs import begin
from playground.runs.finding import Filters, find
from playground.runs.keeper import keeper
from playground.runs.start import may_stop, own_address, start
from playground.search.pasted import holds_secret

router = Router(tags=["runs"])

_STATUS = {"not_found": 404, "forbidden": 403, "busy": 503, "too_many": 429, "too_large": 413}
LAST_ID = 2**63 - 1


class CallGiven(Schema, extra="forbid"):
    """What is sent: the parts of the address, headers, and the body as a value or as the exact JSON text."""

    path: dict[str, Any] | None = None
    query: dict[str, Any] | None = None
    headers: dict[str, Any] | None = None
    body: Any = None
    body_text: str | None = None


class StartGiven(Schema):
    """The fields of the socket's `start`. `run` is the run's name: the same one twice starts it once."""

    run: UUID | None = None
    operation: Annotated[str, Field(max_length=80)]
    key: UUID | None = None
    call: CallGiven
    stream: bool | None = None
    retry_of: UUID | None = None


class KeyNamed(Schema):
    id: UUID | None
    name: str
    mask: str


class RunShape(Schema):
    """A run as lists show it. `problem` is a code, empty when all went well."""

    id: UUID
    operation: str
    model: str
    state: State
    status: int | None
    problem: str
    summary: str
    person: str
    key: KeyNamed
    started_at: datetime
    ended_at: datetime | None
    metrics: dict[str, float | str | None]
    url: str


class ProblemTold(Schema, extra="allow"):
    """What went wrong: whose fault, may it be tried again, what helps."""

    code: str
    fault: str
    message: str
    retry: bool
    retry_after_ms: int | None = None
    remedies: list[dict[str, Any]] = []


class WholeRunShape(RunShape):
    """A run with what it has answered so far."""

    text: str
    reasoning: str
    refusal: str
    tool_calls: list[dict[str, Any]]
    trouble: ProblemTold | None
    frames: int
    text_is_cut: bool


class RunsShape(Schema):
    """Runs, newest first; `next` is the `after` of the next page."""

    items: list[RunShape]
    next: str | None


class Asked(Schema):
    """What a list is narrowed to."""

    q: Annotated[str, Field(max_length=400, description="words of the request or the answer")] = ""
    operation: Annotated[str, Field(max_length=80)] = ""
    model: Annotated[str, Field(max_length=200)] = ""
    state: State | None = None
    key: UUID | None = None
    person: Annotated[int | None, Field(ge=1, le=LAST_ID)] = None
    gateway: Annotated[str, Field(max_length=120)] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    tokens: Annotated[int | None, Field(ge=0, le=2**31, description="at least so many, in and out")] = None
    cost: Annotated[Decimal | None, Field(ge=0, le=10**6, description="at least so much")] = None
    tag: Annotated[str, Field(max_length=LONGEST_TAG)] = ""
    media: bool = False
    starred: bool = False
    after: Annotated[str, Field(max_length=20, description="`next` of the page before")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


@router.post(
    "", response={201: WholeRunShape, 200: WholeRunShape, **refusals(404, 413, 429, 503)}, auth=door.runs,
    summary="Start a run",
)  # fmt: skip
def start_run(request: ProgramRequest, given: StartGiven) -> Status:
    """Start a run and return at once; ask for it again to see what it answers. A run of that name is answered with 200."""
    message = given.dict(exclude_unset=True, exclude_none=True)
    message |= {name: str(message[name]) for name in ("run", "key", "retry_of") if name in message}
    message.setdefault("run", str(uuid.uuid4()))
    return start_and_tell(request, message)


def start_and_tell(request: ProgramRequest, message: dict[str, Any]) -> Status:
    """Start what the message describes, in the name of the token's person; the run as it stands then."""
    try:
        own = own_address(request.scope)  # type: ignore[attr-defined]
        # On the server's loop: this thread works for it.
        is_new = async_to_sync(start)(message, user_id=request.user.pk, team_id=request.team.pk, own_address=own)
    except begin.Refused as refusal:
        raise Problem(_STATUS.get(refusal.code, 422), refusal.code, str(refusal), refusal.field) from refusal
    return Status(201 if is_new else 200, _whole(_run_of(request, UUID(message["run"]))))


@router.get("", response={200: RunsShape, **refusals()}, auth=door.reads, summary="Runs, newest first")
def runs(request: ProgramRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The team's runs."""
    if "\0" in asked.q + asked.operation + asked.model + asked.gateway + asked.tag:
        raise Problem(422, "bad_request", _("Text with a NUL character is found nowhere."))
    if holds_secret(asked.q) or holds_secret(asked.tag):
        raise Problem(422, "looks_like_a_key", _("That looks like a key, so it was not searched for."), "q")
    filters = Filters(
        q=asked.q,
        operation=asked.operation,
        model=asked.model,
        state=asked.state or "",
        person=asked.person,
        key=str(asked.key or ""),
        gateway=asked.gateway,
        since=asked.since,
        until=asked.until,
        tokens=asked.tokens,
        cost=asked.cost,
        tag=asked.tag,
        media=asked.media,
        starred=asked.starred,
    )
    before = _position(asked.after) if asked.after else None
    hidden = hidden_from(request.membership).ids
    found = find(request.team, filters, before=before, limit=asked.limit, hidden=hidden)
    shown = [row["id"] for row in found.rows]
    runs = Run.objects.select_related("user").in_bulk(shown)
    items = [_told(runs[id]) for id in shown if id in runs]
    return {"items": items, "next": str(shown[-1]) if shown and found.has_older else None}


@router.get("/{uuid:id}", response={200: WholeRunShape, **refusals(404)}, auth=door.reads, summary="One run")
def run(request: ProgramRequest, id: UUID) -> dict[str, Any]:
    """A run with all it has answered up to a second ago."""
    return _whole(_run_of(request, id))


@router.post("/{uuid:id}/stop", response={200: WholeRunShape, **refusals(404)}, auth=door.runs, summary="Stop a run")
def stop(request: ProgramRequest, id: UUID) -> dict[str, Any]:
    """Stop a run. One that has ended stays as it is."""
    found = _run_of(request, id)
    if async_to_sync(_stop)(request.user.pk, str(id)):
        return _whole(found)
    raise Problem(403, "forbidden", _("Only the person who started a run, or an admin of the team, may stop it."))


async def _stop(user_id: int, name: str) -> bool:
    runs = keeper()
    standing = (await runs.store.standing(name))[0]
    if not await may_stop(user_id, standing):
        return False
    await runs.stop(standing)
    return True


def _run_of(request: ProgramRequest, id: UUID) -> Run:
    found = request.team.runs.select_related("user").filter(uuid=id).first()  # type: ignore[attr-defined]
    if found is None:
        raise not_found(_("There is no such run."))
    if found.id in hidden_from(request.membership).ids:
        raise Problem(403, "blind_vote", _("This run stands in a blind vote. Vote first; then it is shown."))
    return found


def _position(after: str) -> int:
    if not after.isascii() or not after.isdecimal() or not 0 < int(after) <= LAST_ID:
        raise Problem(422, "bad_request", _("“after” must be the “next” of an earlier answer."), "after")
    return int(after)


def _told(run: Run) -> dict[str, Any]:
    return {
        "id": run.uuid,
        "operation": run.operation,
        "model": run.model,
        "state": run.state,
        "status": run.status,
        "problem": run.problem,
        "summary": run.summary,
        "person": run.user.display_name if run.user else "",
        "key": {"id": run.key_id, "name": run.key_name, "mask": run.key_mask},
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "metrics": run.metrics(),
        "url": reverse("run", args=[run.uuid]),
    }


def _whole(run: Run) -> dict[str, Any]:
    return {**_told(run), **vars(answer_of(run))}
