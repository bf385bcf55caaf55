"""What the team keeps of its runs, and for how long."""

from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import member_required
from accounts.models import Role
from accounts.requests import MemberRequest
from playground.models import Keeping


class KeepingForm(forms.ModelForm):
    """The team's rule. What is left empty sets no bound."""

    class Meta:
        model = Keeping
        fields = ("what", "days", "mebibytes")
        labels = {
            "what": gettext_lazy("What is kept"),
            "days": gettext_lazy("For days"),
            "mebibytes": gettext_lazy("At most MiB"),
        }

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("days", "mebibytes"):
            self.fields[name].validators.append(_at_least_one)
            self.fields[name].widget.attrs |= {"class": "input input-sm", "min": 1, "placeholder": _("no bound")}
        self.fields["what"].widget.attrs["class"] = "select select-sm"


def fields_of(rule: Keeping) -> tuple[tuple[str, SafeString], ...]:
    """The form's labels and fields, with the rule filled in."""
    return _fields(rule.what, rule.days, rule.mebibytes, get_language())


@lru_cache(maxsize=256)
def _fields(
    what: str, days: int | None, mebibytes: int | None, language: str | None
) -> tuple[tuple[str, SafeString], ...]:
    """Most teams have the same rule, and drawing a form takes long."""
    form = KeepingForm(instance=Keeping(what=what, days=days, mebibytes=mebibytes))
    return tuple((str(field.label), SafeString(field)) for field in form)


@require_POST
@member_required
def keep(request: MemberRequest) -> HttpResponse:
    """Make the team's rule; runs that it no longer keeps go within minutes."""
    form = KeepingForm(request.POST, instance=Keeping.of(request.team.pk))
    if not may_rule(request):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
    elif not form.is_valid():
        messages.error(request, _("Days and size are whole numbers from 1, or empty. Nothing was changed."))
    else:
        form.save()
        messages.success(request, sentence(form.instance))
    return redirect("history")


def may_rule(request: MemberRequest) -> bool:
    return request.membership.is_at_least(Role.ADMIN)


def sentence(rule: Keeping) -> str:
    """The rule in a sentence."""
    if rule.keeps_texts:
        kept = _("This team keeps everything of its runs")
    else:
        kept = _("This team keeps figures only: requests and answers are removed a minute after a run's end")
    bounds = []
    if rule.days is not None:
        bounds.append(ngettext("for %(count)s day", "for %(count)s days", rule.days) % {"count": rule.days})
    if rule.mebibytes is not None:
        bounds.append(_("up to %(size)s MiB") % {"size": rule.mebibytes})
    return ", ".join([kept, *bounds])


def _at_least_one(value: int) -> None:
    if value < 1:
        raise forms.ValidationError(_("A whole number from 1"))
