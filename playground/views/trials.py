"""Trying a key or a gateway, told a line at a time: each line is one step as JSON, the last one sums up."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.doors import member_required
from accounts.key_forms import SecretForm
from accounts.models import Key
from accounts.requests import MemberRequest
from playground.balances import Balance
from playground.gateway import Route
from playground.readings.asking import question_for
from playground.runs.start import own_address
from playground.trials import Step, try_gateway, try_key
from playground.views import figures
from playground.views.balance_rows import BINDS, ODDITIES, REASONS
from playground.views.gateways import gateway_of
from playground.views.keys.pages import key_of

Told = dict[str, Any]


@require_POST
@member_required
def key(request: MemberRequest, id: UUID) -> HttpResponseBase:
    """Try a key that is kept; its balance becomes a reading."""
    found = key_of(request, id)
    if not may(request.membership, "test", found):
        return _refused(_("You may not use this key, so you may not test it. Ask its holder to share it."), 403)
    facts = found.standing.facts if hasattr(found, "standing") else {}
    return _stream(_tell(try_key(question_for(found, facts), found), found))


@require_POST
@member_required
def new_key(request: MemberRequest) -> HttpResponseBase:
    """Try a key before it is kept. Its secret comes with the request and goes with it."""
    if not may(request.membership, "add key", request.team):
        return _refused(_("Your role does not allow this. Nothing was changed."), 403)
    form = SecretForm(request.POST, team=request.team)
    if not form.is_valid():
        return _refused(str(next(iter(form.errors.values()))[0]), 422)
    given = form.cleaned_data
    draft = Key(
        team=request.team, owner=request.user, gateway=given["gateway"], allowed_models=given["allowed_models"]
    )  # fmt: skip
    draft.secret = given["secret"]
    return _stream(_tell(try_key(question_for(draft)), draft))


@require_POST
@member_required
def gateway(request: MemberRequest, id: int) -> HttpResponseBase:
    """Try a gateway, with a key of it that the person may use, where there is one."""
    found = gateway_of(request, id)
    usable = Key.objects.usable_by(request.user, request.team).filter(gateway=found).select_related("gateway")
    with_key = usable.oldest_first().first()
    if with_key:
        return _stream(_tell(try_key(question_for(with_key), with_key), None, tried_with=str(with_key)))
    base_url = f"{own_address(getattr(request, 'scope', {}))}/sandbox" if found.is_sandbox else found.base_url
    return _stream(_tell(try_gateway(Route(base_url, "", found.trusted)), None, has_key=False))


async def _tell(
    steps: AsyncIterator[Step], key: Key | None, *, has_key: bool = True, tried_with: str = ""
) -> AsyncIterator[Told]:
    seen: dict[str, Step] = {}
    async for step in steps:
        seen[step.name] = step
        for told in _told(step, key):
            yield {**told, "step": step.name, "ms": told.get("ms", step.ms)}
    verdict = _verdict(seen, has_key)
    if tried_with and verdict["state"] == "ok":
        verdict |= {
            "title": _("The gateway works"),
            "detail": _("Tried with %(key)s") % {"key": tried_with} + " · " + verdict["detail"],
        }
    yield {**verdict, "step": "verdict"}


def _told(step: Step, key: Key | None) -> list[Told]:
    if step.name == "balance":
        return _balance(step)
    if step.name == "models":
        return [_models(step, key)]
    titles = {"resolved": _("Host found"), "connected": _("Connected"), "tls": _("TLS is valid")}
    failed = {"resolved": _("Host not found"), "connected": _("No connection"), "tls": _("TLS is not valid")}
    if step.code:
        return [_line("bad", failed[step.name], str(REASONS.get(step.code, step.facts.get("sentence", ""))))]
    return [_line("ok", titles[step.name], _place(step))]


def _place(step: Step) -> str:
    facts = step.facts
    if step.name == "resolved":
        where = _("an inside address, allowed here") if facts["inside"] else _("a public address")
        return f"{facts['host']} → {facts['address']} · {where}"
    if step.name == "connected":
        return f"{facts['address']}:{facts['port']}"
    return _("%(version)s · certificate until %(day)s") % {"version": facts["version"], "day": _day(facts["until"])}


def _models(step: Step, key: Key | None) -> Told:
    if step.code == "refused":
        return _line("bad", _("The key is not accepted"), str(REASONS["refused"]))
    if step.code == "not_told":
        return _line(
            "warn", _("Models are not told"), _("The gateway has no list of models. Calls may work all the same.")
        )
    if step.code:
        return _line("bad", _("No answer"), str(REASONS.get(step.code, "")))
    names = step.facts["names"]
    title = ngettext("%(count)s model", "%(count)s models", len(names)) % {"count": figures.count(len(names))}
    if key is None or not key.allowed_models:
        return _line("ok", title, ", ".join(names[:3]) + (" …" if len(names) > 3 else ""))
    if count := sum(key.allows_model(name) for name in names):
        return _line("ok", title, _("This key may be used for %(count)s of them.") % {"count": count})
    return _line("warn", title, _("None of them is among the models this key may be used for."))


def _balance(step: Step) -> list[Told]:
    outcome = step.outcome
    balance = outcome.balance if outcome else None
    if balance is None or balance.main is None:
        tone = "warn" if step.code in ("no_figure", "rate_limited", "unreadable") else "bad"
        return [_line(tone, _("No balance"), str(REASONS.get(step.code, step.code)))]
    main = balance.main
    title = (
        _("Unlimited")
        if main.left is None
        else _("Balance %(amount)s") % {"amount": figures.amount(main.left, main.unit)}
    )
    lines = [_line("ok" if main.left is None or main.left > 0 else "bad", title, _used(balance))]
    if balance.binds:
        lines.append(
            {
                **_line(
                    "ok", _("Limit that comes first: %(limit)s") % {"limit": BINDS[balance.binds]}, _other(balance)
                ),
                "ms": None,
            }
        )
    lines += [{**_line("warn", str(ODDITIES[odd]), ""), "ms": None} for odd in balance.oddities if odd in ODDITIES]
    return lines


def _used(balance: Balance) -> str:
    main = balance.main
    if main is None or main.used is None:
        return ""
    used = figures.amount(main.used, main.unit)
    if main.limit is None:
        return _("used %(used)s") % {"used": used}
    return _("used %(used)s of %(limit)s") % {"used": used, "limit": figures.amount(main.limit, main.unit)}


def _other(balance: Balance) -> str:
    """What the purse that does not bind holds."""
    for figure in (balance.key, balance.account):
        if figure and figure is not balance.main and figure.left is not None:
            words = {"amount": figures.amount(figure.left, figure.unit)}
            return (
                _("The account still has %(amount)s.") % words
                if figure.of == "account"
                else _("The key still has %(amount)s.") % words
            )
    return ""


def _verdict(seen: dict[str, Step], has_key: bool) -> Told:
    """The one sentence at the end."""
    broken = next((step for step in seen.values() if step.code and step.name in ("resolved", "connected", "tls")), None)
    if broken:
        return _line("bad", _("The gateway cannot be reached"), _("Check its base URL; nothing was sent."))
    if not has_key:
        return _line("ok", _("The gateway can be reached"), _("Its models and balance are told with a key: add one."))
    models, balance = seen.get("models"), seen.get("balance")
    told = balance.outcome.balance if balance and balance.outcome else None
    codes = {step.code for step in (models, balance) if step}
    if "expired" in codes or (told and told.expires_at and told.expires_at <= timezone.now()):
        return _line("bad", _("The key has expired"), str(REASONS["expired"]))
    if balance and (balance.code == "spent" or _is_spent(balance)):
        return _line("bad", _("The key has nothing left"), str(REASONS["spent"]))
    if refused := codes & {"refused", "disabled"}:
        return _line("bad", _("The key does not work"), str(REASONS[refused.pop()]))
    if models and models.code:
        return _line("warn", _("Not sure whether it works"), _("Try one call with it."))
    return _line("ok", _("The key works"), _sum(models, told))


def _sum(models: Step | None, told: Balance | None) -> str:
    count = len(models.facts["names"]) if models else 0
    words = [ngettext("%(count)s model", "%(count)s models", count) % {"count": figures.count(count)}]
    if told and told.main and told.main.left is not None:
        words.append(_("%(amount)s left") % {"amount": figures.amount(told.main.left, told.main.unit)})
    elif told:
        words.append(_("Unlimited"))
    if told and told.binds:
        words.append(_("first ends: %(limit)s") % {"limit": BINDS[told.binds]})
    return " · ".join(map(str, words))


def _is_spent(step: Step) -> bool:
    main = step.outcome.balance.main if step.outcome and step.outcome.balance else None
    return bool(main and main.left is not None and main.left <= 0)


def _line(state: str, title: str, detail: str) -> Told:
    return {"state": state, "title": str(title), "detail": detail}


def _day(certificate_end: str) -> str:
    try:
        return datetime.strptime(certificate_end, "%b %d %H:%M:%S %Y %Z").strftime("%Y-%m-%d")
    except ValueError:
        return certificate_end


def _stream(lines: AsyncIterator[Told]) -> HttpResponseBase:
    language = translation.get_language() or settings.LANGUAGE_CODE

    async def spoken() -> AsyncIterator[bytes]:
        # The page's language ends with the view; the steps are told after it.
        translation.activate(language)
        async for line in lines:
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"

    response = StreamingHttpResponse(spoken(), content_type="application/x-ndjson")
    response["Cache-Control"] = "no-store"
    return response


def _refused(sentence: str, status: int) -> HttpResponse:
    line = _line("bad", _("Not tested"), sentence)
    return JsonResponse({**line, "step": "verdict"}, status=status)
