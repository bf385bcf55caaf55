"""Refreshing all balances: begun once for a team, told as it goes, cancelled."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.models import BalanceRefresh, Role
from accounts.prepared import Prepared
from accounts.requests import MemberRequest
from playground.jobs.balances import is_forsaken, refresh_team
from playground.views.balance_rows import row_of
from playground.views.balances.seen import keys_of
from playground.views.run_rows import zone_of

# A refresh that no worker takes up does not stand in the way for longer.
STUCK = timedelta(minutes=10)


@require_POST
@member_required
def refresh(request: MemberRequest) -> HttpResponse:
    """Ask for all balances that this person sees; one refresh of a team at a time."""
    now_going = next(iter(GOING(team=request.team.pk)), None)
    if now_going and is_forsaken(now_going):
        now_going.cancel()
        now_going = None
    if now_going is None:
        keys = [key.pk for key in keys_of(request) if key.is_live]
        now_going = BalanceRefresh.objects.create(team=request.team, person=request.user, keys=keys, total=len(keys))
        refresh_team.defer(refresh=str(now_going.pk))
    return _progress(request, now_going, timezone.now())


@require_safe
@member_required
def progress(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """How far a refresh is, and the rows that changed since the page looked last."""
    asked = get_object_or_404(BalanceRefresh, pk=id, team=request.team)
    return _progress(request, asked, _moment(request.GET.get("after", "")))


@require_POST
@member_required
def cancel(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """Stop a refresh: by whoever began it, and by admins."""
    asked = get_object_or_404(BalanceRefresh, pk=id, team=request.team)
    if asked.person_id != request.user.pk and not request.membership.is_at_least(Role.ADMIN):
        raise Http404
    asked.cancel()
    asked.refresh_from_db()
    return _progress(request, asked, timezone.now())


def going(asked: list[BalanceRefresh]) -> dict[str, Any]:
    """The team's refresh that is under way, if any, and whether its worker has died over it."""
    return {"going": asked[0] if asked else None, "is_forsaken": bool(asked) and is_forsaken(asked[0])}


GOING = Prepared(
    lambda team: BalanceRefresh.objects.filter(team=team, ended_at=None, asked_at__gt=Now() - STUCK).order_by(
        "-asked_at"
    )[:1],
    team=int,
)


def _progress(request: MemberRequest, asked: BalanceRefresh, after: datetime) -> HttpResponse:
    now, zone = timezone.now(), zone_of(request)
    changed = keys_of(request).filter(pk__in=asked.keys, standing__asked_at__gt=after)
    rows = [row_of(key, zone, now) for key in changed]
    context = {
        "going": asked,
        "is_forsaken": is_forsaken(asked),
        "now": now.isoformat(),
        "rows": rows,
        "seconds_left": _seconds_left(asked, now),
    }
    return render(request, "balances/progress.html", context)


def _seconds_left(asked: BalanceRefresh, now: datetime) -> int | None:
    if asked.begun_at is None or asked.done < 3:
        return None
    return round((now - asked.begun_at).total_seconds() / asked.done * (asked.total - asked.done))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return timezone.now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
