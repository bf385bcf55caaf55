"""The page of alerts: what is the matter now, when to tell, and of one key when to tell otherwise."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.models import Key
from accounts.requests import MemberRequest, address_of
from playground.alerts import rules
from playground.models import AlertRule
from playground.views.alerts.forms import RuleForm, WebhookForm
from playground.views.alerts.rows import alert_rows, alerts_of
from playground.views.keys.pages import key_of
from playground.views.run_rows import zone_of
from playground.views.team.answers import answered

MOST_SHOWN = 30


@require_http_methods(["GET", "POST"])
@member_required
def alerts(request: MemberRequest) -> HttpResponse:
    """What is the matter now and was lately; for admins when to tell, and whom else."""
    form = RuleForm(request.POST or None, instance=rules.team_rule(request.team))
    if request.method == "POST" and _is_kept(request, form):
        return redirect("alerts")
    return render(request, "alerts/page.html", page_context(request, form), status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required
def key(request: MemberRequest, id: UUID) -> HttpResponse:
    """When to tell of one key."""
    found = key_of(request, id)
    own = rules.own_rule(found)
    given = rules.team_rule(request.team)
    rule = own or AlertRule(team=request.team, key=found, **_lines(given))
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and _is_kept(request, form):
        return redirect("alert_key", found.pk)
    told = alerts_of(request.user, request.team).filter(key=found).newest_first()[:MOST_SHOWN]
    context = {
        "key": found,
        "form": form,
        "is_own": own is not None,
        "may_change": may(request.membership, "change", found),
        "rows": alert_rows(told, zone_of(request)),
    }
    return render(request, "alerts/key.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def follow_team(request: MemberRequest, id: UUID) -> HttpResponse:
    """Let a key follow the team's rule again."""
    found = key_of(request, id)
    with answered(request):
        rules.follow_team(found, by=request.membership, address=address_of(request))
        messages.success(request, _("%(key)s follows the team's alerts again") % {"key": found})
    return redirect("alert_key", found.pk)


def page_context(
    request: MemberRequest, form: RuleForm | None = None, hook: WebhookForm | None = None
) -> dict[str, object]:
    """What the page of alerts shows; `form` and `hook` as they were filled in."""
    zone, seen = zone_of(request), alerts_of(request.user, request.team).newest_first()
    may_set = may(request.membership, "set alerts", request.team)
    own = Key.objects.visible_to(request.user, request.team).filter(alert_rule__team=request.team)
    return {
        "open": alert_rows(seen.open(), zone),
        "ended": alert_rows(seen.exclude(ended_at=None)[:MOST_SHOWN], zone),
        "form": form or RuleForm(instance=rules.team_rule(request.team)),
        "may_set": may_set,
        "own_keys": list(own.order_by("name").values_list("pk", "name")[:MOST_SHOWN]),
        "webhooks": request.team.webhooks.order_by("created") if may_set else [],
        "webhook_form": hook or WebhookForm(),
        "quiet": (request.user.quiet_from, request.user.quiet_until) if request.user.quiet_from else None,
    }


def _is_kept(request: MemberRequest, form: RuleForm) -> bool:
    if not form.is_valid():
        return False
    with answered(request):
        rules.change(form.save(commit=False), by=request.membership, address=address_of(request))
        messages.success(request, _("The alerts were saved"))
    return True


def _lines(rule: AlertRule) -> dict[str, object]:
    """What a rule says, to begin another with."""
    return {name: getattr(rule, name) for name in RuleForm.Meta.fields}
