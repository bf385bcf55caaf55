"""Filling in the variables of a call that is about to start: what was typed, then the person's values, the team's, the default."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Key, Membership, Role
from playground.calls.variables import filled, names_in
from playground.models import SavedRequest, Variable
from playground.models.saved.variables import LONGEST_VALUE


class NotFilled(Exception):
    """A variable that keeps a call from going out: its `field`, and one sentence."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field = f"variables.{name}"


@dataclass(frozen=True)
class Filling:
    """A call with its values in it. `kept` is what may be stored: there, secret values still stand under their names."""

    sent: Mapping[str, Any]
    kept: Mapping[str, Any]
    secrets: tuple[Variable, ...] = ()
    hidden: tuple[str, ...] = ()


def fill(start: Mapping[str, Any], saved: SavedRequest | None, membership: Membership) -> Filling:
    """The call of a `start` with its variables filled in. Raises NotFilled, or BadCall for a value that its place cannot hold.

    In a saved request every name needs a value. In others a name that nobody gave a value is plain text; without
    `variables` in the message a call is sent as it is.
    """
    call, typed = start["call"], _typed(start.get("variables"))
    names = names_in(call) if typed is not None else []
    if typed is None or not names:
        return Filling(call, call)
    known = {
        each.name: each for each in Variable.objects.known_to(membership.user, membership.team) if each.name in names
    }
    defaults = _defaults(saved)
    secrets = tuple(each for name, each in known.items() if name not in typed and each.is_secret)
    open_values = {name: known[name].value for name in known if not known[name].is_secret}
    plain = {name: value for name, value in (defaults | open_values | typed).items() if name in names}
    for secret in secrets:
        plain.pop(secret.name, None)
    _check_no_address(secrets, call)
    hidden = {secret.name: secret.reveal() for secret in secrets}
    _check_all(names, {**plain, **hidden}, saved)
    return Filling(filled(call, {**plain, **hidden}), filled(call, plain), secrets, tuple(hidden.values()))


def check_goes_out(secrets: tuple[Variable, ...], key: Key, membership: Membership) -> None:
    """Refuse to send a secret of the team where whoever adds a gateway could read it. Raises NotFilled.

    Members may add gateways; only admins change those that the team's default key calls, and the operator's.
    """
    if key.gateway.team_id is None or key.is_default or membership.is_at_least(Role.ADMIN):
        return
    for secret in secrets:
        if secret.owner_id is None and secret.changed_by_id != membership.user_id:
            raise NotFilled(
                secret.name,
                _("The team's secret value of “%(name)s” goes out with the team's default key only. Choose that key.")
                % {"name": secret.name},
            )


def _typed(given: Any) -> dict[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise NotFilled("", _("“%(field)s” must be an object.") % {"field": "variables"})
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > LONGEST_VALUE:
            raise NotFilled(
                name[:40], _("The value of “%(name)s” must be a text of up to 20,000 letters.") % {"name": name[:40]}
            )
    return given


def _defaults(saved: SavedRequest | None) -> dict[str, str]:
    """What the saved request itself has for its variables."""
    kept = json.loads(saved.current.call).get("variables") if saved else None
    return {name: value for name, value in kept.items() if isinstance(value, str)} if isinstance(kept, dict) else {}


def _check_no_address(secrets: tuple[Variable, ...], call: Mapping[str, Any]) -> None:
    """Refuse a secret in the address, as for keys: every log on the way writes addresses down."""
    in_address = names_in({part: call.get(part) for part in ("path", "query")})
    for secret in secrets:
        if secret.name in in_address:
            raise NotFilled(
                secret.name,
                _(
                    "The secret value of “%(name)s” cannot stand in the address, which logs keep. Put it into a header or the body."
                )
                % {"name": secret.name},
            )


def _check_all(names: list[str], values: Mapping[str, str], saved: SavedRequest | None) -> None:
    missing = [name for name in names if name not in values] if saved else []
    if missing:
        raise NotFilled(missing[0], _("“%(name)s” has no value. Fill it in; nothing was sent.") % {"name": missing[0]})
