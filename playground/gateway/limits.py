"""Where a call goes and how much of our time and room it may take."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one call may take; each is a setting."""

    lookup: float = 5
    connect: float = 10
    first_byte: float = 300
    silence: float = 120
    after_end: float = 5
    total: float = 3600
    event_bytes: int = 32 * 2**20
    body_bytes: int = 64 * 2**20
    run_bytes: int = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Route:
    """Where a call goes: a gateway's root and the key's secret. A trusted gateway may stand anywhere.

    `hidden` are other secrets that the call carries: like the key's, nobody may read them in what is kept of it.
    """

    base_url: str
    secret: str
    trusted: bool
    hidden: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Route({self.base_url!r})"


def host_of(base_url: str) -> str:
    """The host a base URL names, for sentences."""
    return urlsplit(base_url).hostname or base_url


def own_address() -> str:
    """Where this server itself answers, for the sandbox."""
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::", "") else settings.HOST  # noqa: S104
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"
