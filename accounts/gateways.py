"""Gateways: the operator's, as the settings name them, and those that teams add."""

from typing import Any

from django.db import transaction

from accounts.access import may
from accounts.models import Gateway, Membership
from accounts.models.audit import record
from accounts.teams import NotAllowed


def operators_gateway(settings: Any) -> Gateway:
    """The gateway that new teams get: the one of `GATEWAY_URL`, else the sandbox. It follows the settings.

    When the address changes, every key of that gateway follows it: the gateway has moved.
    """
    return _from_address(root_of(settings.GATEWAY_URL)) if settings.GATEWAY_URL else sandbox()


def sandbox() -> Gateway:
    """The pretend gateway of this very server."""
    gateway, _ = Gateway.objects.get_or_create(
        kind=Gateway.Kind.SANDBOX, defaults={"name": "Sandbox", "trusted": True, "base_url": ""}
    )
    return gateway


def root_of(url: str) -> str:
    """The address without the `/v1` that many documents print at its end."""
    return url.strip().rstrip("/").removesuffix("/v1").rstrip("/")


def _from_address(root: str) -> Gateway:
    gateway, made = Gateway.objects.get_or_create(
        from_settings=True, defaults={"name": _host_of(root), "trusted": True, "base_url": root}
    )
    if not made and gateway.base_url != root:
        gateway.base_url, gateway.name, gateway.kind = root, _host_of(root), Gateway.Kind.UNKNOWN
        gateway.save(update_fields=["base_url", "name", "kind"])
    return gateway


def _host_of(root: str) -> str:
    return root.partition("://")[2].partition("/")[0][:80] or root[:80]


class KeysWouldFollow(Exception):
    """Other people's keys stand at a gateway: at another address it would be sent their secrets."""


class KeysStand(Exception):
    """A gateway with keys cannot be deleted; `names` are the keys'."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def add(gateway: Gateway, *, by: Membership, address: str | None = None) -> Gateway:
    """A gateway of the team. Its address is checked at every call."""
    if gateway.team is None or not may(by, "add gateway", gateway.team):
        raise NotAllowed
    gateway.save()
    record("gateway.added", by=by.user, team=gateway.team, thing=gateway, address=address, base_url=gateway.base_url)
    return gateway


@transaction.atomic
def change(gateway: Gateway, *, by: Membership, address: str | None = None) -> None:
    """Keep another name or address. Whoever moves a gateway could read what is sent there, so others' keys forbid it."""
    _allow(by, "change", gateway)
    before = Gateway.objects.select_for_update().get(pk=gateway.pk)
    if before.base_url != gateway.base_url:
        if gateway.keys.exclude(owner=by.user).exists():
            raise KeysWouldFollow
        gateway.kind = Gateway.Kind.UNKNOWN
    gateway.save(update_fields=["name", "base_url", "kind"])
    changed = {"before": before.base_url, "after": gateway.base_url}
    record("gateway.changed", by=by.user, team=gateway.team, thing=gateway, address=address, **changed)


@transaction.atomic
def delete(gateway: Gateway, *, by: Membership, address: str | None = None) -> None:
    """Take a gateway away that no key stands at."""
    _allow(by, "delete", gateway)
    if names := list(gateway.keys.order_by("name").values_list("name", flat=True)):
        raise KeysStand(names)
    record("gateway.deleted", by=by.user, team=gateway.team, thing=gateway, address=address)
    gateway.delete()


def _allow(by: Membership, verb: str, gateway: Gateway) -> None:
    if not may(by, verb, gateway):
        raise NotAllowed
