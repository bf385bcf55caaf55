"""Gateways: where calls go. The operator's are shown, the team's own are added, changed and deleted."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import gateways as story
from accounts.access import may
from accounts.doors import member_required
from accounts.key_forms import GatewayForm, TypedNameForm
from accounts.models import Gateway
from accounts.requests import MemberRequest, address_of
from playground.views.outside import stands_outside
from playground.views.team.answers import answered


@require_safe
@member_required
def gateways(request: MemberRequest) -> HttpResponse:
    """Every gateway open to the team."""
    own_keys = Count("keys", filter=Q(keys__team=request.team))
    found = Gateway.objects.open_to(request.team).annotate(key_count=own_keys).order_by("created", "id")
    rows = [(gateway, gateway.team is not None and may(request.membership, "change", gateway)) for gateway in found]
    may_add = may(request.membership, "add gateway", request.team)
    return render(request, "gateways/page.html", {"rows": rows, "may_add": may_add})


@require_http_methods(["GET", "POST"])
@member_required
def new(request: MemberRequest) -> HttpResponse:
    """Add a gateway of the team."""
    if not may(request.membership, "add gateway", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("gateways")
    form = GatewayForm(request.POST or None, instance=Gateway(team=request.team))
    if request.method == "POST" and form.is_valid() and stands_outside(form, "base_url"):
        with answered(request):
            gateway = story.add(form.save(commit=False), by=request.membership, address=address_of(request))
            messages.success(request, _("%(gateway)s was added") % {"gateway": gateway})
            return redirect("gateway", gateway.pk)
    return render(request, "gateways/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required
def gateway(request: MemberRequest, id: int) -> HttpResponse:
    """One gateway: trying it, and for those who may, changing it."""
    found = gateway_of(request, id)
    may_change = found.team is not None and may(request.membership, "change", found)
    form = GatewayForm(request.POST or None, instance=found) if may_change else None
    if request.method == "POST" and form is None:
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("gateway", id)
    if request.method == "POST" and form and form.is_valid() and stands_outside(form, "base_url"):
        return _changed(request, form)
    context = {
        "gateway": Gateway.objects.get(pk=id),
        "form": form,
        "keys": found.keys.filter(team=request.team).order_by("name").values_list("name", flat=True)[:20],
        "delete_form": TypedNameForm(wanted=found.name) if may_change else None,
    }
    return render(request, "gateways/gateway.html", context, status=422 if form and form.errors else 200)


@require_POST
@member_required
def delete(request: MemberRequest, id: int) -> HttpResponse:
    """Delete a gateway of the team that no key stands at, once its name was typed."""
    found = gateway_of(request, id)
    form = TypedNameForm(request.POST, wanted=found.name)
    if not form.is_valid():
        messages.error(request, _("The name typed is another one. Nothing was deleted."))
        return redirect("gateway", id)
    try:
        with answered(request):
            story.delete(found, by=request.membership, address=address_of(request))
            messages.success(request, _("%(gateway)s was deleted") % {"gateway": found})
            return redirect("gateways")
    except story.KeysStand as keys:
        messages.error(request, _("Keys stand at this gateway: %(names)s. Delete them first.") % {"names": keys})
    return redirect("gateway", id)


def gateway_of(request: MemberRequest, id: int) -> Gateway:
    """A gateway open to the team; a foreign one is as missing."""
    return get_object_or_404(Gateway.objects.open_to(request.team), pk=id)


def _changed(request: MemberRequest, form: GatewayForm) -> HttpResponse:
    try:
        with answered(request):
            story.change(form.instance, by=request.membership, address=address_of(request))
            messages.success(request, _("%(gateway)s was saved") % {"gateway": form.instance})
    except story.KeysWouldFollow:
        messages.error(
            request,
            _(
                "Other people's keys stand at this gateway: their secrets would be sent to the new address. Add a new gateway instead."
            ),
        )
    return redirect("gateway", form.instance.pk)
