"""A person's own page: name, language, theme, time zone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import sign_in_required
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.requests import PersonRequest

YEAR = 31_536_000


@require_http_methods(["GET", "POST"])
@sign_in_required
def profile(request: PersonRequest) -> HttpResponse:
    """Read and change one's own settings."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        form.save()
        return _kept(request, person)
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)


def _kept(request: PersonRequest, person: User) -> HttpResponse:
    """Go on in the language and theme chosen; this device follows at once."""
    with override(person.language):
        messages.success(request, _("Your profile was saved"))
    response = redirect("profile")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, max_age=YEAR, samesite="Lax")
    if person.theme == User.Theme.SYSTEM:
        response.delete_cookie("theme")
    else:
        response.set_cookie("theme", person.theme, max_age=YEAR, samesite="Lax")
    return response
