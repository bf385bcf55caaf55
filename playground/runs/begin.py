"""How a run begins: who may, with which key, and a row that exists exactly once."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import key_among, may, membership_with_keys
from accounts.models import Key, Membership, Role
from accounts.prepared import answer
from playground import catalogue
from playground.calls import BadCall, Call, call_from, with_key
from playground.gateway import Route
from playground.models import Right, Run, SavedRequest, SavedRun
from playground.models.runs import new_id
from playground.runs.costs import Tariff, tariff_for
from playground.runs.files import TeamFiles
from playground.runs.masks import hidden_in, masked, spellings
from playground.runs.store import Standing
from playground.runs.variables import NotFilled, check_goes_out, fill

SUMMARY_LENGTH = 240
READ_FOR_SUMMARY = 512 * 2**10


class Refused(Exception):
    """A start was refused; `code` is one of the socket's error codes, the text is one sentence."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Begun:
    """A run's row that was just made, and what is needed to play it."""

    run_id: int
    uuid: str
    call: Call
    route: Route
    tariff: Tariff | None = None


def begin(start: dict[str, Any], *, user_id: int, team_id: int, process: uuid.UUID, own_address: str) -> Begun | None:
    """Make the row of a new run, owned by `process`. None when a run of this UUID exists already. Raises Refused.

    `start` has the fields of the `start` message; `own_address` is where this server stands now, for the sandbox.
    """
    membership, keys = membership_with_keys(team_id, user_id, _named(start.get("key")))
    if membership is None or not may(membership, "run", membership.team):
        raise Refused(
            "forbidden", _("Your role in this team may look at runs but not start them. Ask an admin of the team.")
        )
    operation = catalogue.find(start["operation"])
    if operation is None or operation.kind != "operation":
        raise Refused(
            "bad_call",
            _("There is no operation “%(id)s” in the catalogue.") % {"id": start["operation"][:80]},
            "operation",
        )
    files = TeamFiles(membership)
    saved = _saved(_named(start.get("saved")), membership)
    try:
        filling = fill(start, saved, membership)
        call = call_from(operation, filling.sent, start.get("stream"), files)
        key = _key(start.get("key"), keys, membership, operation.id, call.model)
        check_goes_out(filling.secrets, key, membership)
    except BadCall as error:
        raise Refused("too_large" if error.code == "too_large" else "bad_call", error.told(_), error.field) from error
    except NotFilled as missing:
        raise Refused("bad_call", str(missing), missing.field) from missing
    route = _route(key, own_address, filling.hidden)
    run_id = new_id()
    if not _insert(run_id, {**start, "call": filling.kept}, call, key, route, membership, process, files):
        return None
    if saved:
        SavedRun.objects.create(run_id=run_id, request=saved, version=saved.version)
    return Begun(run_id, start["run"], call, route, tariff_for(key, call, start["call"]))


def _key(named: Any, keys: list[Key], membership: Membership, operation: str, model: str) -> Key:
    """Of the keys that may be used the one for this call: the named one, else the preferred of those that allow it."""
    if named is None:
        key = key_among(keys, membership, operation, model)
        if key is None:
            raise Refused(
                "forbidden",
                _("You have no key that may be used for this operation. Add one, or ask an admin to share one."),
                "key",
            )
        return key
    key = next((key for key in keys if key.pk == _named(named)), None)
    if key is None:
        raise Refused("not_found", _("There is no such key that you may use. Choose another one."), "key")
    if not key.allows(operation, model):
        raise Refused(
            "forbidden",
            _("The key “%(name)s” may not be used for this operation and model. Choose another one.")
            % {"name": key.name},
            "key",
        )
    return key


def _named(given: Any) -> uuid.UUID | None:
    """The UUID that a field of a message names; None where it names none."""
    try:
        return uuid.UUID(str(given)) if given else None
    except ValueError:
        return None


def _saved(wanted: uuid.UUID | None, membership: Membership) -> SavedRequest | None:
    """The saved request a run is started from. One that is gone, or was taken away, starts a run of its own."""
    if wanted is None:
        return None
    seen = SavedRequest.objects.visible_to(membership.user).select_related("team")
    saved = seen.filter(pk=wanted, team=membership.team_id).first()
    if saved and saved.right_of(membership.user) is Right.VIEW:
        raise Refused("forbidden", _("You may look at this saved request but not run it. Ask its owner."), "saved")
    return saved


def _route(key: Key, own_address: str, hidden: tuple[str, ...]) -> Route:
    gateway = key.gateway
    base_url = f"{own_address}/sandbox" if gateway.is_sandbox else gateway.base_url
    return Route(base_url, key.secret.reveal(), gateway.trusted or gateway.is_sandbox, hidden)


def _insert(
    run_id: int,
    start: dict[str, Any],
    call: Call,
    key: Key,
    route: Route,
    membership: Membership,
    process: uuid.UUID,
    files: TeamFiles,
) -> bool:
    """One statement makes the run and keeps its request; a second one with the same UUID makes nothing."""
    given = start["call"]
    body = _body_text(given, call)
    row = {
        "id": run_id,
        "uuid": start["run"],
        "team_id": membership.team_id,
        "user_id": membership.user_id,
        "key_id": key.pk,
        "key_name": key.name,
        "key_mask": key.mask,
        "gateway_name": key.gateway.name,
        "operation": call.operation,
        "dialect": call.dialect,
        "model": hidden_in(call.model, route.hidden)[:200],
        "streaming": call.streaming,
        "summary": summary_of(body),
        "retry_of": _first_try(start.get("retry_of"), membership.team_id),
        "owner_id": process,
        "started_at": timezone.now(),
        "given": json.dumps({name: given.get(name) or {} for name in ("path", "query", "headers")}).encode(),
        "body": body,
        "sent": json.dumps(_as_sent(call, route, body)).encode(),
        "files": files.ids,
    }
    return bool(answer(_INSERT, row))


_INSERT = """
WITH made AS (
  INSERT INTO playground_run (id, uuid, team_id, user_id, key_id, key_name, key_mask, gateway_name, operation, dialect, model,
    streaming, summary, retry_of_id, state, problem, owner_id, stop_asked, last_seq, started_at, currency, has_media, tags)
  VALUES (%(id)s, %(uuid)s, %(team_id)s, %(user_id)s, %(key_id)s, %(key_name)s, %(key_mask)s, %(gateway_name)s, %(operation)s,
    %(dialect)s, %(model)s, %(streaming)s, %(summary)s, %(retry_of)s, 'running', '', %(owner_id)s, false, 0, %(started_at)s, '', false, '{}')
  ON CONFLICT (uuid) DO NOTHING RETURNING id
), used AS (
  UPDATE accounts_key SET last_used_at = %(started_at)s, last_used_by_id = %(user_id)s, last_used_for = %(operation)s WHERE id = %(key_id)s AND EXISTS (SELECT FROM made)
    AND (last_used_at IS NULL OR last_used_at < %(started_at)s - interval '5 seconds')
), linked AS (
  INSERT INTO playground_attachment_runs (attachment_id, run_id)
  SELECT file.id, made.id FROM made, playground_attachment file WHERE file.id = ANY(%(files)s::uuid[])
)
INSERT INTO playground_runcall (run_id, given, body, sent) SELECT id, %(given)s, %(body)s, %(sent)s FROM made RETURNING run_id
"""


def _first_try(retry_of: str | None, team_id: int) -> int | None:
    """The first of a chain of tries: every retry is linked to it."""
    if not retry_of:
        return None
    first = Run.objects.filter(uuid=retry_of, team_id=team_id).values_list("id", "retry_of_id").first()
    return (first[1] or first[0]) if first else None


def _body_text(given: dict[str, Any], call: Call) -> bytes | None:
    """The body as the person gave it: kept for opening it again in the builder."""
    if given.get("body_text") is not None:
        return given["body_text"].encode("utf-8", "surrogatepass")
    if given.get("body") is not None:
        return json.dumps(given["body"], ensure_ascii=False).encode("utf-8", "surrogatepass")
    return None


def _as_sent(call: Call, route: Route, body: bytes | None) -> dict[str, Any]:
    """Method, URL and headers as they went out, the secret masked; the body only where it differs from what was given."""
    url = route.base_url.rstrip("/") + call.path
    headers = [
        [name, value.replace(route.secret, masked(route.secret))] for name, value in with_key(call, route.secret)
    ]
    ways = spellings(route.hidden)
    sent: dict[str, Any] = {
        "method": call.method,
        "url": url,
        "query": [list(pair) for pair in call.query],
        "headers": [[name, hidden_in(value, ways)] for name, value in headers],
    }
    # Files stay marks here: what is kept of a request is to be read by people.
    told = call.marked or call.body
    if told and told != body:
        sent["body"] = (
            hidden_in(told.decode("utf-8", "replace"), ways)
            if "json" in call.content_type
            else f"({len(call.body)} bytes of {call.content_type})"
        )
    return sent


def summary_of(body: bytes | None) -> str:
    """The first words of the last thing the person said, for lists."""
    if not body or len(body) > READ_FOR_SUMMARY:
        return ""
    try:
        value = json.loads(body)
    except ValueError:
        return ""
    words = " ".join(_last_words(value).split())
    return words.encode("utf-8", "replace").decode().replace("\x00", "")[:SUMMARY_LENGTH]


def _last_words(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    for name in ("messages", "input", "contents", "prompt", "query", "content", "text"):
        if name in value and (words := _text_in(value[name])):
            return words
    return ""


def _text_in(value: Any) -> str:
    """The last text of the person in messages, parts or plain strings."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        spoken = [item for item in value if not isinstance(item, dict) or item.get("role", "user") == "user"]
        return next((words for item in reversed(spoken) if (words := _text_in(item))), "")
    if isinstance(value, dict):
        return next(
            (words for name in ("text", "content", "parts", "input_text") if (words := _text_in(value.get(name)))), ""
        )
    return ""


def may_stop(user_id: int, standing: Standing) -> bool:
    """The person who started a run, and admins and owners of its team."""
    if standing.user_id == user_id:
        return True
    return Membership.objects.filter(
        user_id=user_id, team_id=standing.team_id, role__in=(Role.OWNER, Role.ADMIN)
    ).exists()
