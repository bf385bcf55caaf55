"""Links to runs: made on a run's page, listed and ended here, opened by whoever they are for."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required, sign_in_required
from accounts.models.audit import record
from accounts.requests import MemberRequest, absolute, address_of
from playground.models import LinkRule, Run, RunShare, State
from playground.saved import links
from playground.views import figures
from playground.views.frame import avatar
from playground.views.makers import mark_of
from playground.views.run_rows import ICONS, state_word, zone_of

DAYS = {"1": 1, "7": 7, "30": 30, "": None}
TOLD_LINK = "run_link"
LONGEST_BODY_SHOWN = 200_000


@require_safe
@never_cache
@member_required
def mine(request: MemberRequest) -> HttpResponse:
    """The person's links in this team; for admins all of them (`?whose=team`), and the team's rule."""
    may_see_all = may(request.membership, "audit", request.team)
    shows_all = may_see_all and request.GET.get("whose") == "team"
    shares = RunShare.objects.filter(team=request.team).select_related("run", "author").defer("frames", "request")
    if not shows_all:
        shares = shares.filter(author=request.user)
    context = {
        "may_see_all": may_see_all,
        "shows_all": shows_all,
        "shares": shares.order_by("-id")[:500],
        "link": request.session.pop(TOLD_LINK, None),
        "may_rule": may(request.membership, "rename", request.team),
        "lets_anyone": LinkRule.lets_anyone(request.team),
    }
    return render(request, "shared/links.html", context)


@require_POST
@member_required
def make(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """A link to a run: for whom (`audience`), for how many days."""
    run = get_object_or_404(Run.objects.select_related("team", "user"), team=request.team, uuid=uuid)
    audience, days = request.POST.get("audience", ""), request.POST.get("days", "7")
    if audience not in RunShare.Audience.values or days not in DAYS:
        messages.error(request, _("Choose who may open the link, and for how long."))
        return redirect("run", uuid=uuid)
    try:
        _share, token = links.make(
            run,
            by=request.membership,
            audience=RunShare.Audience(audience),
            days=DAYS[days],
            address=address_of(request),
        )
    except links.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("run", uuid=uuid)
    # Told once, on the page that follows; only its hash is stored with the share.
    request.session[TOLD_LINK] = absolute(request, reverse("shared", args=[token]))
    return redirect("links")


@require_POST
@member_required
def revoke(request: MemberRequest, id: int) -> HttpResponse:
    """End one of one's own links; admins end anybody's."""
    share = get_object_or_404(RunShare, team=request.team, pk=id)
    if share.author_id != request.user.pk and not may(request.membership, "audit", request.team):
        raise Http404
    links.revoke(share, by=request.user, address=address_of(request))
    messages.success(request, _("The link no longer opens"))
    return redirect(reverse("links") + ("" if share.author_id == request.user.pk else "?whose=team"))


@require_POST
@member_required
def rule(request: MemberRequest) -> HttpResponse:
    """Whether links of this team may be opened without signing in."""
    if not may(request.membership, "rename", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("links")
    allows = request.POST.get("anyone") == "on"
    LinkRule.objects.update_or_create(team=request.team, defaults={"allows_anyone": allows})
    deed = "share.anyone_allowed" if allows else "share.anyone_forbidden"
    record(deed, by=request.user, team=request.team, thing=request.team, address=address_of(request))
    messages.success(request, _("Links may now be for anyone") if allows else _("Links are now for the team only"))
    return redirect("links")


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """The frozen page behind a link. Who may not open it is told what a wrong link is told."""
    share = links.find(token, request.user)
    if share is None:
        return _missing(request)
    if request.method == "GET":
        share.count_opening()
    kept = json.loads(bytes(share.request))
    context = {
        "share": share,
        "token": token,
        "facts": share.facts,
        "operation": share.facts["operation_title"]["en" if get_language() == "en" else "zh"],
        "author": avatar(share.facts["shared_by"]),
        "mark": mark_of(share.facts["model"]),
        "state_icon": ICONS[State(share.facts["state"])],
        "state_word": state_word(State(share.facts["state"]), share.facts["status"]),
        "started": _moment(request, share.facts["started"]),
        "figures": _figures(share.facts),
        "method": kept["method"],
        "path": kept["path"],
        "body": _laid_out(kept["call"]["body_text"]),
        "frozen": {"frames": links.told(share), "state": share.facts["state"], "metrics": share.facts["metrics"]},
    }
    response = render(request, "shared/page.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
@member_required
def shared_call(request: MemberRequest, token: str) -> JsonResponse:
    """The request behind a link, to be laid out in the builder of somebody signed in."""
    share = links.find(token, request.user)
    if share is None:
        raise Http404
    kept = json.loads(bytes(share.request))
    return JsonResponse({"operation": kept["operation"], "call": kept["call"]})


@sign_in_required
def _missing(request: HttpRequest) -> HttpResponse:
    """Signed out, everybody is asked to sign in, whether there is such a link or not."""
    return render(request, "shared/missing.html", status=404)


def _figures(facts: dict[str, Any]) -> list[tuple[str, str]]:
    metrics = facts["metrics"]
    cost = Decimal(facts["cost"]) if facts["cost"] is not None else None
    return [
        (_("First text"), figures.duration(metrics["first_text_ms"])),
        (_("Total"), figures.duration(metrics["total_ms"])),
        (_("Tokens in → out"), figures.tokens(metrics["input_tokens"], metrics["output_tokens"])),
        (_("Cost"), figures.money(cost, facts["currency"])),
    ]


def _moment(request: HttpRequest, iso: str) -> str:
    moment = parse_datetime(iso)
    return moment.astimezone(zone_of(request)).strftime("%Y-%m-%d %H:%M:%S") if moment else iso


def _laid_out(body: str | None) -> str:
    """The body as it is read most easily; as it was sent when it is no JSON."""
    try:
        text = json.dumps(json.loads(body or ""), indent=2, ensure_ascii=False) if body else ""
    except (ValueError, RecursionError):
        text = body or ""
    return text.encode("utf-8", "backslashreplace").decode()[:LONGEST_BODY_SHOWN]
