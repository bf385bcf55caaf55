"""The list of keys, adding one, and the page of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import keys as story
from accounts.access import may
from accounts.doors import member_required
from accounts.key_forms import KeyForm, MoveForm, NewKeyForm, ReplaceForm, TypedNameForm
from accounts.models import Key, Role, Team
from accounts.models.keys import KeyQuerySet
from accounts.prepared import Prepared
from accounts.requests import MemberRequest, address_of
from playground import catalogue
from playground.jobs.balances import read_balance
from playground.jobs.shelves import read_models
from playground.models import Run
from playground.views.balances.seen import standing_of
from playground.views.keys.rows import key_row, reading_words
from playground.views.run_rows import operation_title
from playground.views.team.answers import answered


@require_safe
@member_required
def keys(request: MemberRequest) -> HttpResponse:
    """Every key the person may see, found by words, the one calls go out with first."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    me = {"user": request.user.pk, "team": request.team.pk}
    found = list(_visible(**me).filter(_holding(words))) if words else _VISIBLE(**me)
    usable = set(_USABLE(**me))
    now = timezone.now()
    rows = [key_row(key, request, key.pk in usable, now) for key in found]
    context = {
        "rows": sorted(rows, key=lambda row: (not row.is_chosen, not row.is_default, not row.is_usable)),
        "words": words,
        "count": _visible(**me).count() if words else len(found),
        "usable_count": len(usable),
        "may_add": may(request.membership, "add key", request.team),
    }
    return render(request, "keys/page.html", context)


def _visible(user: int, team: int) -> KeyQuerySet:
    visible = Key.objects.visible_to(user, team).oldest_first()
    return visible.select_related("gateway", "owner", "standing__reading", "last_used_by").prefetch_related(
        "members__user"
    )


_VISIBLE = Prepared(_visible, user=int, team=int)
_USABLE = Prepared(
    lambda user, team: Key.objects.usable_by(user, team).values_list("pk", flat=True), user=int, team=int
)


@require_http_methods(["GET", "POST"])
@member_required
def new(request: MemberRequest) -> HttpResponse:
    """Add a key. Its secret is read once, from the form."""
    if not may(request.membership, "add key", request.team):
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("keys")
    draft = Key(team=request.team, owner=request.user)
    form = NewKeyForm(request.POST or None, instance=draft, team=request.team, operations=_operations())
    if request.method == "POST" and form.is_valid():
        draft.gateway, draft.secret = form.cleaned_data["gateway"], form.cleaned_data["secret"]
        draft.shared_with = form.cleaned_data["shared_with"]
        with answered(request):
            story.add(draft, list(form.cleaned_data["members"]), by=request.membership, address=address_of(request))
            read_balance.defer(key=str(draft.pk))
            read_models.defer(key=str(draft.pk))
            messages.success(request, _("%(key)s was added") % {"key": draft})
            _tell_tidied(request, form)
            return redirect("key", draft.pk)
    return render(request, "keys/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required
def key(request: MemberRequest, id: UUID) -> HttpResponse:
    """One key: what it is, and for those who may, changing it."""
    found = key_of(request, id)
    me = request.membership
    may_share = may(me, "share", found)
    form = None
    if may(me, "change", found):
        form = KeyForm(
            request.POST or None, instance=found, team=request.team, may_share=may_share, operations=_operations()
        )
        if request.method == "POST" and form.is_valid():
            _change(request, found, form, may_share)
            return redirect("key", found.pk)
    elif request.method == "POST":
        messages.error(request, _("Your role does not allow this. Nothing was changed."))
        return redirect("key", found.pk)
    status = 422 if form and form.errors else 200
    return render(request, "keys/key.html", _context(request, Key.objects.get(pk=id), form), status=status)


def key_of(request: MemberRequest, id: UUID) -> Key:
    """A key of the team that the person may see; a foreign one is as missing."""
    visible = Key.objects.visible_to(request.user, request.team)
    return get_object_or_404(
        visible.select_related("gateway", "owner", "team", "standing__reading", "last_used_by"), pk=id
    )


def _change(request: MemberRequest, found: Key, form: KeyForm, may_share: bool) -> None:
    sharing = {"shared_with", "members"} & set(form.changed_data)
    details = [name for name in form.changed_data if name not in ("shared_with", "members")]
    with answered(request):
        if details:
            story.change(found, details, by=request.membership, address=address_of(request))
        if may_share and sharing:
            given = form.cleaned_data
            story.share(
                found, given["shared_with"], list(given["members"]), by=request.membership, address=address_of(request)
            )
        messages.success(request, _("%(key)s was saved") % {"key": found})


def _context(request: MemberRequest, found: Key, form: KeyForm | None) -> dict[str, Any]:
    me = request.membership
    teams = Team.objects.of(request.user).exclude(pk=request.team.pk)
    teams = teams.filter(memberships__user=request.user, memberships__role__in=[Role.OWNER, Role.ADMIN, Role.MEMBER])
    usable = found.is_usable_by(request.user)
    return {
        "key": found,
        "row": key_row(key_of(request, found.pk), request, usable, timezone.now()),
        "form": form,
        "reading": reading_words(found, standing_of(found)),
        "may_test": may(me, "test", found),
        "may_replace": may(me, "replace", found),
        "may_switch": may(me, "switch off", found),
        "may_set_default": may(me, "set default key", request.team) and not found.is_default,
        "may_choose": usable and me.chosen_key_id != found.pk,
        "may_delete": may(me, "delete", found),
        "replace_form": ReplaceForm(),
        "delete_form": TypedNameForm(wanted=found.name),
        "move_form": MoveForm(teams=teams.distinct()) if may(me, "move", found) and teams.exists() else None,
        "breaks": _breaks(found),
    }


def _breaks(found: Key) -> list[str]:
    """What no longer works once the key is gone, one sentence each."""
    sentences = []
    if found.is_default:
        sentences.append(_("It is the team's default: people who chose no key send with another one, or cannot send."))
    choosers = [
        member.user.display_name for member in found.team.memberships.select_related("user").filter(chosen_key=found)
    ]
    if choosers:
        sentences.append(_("It is the chosen key of: %(names)s.") % {"names": ", ".join(choosers)})
    running = Run.objects.filter(team=found.team_id, key=found).running().count()
    if running:
        sentences.append(_("Runs under way with it: %(count)s. They go on to their end.") % {"count": running})
    last = Run.objects.filter(team=found.team_id, key=found).newest_first().values_list("operation", flat=True)[:1]
    if last:
        sentences.append(_("It was last used for: %(title)s.") % {"title": operation_title(last[0])})
    sentences.append(_("Its runs stay, with its name; its balance readings are deleted."))
    return sentences


def _tell_tidied(request: MemberRequest, form: NewKeyForm) -> None:
    if form.fields["secret"].tidied:  # type: ignore[attr-defined]
        messages.info(request, _("Spaces or “Bearer” around the pasted key were left out"))


def _operations() -> list[str]:
    return [operation.id for operation in catalogue.operations() if operation.kind == "operation"]


def _holding(words: str) -> Q:
    names = ("name", "mask", "note", "owner__name", "owner__email", "gateway__name")
    found = Q(tags__contains=[words])
    for name in names:
        found |= Q(**{f"{name}__icontains": words})
    return found
