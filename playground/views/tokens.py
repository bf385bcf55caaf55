"""A person's tokens for programs: made, shown once, revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens as story
from accounts.doors import member_required, sign_in_required
from accounts.forms import TokenForm
from accounts.models import PersonalToken, Scope
from accounts.requests import MemberRequest, PersonRequest, address_of


@never_cache
@require_http_methods(["GET", "POST"])
@member_required
def tokens(request: MemberRequest) -> HttpResponse:
    """The list, and the form for another one. The token itself stands only in the answer to the form, nowhere else."""
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, text = story.make_token(
            request.membership,
            name=form.cleaned_data["name"],
            scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
            days=form.cleaned_data["days"],
            address=address_of(request),
        )
        form = TokenForm()
    own = PersonalToken.objects.shown().filter(user=request.user).select_related("team")
    context = {"form": form, "text": text, "tokens": [(token, _scopes(token)) for token in own]}
    return render(request, "account/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@sign_in_required
def revoke(request: PersonRequest, id: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = get_object_or_404(PersonalToken.objects.shown(), pk=id, user=request.user)
    story.revoke(token, address=address_of(request))
    messages.success(request, _("The token “%(name)s” was revoked") % {"name": token.name})
    return redirect("tokens")


def _scopes(token: PersonalToken) -> list[str]:
    return [str(Scope(scope).label) for scope in token.scopes]
