"""One run: its page, the request it went out with, and the person's last run of an operation."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.models import Key
from accounts.prepared import Prepared, together
from accounts.requests import MemberRequest
from playground import catalogue
from playground.comparing.blind import hidden_from
from playground.models import Comment, LinkRule, Run, RunCall
from playground.models.runs import State
from playground.runs.finding import find
from playground.saved import talking
from playground.views import figures
from playground.views.frame import avatar
from playground.views.history_filters import Narrowed
from playground.views.makers import mark_of
from playground.views.marks import may_delete, short_name
from playground.views.run_rows import ICONS, operation_title, state_word, zone_of
from playground.views.saved import comments
from playground.views.saved.running import begin


@require_safe
@member_required
def run(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """The page of a run, running or over."""
    found = _found(request, uuid)
    if _COMMENTED(run=found.pk):
        talking.see(request.user, found)  # type: ignore[arg-type]
    narrowed = Narrowed(request)
    newer, older = _neighbours_within(request, found, narrowed) if narrowed else _neighbours(found)
    context = {
        "run": found,
        "title": found.summary or operation_title(found.operation),
        "operation": operation_title(found.operation),
        "state_icon": ICONS[State(found.state)],
        "state_word": state_word(State(found.state), found.status),
        "person": _person(found),
        "mark": mark_of(found.model),
        "figures": _figures(found),
        "started": found.started_at.astimezone(zone_of(request)).strftime("%Y-%m-%d %H:%M:%S"),
        "within": narrowed.query(),
        "newer": newer,
        "older": older,
        "anyone_may": LinkRule.lets_anyone(request.team),  # type: ignore[attr-defined]
        "may_delete": may_delete(request, found),  # type: ignore[arg-type]
        "short_name": short_name(found),
        "builder": f"/?{urlencode({'run': str(found.uuid)})}",
        "may_run": may(request.membership, "run", request.team),  # type: ignore[attr-defined]
        **comments.shown(request, found),  # type: ignore[arg-type]
        "comment_url": reverse("run_comment", args=[found.uuid]),
    }
    return render(request, "runs/page.html", context)


@require_safe
@member_required
def request_json(request: MemberRequest, uuid: UUID) -> JsonResponse:
    """The request of a run, as it was filled in and as it was sent; the secret is a mask in both."""
    found = _found(request, uuid)
    call = RunCall.objects.get(run=found)
    given, sent = json.loads(bytes(call.given)), json.loads(bytes(call.sent))
    body = bytes(call.body).decode("utf-8", "replace") if call.body is not None else None
    return JsonResponse(
        {
            "operation": found.operation,
            "call": {**given, "body_text": body},
            "stream": found.streaming,
            "sent": {
                "method": sent["method"],
                "url": _with_query(sent["url"], sent.get("query", [])),
                "headers": sent["headers"],
                "body_text": sent.get("body", body),
            },
            "key": {"id": found.key_id, "name": found.key_name, "mask": found.key_mask},
            "person": _person(found)["name"],
            "state": found.state,
            "started": found.started_at.isoformat(),
        }
    )


@require_POST
@member_required
def again(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Start the same request once more, as a run of the person's own that is linked to the first; with its key where they may use it."""
    found = _found(request, uuid)
    call = RunCall.objects.filter(run=found).first()
    if call is None or found.is_emptied:
        messages.error(request, _("The request of this run was not kept, so it cannot be sent again."))
        return redirect("run", uuid=uuid)
    given = json.loads(bytes(call.given))
    if call.body is not None:
        given["body_text"] = bytes(call.body).decode("utf-8", "surrogatepass")
    message = {
        "operation": found.operation,
        "run": str(uuid4()),
        "call": given,
        "retry_of": str(uuid),
        "variables": {},
    }
    if _streams_by_path(found):
        message["stream"] = found.streaming
    if found.key_id and Key.objects.usable_by(request.user, request.team).filter(pk=found.key_id).exists():
        message["key"] = str(found.key_id)
    return begin(request, message, back=redirect("run", uuid=uuid))


@never_cache
@require_safe
@member_required
def latest(request: MemberRequest) -> JsonResponse:
    """The person's newest run of an operation in this team, so that a page which was reloaded finds it again."""
    runs = request.team.runs.filter(user=request.user, operation=request.GET.get("operation", "")[:80])
    newest = runs.newest_first().values("uuid", "state").first()
    return JsonResponse({"run": newest and newest["uuid"], "state": newest and newest["state"]})


def _streams_by_path(run: Run) -> bool:
    """Whether it streamed because its address said so: its body then does not tell."""
    operation = catalogue.find(run.operation)
    return operation is not None and operation.streaming == "either" and operation.stream_by == "path"


def _found(request: MemberRequest, uuid: UUID) -> Run:
    for found in _RUN(team=request.team.pk, uuid=uuid):
        found.team = request.team
        return found
    raise Http404


_RUN = Prepared(lambda team, uuid: Run.objects.select_related("user").filter(team=team, uuid=uuid), team=int, uuid=UUID)
_COMMENTED = Prepared(lambda run: Comment.objects.filter(run=run).values_list("pk")[:1], run=int)
_NEWER = Prepared(
    lambda team, run: Run.objects.filter(team=team, id__gt=run).order_by("id").values_list("uuid", flat=True)[:1],
    team=int,
    run=int,
)
_OLDER = Prepared(
    lambda team, run: Run.objects.filter(team=team, id__lt=run).order_by("-id").values_list("uuid", flat=True)[:1],
    team=int,
    run=int,
)


def _neighbours(run: Run) -> tuple[UUID | None, UUID | None]:
    """The runs of the team that began just after and just before."""
    place = {"team": run.team_id, "run": run.pk}
    newer, older = together((_NEWER, place), (_OLDER, place))
    return next(iter(newer), None), next(iter(older), None)


def _neighbours_within(request: MemberRequest, run: Run, narrowed: Narrowed) -> tuple[UUID | None, UUID | None]:
    """The runs just before and after it in the list it was opened from."""
    hidden = hidden_from(request.membership).ids
    newer = find(request.team, narrowed.filters, ("id", "uuid"), after=run.pk, limit=1, hidden=hidden).rows
    older = find(request.team, narrowed.filters, ("id", "uuid"), before=run.pk, limit=1, hidden=hidden).rows
    return (newer[0]["uuid"] if newer else None, older[0]["uuid"] if older else None)


def _person(run: Run) -> dict[str, Any]:
    name = run.user.display_name if run.user else _("someone who has left")
    return {"name": name, "avatar": avatar(name)}


def _figures(run: Run) -> list[tuple[str, str, str]]:
    """What was measured: the name the page's script knows it by, its word, its figure."""
    cached = figures.count(run.cached_tokens)
    return [
        ("first_sign", _("First sign"), figures.duration(run.first_frame_ms)),
        ("first_text", _("First text"), figures.duration(run.first_text_ms)),
        ("total", _("Total"), figures.duration(run.total_ms)),
        ("rate", _("Rate"), _rate(run)),
        ("tokens", _("Tokens in → out"), figures.tokens(run.input_tokens, run.output_tokens)),
        ("cached", _("From the cache"), cached),
        ("thinking", _("Thinking"), figures.count(run.reasoning_tokens)),
        ("cost", _("Cost"), figures.money(run.cost, run.currency)),
    ]


def _rate(run: Run) -> str:
    if (
        run.output_tokens
        and run.total_ms
        and run.first_frame_ms is not None
        and run.total_ms - run.first_frame_ms >= 50
    ):
        return f"{run.output_tokens * 1000 / (run.total_ms - run.first_frame_ms):.0f} tok/s"
    if run.text_per_second:
        return _("%(count)s chars/s") % {"count": figures.count(round(run.text_per_second))}
    return figures.NOTHING


def _with_query(url: str, query: list[list[str]]) -> str:
    return f"{url}?{urlencode([(name, value) for name, value in query])}" if query else url
