"""Comparing: the list of comparisons, one comparison's page, and what its page keeps by JSON."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import default_key, may
from accounts.doors import member_required
from accounts.models import Key
from accounts.requests import MemberRequest
from accounts.texts import refuse_invisible
from playground import catalogue
from playground.comparing import beginning, blind, conductor, waiting
from playground.comparing.documents import MOST_COLUMNS, BadDocument, read, row_of
from playground.models import Comparison, ComparisonVote, SavedRequest
from playground.views.frame import avatar

MOST_SHOWN = 200
DIALECTS = {
    "openai-chat": "chat",
    "openai-responses": "responses",
    "anthropic-messages": "messages",
    "gemini": "v1beta",
}


@require_safe
@member_required
def comparisons(request: MemberRequest) -> HttpResponse:
    """The person's comparisons and those of the team, newest first."""
    seen = Comparison.objects.visible_to(request.user).filter(team=request.team).select_related("owner")
    rows = [_row(request, each) for each in seen.order_by("-updated")[:MOST_SHOWN]]
    return render(request, "compare/list.html", {"rows": rows, "may_run": _may_run(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new(request: MemberRequest) -> HttpResponse:
    """A page to begin with: `?operation=`, `?saved=`, or `?run=` once for each column. Posted, it is kept."""
    if request.method == "POST":
        return _keep_new(request)
    document = _beginning(request)
    if document is None:
        raise Http404
    return render(request, "compare/page.html", _page(request, None, document))


@require_safe
@member_required
def comparison(request: MemberRequest, id: UUID) -> HttpResponse:
    """A comparison as it was left; runs that still stream go on."""
    found = _found(request, id)
    return render(request, "compare/page.html", _page(request, found, json.loads(found.document)))


@require_http_methods(["PUT"])
@member_required
def document(request: MemberRequest, id: UUID) -> HttpResponse:
    """Keep `{title, document, version}` over that version; 409 when another page has saved since."""
    found = _found(request, id)
    if not _may_edit(request, found):
        return _refused(403, "forbidden", _("Only its owner changes a comparison. Make a copy of your own."))
    try:
        given = _given(request)
        version = given.get("version")
        if type(version) is not int or not 0 < version < 2**31:
            raise BadDocument("no version")
    except BadDocument:
        return _bad()
    if found.document == given["document"] and found.title == given["title"]:
        return JsonResponse({"version": found.version})
    if not found.save_over(version, given["title"], given["document"]):
        found.refresh_from_db()
        refusal = {"code": "changed_elsewhere", "message": _("This comparison was changed in another window.")}
        page = json.loads(found.document).get("page")
        return JsonResponse({**refusal, "version": found.version, "page": page}, status=409)
    return JsonResponse({"version": found.version})


@require_POST
@member_required
def vote(request: MemberRequest, id: UUID) -> HttpResponse:
    """Say which answer of a row is best: `{run, is_blind}`. The newest word counts."""
    found = _found(request, id)
    try:
        given = json.loads(request.body)
        run = UUID(given["run"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RequestDataTooBig):
        return _bad()
    row = row_of(json.loads(found.document), run)
    if row is None:
        return _bad()
    # A vote that is cast again was cast with the names in sight.
    told = {
        "run": run,
        "is_blind": given.get("is_blind") is True and not found.votes.filter(user=request.user, row=row),
    }
    ComparisonVote.objects.update_or_create(comparison=found, user=request.user, row=row, defaults=told)
    return JsonResponse(_seen(request, found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@member_required
def waiting_answers(request: MemberRequest, id: UUID) -> HttpResponse:
    """The answers that have not begun yet. Posted, `{starts}` wait from now on; deleted, none waits any longer."""
    found = _found(request, id)
    if request.method in ("POST", "DELETE") and not _may_edit(request, found):
        return _refused(403, "forbidden", _("Only its owner changes a comparison. Make a copy of your own."))
    if request.method == "DELETE":
        waiting.forget(found)
    elif request.method == "POST":
        try:
            waiting.ask(found, request.user, json.loads(request.body).get("starts"))
        except (BadDocument, ValueError, AttributeError, RecursionError, RequestDataTooBig):
            return _bad()
        conductor.wake()
    return JsonResponse({"waiting": waiting.standing(found)}, status=202 if request.method == "POST" else 200)


@require_POST
@member_required
def share(request: MemberRequest, id: UUID) -> HttpResponse:
    """Show it to the team, or to nobody else any more: `{is_shared}`."""
    found = _found(request, id)
    if not _may_edit(request, found):
        return _refused(403, "forbidden", _("Only its owner changes a comparison. Make a copy of your own."))
    try:
        found.is_shared = json.loads(request.body)["is_shared"] is True
    except (ValueError, KeyError, TypeError, RecursionError, RequestDataTooBig):
        return _bad()
    found.save(update_fields=["is_shared"])
    return JsonResponse({"is_shared": found.is_shared})


@require_POST
@member_required
def fork(request: MemberRequest, id: UUID) -> HttpResponse:
    """A copy of one's own, with the answers that are there."""
    found = _found(request, id)
    if not _may_run(request):
        messages.error(request, _("Viewers of a team start no runs"))
        return redirect("comparison", id=id)
    if _seen(request, found)["is_blinded"]:
        messages.error(request, _("Vote first: a copy of your own would show which column is which model."))
        return redirect("comparison", id=id)
    copy = Comparison.objects.create(team=request.team, owner=request.user, title=found.title, document=found.document)
    messages.success(request, _("This copy of the comparison is yours"))
    return redirect("comparison", id=copy.pk)


@require_POST
@member_required
def delete(request: MemberRequest, id: UUID) -> HttpResponse:
    """Delete it; its runs stay in the history."""
    found = _found(request, id)
    if not _may_edit(request, found):
        raise Http404
    found.delete()
    messages.success(request, _("The comparison was deleted; its runs stay in the history"))
    return redirect("comparisons")


def _found(request: MemberRequest, id: UUID) -> Comparison:
    found = Comparison.objects.visible_to(request.user).filter(team=request.team, pk=id).select_related("owner").first()
    if found is None:
        raise Http404
    return found


def _may_run(request: MemberRequest) -> bool:
    return may(request.membership, "run", request.team)


def _may_edit(request: MemberRequest, found: Comparison) -> bool:
    return found.owner_id == request.user.pk and _may_run(request)


def _beginning(request: MemberRequest) -> dict[str, Any] | None:
    if picked := request.GET.getlist("run"):
        return _of_runs(request, picked)
    if saved := request.GET.get("saved"):
        return _of_saved(request, saved)
    operation = request.GET.get("operation") or beginning.FIRST_OPERATION
    return beginning.from_operation(operation, request.user, request.team)


def _of_runs(request: MemberRequest, picked: list[str]) -> dict[str, Any] | None:
    """The runs in the order they were picked; one that is not the team's is left out."""
    names = [name for each in picked[:MOST_COLUMNS] if (name := _uuid(each))]
    hidden = blind.hidden_from(request.membership).ids
    runs = {run.uuid: run for run in request.team.runs.filter(uuid__in=names).exclude(id__in=hidden)}
    return beginning.from_runs([runs[name] for name in dict.fromkeys(names) if name in runs])


def _of_saved(request: MemberRequest, saved: str) -> dict[str, Any] | None:
    name = _uuid(saved)
    found = SavedRequest.objects.visible_to(request.user).filter(team=request.team, pk=name).first() if name else None
    return beginning.from_saved(found) if found else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _keep_new(request: MemberRequest) -> HttpResponse:
    if not _may_run(request):
        return _refused(403, "forbidden", _("Viewers of a team start no runs"))
    try:
        given = _given(request)
    except BadDocument:
        return _bad()
    made = Comparison.objects.create(
        team=request.team, owner=request.user, title=given["title"], document=given["document"]
    )
    return JsonResponse(
        {"id": str(made.pk), "version": made.version, "url": reverse("comparison", args=[made.pk])}, status=201
    )


def _given(request: MemberRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
        title = " ".join(given.get("title", "").split())[:200]
        refuse_invisible(title)
    except (ValueError, AttributeError, TypeError, RecursionError, RequestDataTooBig, ValidationError) as error:
        raise BadDocument("no message") from error
    read(given.get("document"))
    return {**given, "title": title}


def _page(request: MemberRequest, found: Comparison | None, document: dict[str, Any]) -> dict[str, Any]:
    keys = Key.objects.usable_by(request.user, request.team).select_related("gateway").oldest_first()
    default = default_key(request.user, request.team, document["operation"])
    operation = catalogue.find(document["operation"])
    may_edit = _may_edit(request, found) if found else _may_run(request)
    told = {
        "id": str(found.pk) if found else None,
        "version": found.version if found else 0,
        "title": found.title if found else "",
        "document": document,
        "is_blinded": False,
        "waiting": waiting.standing(found) if found else {},
        "may_edit": may_edit,
        "is_shared": bool(found and found.is_shared),
        "votes": [],
        "keys": [{"id": str(key.pk), "name": key.name, "mask": key.mask} for key in keys],
        "default_key": str(default.pk) if default else "",
        "person": request.user.pk,
        "models": beginning.models_of(document["operation"]),
        "dialects": _dialects(document),
        "dialect": operation.dialect if operation else "",
    }
    if found:
        told |= _seen(request, found)
    owner = found.owner.display_name if found and found.owner else ""
    return {"comparison": found, "told": told, "may_edit": may_edit, "may_run": _may_run(request), "owner": owner}


def _dialects(document: dict[str, Any]) -> dict[str, str]:
    """What the dialects of the columns are called."""
    named = {column.get("operation") or document["operation"] for column in document["columns"]}
    found = {id: catalogue.find(id) for id in named}
    return {id: DIALECTS.get(operation.dialect, operation.dialect) for id, operation in found.items() if operation}


def _seen(request: MemberRequest, found: Comparison) -> dict[str, Any]:
    """The votes, and the document as the person may see it: to a voter a blind one tells no names until they have voted."""
    document = json.loads(found.document)
    own = {vote["row"]: UUID(vote["run"]) for vote in _votes(request, found) if vote["is_mine"]}
    if _may_edit(request, found) or not blind.is_blind_for(document, own):
        names = {"models": beginning.models_of(document["operation"]), "dialects": _dialects(document)}
        return {"document": document, "is_blinded": False, "votes": _votes(request, found), **names}
    votes = [vote for vote in _votes(request, found) if vote["is_mine"]]
    nothing: dict[str, Any] = {"models": [], "dialects": {}}
    return {"document": blind.without_names(document), "is_blinded": True, "votes": votes, **nothing}


def _votes(request: MemberRequest, found: Comparison) -> list[dict[str, Any]]:
    votes = found.votes.select_related("user").order_by("at")
    return [
        {
            "row": vote.row,
            "run": str(vote.run),
            "person": vote.user.display_name,
            "is_mine": vote.user_id == request.user.pk,
            "is_blind": vote.is_blind,
        }
        for vote in votes
    ]


def _row(request: MemberRequest, each: Comparison) -> dict[str, Any]:
    document = json.loads(each.document)
    name = each.owner.display_name if each.owner else _("someone who has left")
    is_mine = each.owner_id == request.user.pk
    models = [column.get("model", "") for column in document["columns"]]
    return {
        "comparison": each,
        "models": [model for model in models if model],
        "columns": len(document["columns"]),
        "rows": len(document["rows"]),
        "person": {"name": name, "avatar": avatar(name)},
        "is_mine": is_mine,
        "is_blind": document.get("blind") and not is_mine,
    }


def _refused(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def _bad() -> JsonResponse:
    return _refused(400, "bad_request", _("This is no comparison that can be kept."))
