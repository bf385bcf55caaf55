"""Links to runs: what happened is copied, so that it still shows when the run, its key or its author are gone."""

import json
import zlib
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import Membership, User
from accounts.models.audit import record
from playground import catalogue
from playground.models import LinkRule, Run, RunCall, RunShare, State

# Headers of an answer that let somebody act in another's name.
_PRIVATE_HEADERS = {"set-cookie", "authorization"}


class Refused(Exception):
    """Why there is no link, as a sentence for the person."""


def make(
    run: Run, *, by: Membership, audience: RunShare.Audience, days: int | None, address: str | None = None
) -> tuple[RunShare, str]:
    """A new link to a run that has ended, and its token, which is told this once."""
    if not may(by, "run", run.team):
        raise Refused(_("Viewers of a team share no runs."))
    if run.state == State.RUNNING:
        raise Refused(_("This run still goes on. Share it when it has ended."))
    if audience == RunShare.Audience.ANYONE and not LinkRule.lets_anyone(run.team):
        raise Refused(_("Your team allows links for its own people only. An admin can change that."))
    call = RunCall.objects.filter(run=run).first()
    if call is None or run.is_emptied:
        raise Refused(_("The request and the answer of this run were not kept, so there is nothing to show."))
    share = RunShare(
        team=run.team,
        run=run,
        author=by.user,
        audience=audience,
        title=run.summary or run.operation,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
        facts=_facts(run, by.user),
        request=json.dumps(_request(run, call, audience)).encode(),
        frames=zlib.compress("\n".join(json.dumps(_plain(frame)) for frame in run.told()).encode()),
    )
    token = share.new_token()
    share.save()
    record("share.made", by=by.user, team=run.team, thing=share, address=address, audience=str(audience))
    return share, token


def revoke(share: RunShare, *, by: User, address: str | None = None) -> None:
    """End a link; what it showed is forgotten."""
    if share.revoked_at is None:
        share.revoke()
        record("share.revoked", by=by, team=share.team, thing=share, address=address)


def find(token: str, person: Any) -> RunShare | None:
    """The open link that `token` names, if `person` may look at it."""
    share = (
        RunShare.objects.open().by_token(token).select_related("team", "author").first() if len(token) < 100 else None
    )
    if share is None or (share.audience == RunShare.Audience.TEAM and not _is_member(share, person)):
        return None
    if share.audience == RunShare.Audience.ANYONE and not LinkRule.lets_anyone(share.team):
        # The rule was made stricter since: the link then is for the team.
        return share if _is_member(share, person) else None
    return share


def told(share: RunShare) -> list[dict[str, Any]]:
    """The frames of the snapshot, in order."""
    lines = zlib.decompress(bytes(share.frames)).decode()
    return [json.loads(line) for line in lines.split("\n") if line]


def _is_member(share: RunShare, person: Any) -> bool:
    return isinstance(person, User) and share.team.role_of(person) is not None


def _facts(run: Run, author: User) -> dict[str, Any]:
    operation = catalogue.find(run.operation)
    return {
        "operation": run.operation,
        "operation_title": operation.title if operation else {"en": run.operation, "zh": run.operation},
        "model": run.model,
        "state": run.state,
        "status": run.status,
        "run_by": run.user.display_name if run.user else "",
        "shared_by": author.display_name,
        "team": run.team.name,
        "started": run.started_at.isoformat(),
        "key_mask": run.key_mask,
        "currency": run.currency,
        "cost": str(run.cost) if run.cost is not None else None,
        "metrics": run.metrics(),
    }


def _request(run: Run, call: RunCall, audience: RunShare.Audience) -> dict[str, Any]:
    """The request as it can be opened again. Headers that the person wrote stay in the team; so does the gateway's address."""
    given, sent = json.loads(bytes(call.given)), json.loads(bytes(call.sent))
    if audience == RunShare.Audience.ANYONE:
        given = {**given, "headers": {}}
    body = bytes(call.body).decode("utf-8", "replace") if call.body is not None else None
    operation = catalogue.find(run.operation)
    return {
        "operation": run.operation,
        "call": {**given, "body_text": body, "stream": run.streaming if _may_stream(run) else None},
        "method": sent["method"],
        "path": operation.path if operation else "",
    }


def _may_stream(run: Run) -> bool:
    operation = catalogue.find(run.operation)
    return operation is not None and operation.streaming == "either" and operation.stream_by == "path"


def _plain(frame: dict[str, Any]) -> dict[str, Any]:
    if frame["kind"] != "status":
        return frame
    headers = frame.get("headers") or {}
    pairs = headers.items() if isinstance(headers, dict) else headers
    kept = [(name, value) for name, value in pairs if name.lower() not in _PRIVATE_HEADERS]
    return {**frame, "headers": dict(kept) if isinstance(headers, dict) else [list(pair) for pair in kept]}
