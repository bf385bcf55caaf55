"""Webhooks: added, tried, looked at, given a new secret, deleted."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.doors import member_required
from accounts.requests import MemberRequest, address_of
from playground.alerts import webhooks as story
from playground.models import DeliveryState, Webhook, WebhookDelivery
from playground.views.alerts.forms import WebhookForm
from playground.views.alerts.pages import page_context
from playground.views.outside import stands_outside
from playground.views.team.answers import answered

MOST_WEBHOOKS = 10
MOST_SHOWN = 50
SHOWN_ONCE = "webhook_secret"
# Why no answer came, in a sentence.
REASONS = {
    "unreachable": lazy("It cannot be reached."),
    "name_not_found": lazy("Its host name was not found."),
    "timeout": lazy("It gave no answer in time."),
    "tls": lazy("Its certificate cannot be trusted; nothing was sent."),
    "address_refused": lazy("Its address is inside this server's network and may not be called."),
    "broken": lazy("The connection broke."),
    "bad_answer": lazy("It answered something that is not valid HTTP."),
}
LOOKS = {
    DeliveryState.DELIVERED: ("circle-check", "ok"),
    DeliveryState.WAITING: ("clock", "warn"),
    DeliveryState.FAILED: ("circle-x", "bad"),
}


@require_POST
@member_required
def add(request: MemberRequest) -> HttpResponse:
    """Add a webhook; its secret is shown once, on the page that follows."""
    if not may(request.membership, "set alerts", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("alerts")
    form = WebhookForm(request.POST)
    if not form.is_valid() or not stands_outside(form, "url"):
        return render(request, "alerts/page.html", page_context(request, hook=form), status=422)
    if request.team.webhooks.count() >= MOST_WEBHOOKS:
        messages.error(request, _("A team has ten webhooks at most. Delete one first."))
        return redirect("alerts")
    webhook = story.add(request.team, form.cleaned_data["url"], by=request.membership, address=address_of(request))
    request.session[SHOWN_ONCE] = str(webhook.pk)
    return redirect("alert_webhook", webhook.pk)


@require_safe
@never_cache
@member_required
def webhook(request: MemberRequest, id: UUID) -> HttpResponse:
    """A webhook: what it was told and what it said."""
    found = _webhook(request, id)
    is_new = request.session.pop(SHOWN_ONCE, "") == str(found.pk)
    deliveries = found.deliveries.select_related("alert__key").order_by("-made_at")[:MOST_SHOWN]
    context = {
        "webhook": found,
        "secret": found.secret.reveal() if is_new else "",
        "rows": [_row(delivery) for delivery in deliveries],
    }
    return render(request, "alerts/webhook.html", context)


@require_POST
@member_required
def test(request: MemberRequest, id: UUID) -> HttpResponse:
    """Send a test now, and tell what came back."""
    found = _webhook(request, id)
    tried = async_to_sync(story.attempt)(story.test_of(found).pk)
    if tried and tried.state == DeliveryState.DELIVERED:
        messages.success(request, _("The test arrived: %(status)s") % {"status": tried.status})
    elif tried:
        messages.error(request, _("The test did not arrive: %(why)s") % {"why": _why(tried)})
    return redirect("alert_webhook", found.pk)


@require_POST
@member_required
def renew(request: MemberRequest, id: UUID) -> HttpResponse:
    """Make another secret, shown once."""
    found = _webhook(request, id)
    with answered(request):
        story.renew_secret(found, by=request.membership, address=address_of(request))
        request.session[SHOWN_ONCE] = str(found.pk)
    return redirect("alert_webhook", found.pk)


@require_POST
@member_required
def delete(request: MemberRequest, id: UUID) -> HttpResponse:
    """Delete a webhook with its log."""
    found = _webhook(request, id)
    with answered(request):
        story.delete(found, by=request.membership, address=address_of(request))
        messages.success(request, _("The webhook was deleted"))
    return redirect("alerts")


def _webhook(request: MemberRequest, id: UUID) -> Webhook:
    """A webhook of the team, for its admins; a foreign one is as missing."""
    found = get_object_or_404(request.team.webhooks, pk=id)
    if not may(request.membership, "set alerts", request.team):
        raise Http404
    return found


def _row(delivery: WebhookDelivery) -> dict[str, Any]:
    icon, tone = LOOKS[DeliveryState(delivery.state)]
    return {
        "delivery": delivery, "icon": icon, "tone": tone, "why": _why(delivery),
        "key": delivery.alert.key if delivery.alert else None,
        "what": str(delivery.alert.get_kind_display()) if delivery.alert else _("Test"),
    }  # fmt: skip


def _why(delivery: WebhookDelivery) -> str:
    """The last answer in words."""
    if delivery.code:
        return str(REASONS.get(delivery.code, delivery.code))
    return f"{delivery.status or ''} {delivery.answer}".strip()
