"""The operator's gateways, as the settings name them."""

from typing import Any

from accounts.models import Gateway


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
