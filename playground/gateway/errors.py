"""What may fail between us and a gateway, in our words, whichever library raised it."""

import ssl
from typing import Any

import aiohttp
import httpx
from aiohttp.http_exceptions import ContentLengthError

from playground.frames import Frame, problem


class GatewayError(Exception):
    """Something between us and the gateway failed; `frame()` tells people what, whose fault, what to do."""

    code = "broken"
    fault = "gateway"
    retry = True
    remedies: tuple[str, ...] = ("retry", "check_gateway")

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    def frame(self) -> Frame:
        remedies = [{"action": action} for action in self.remedies]
        return problem(self.code, self.fault, str(self), self.retry, None, remedies, **self.details)


class GatewayUnreachable(GatewayError):
    """No connection: refused, no route, closed before a byte."""

    code = "unreachable"


class GatewayNameNotFound(GatewayError):
    """The host's name does not resolve, or the name server is silent."""

    code = "name_not_found"
    remedies = ("check_gateway",)


class GatewayNotTrusted(GatewayError):
    """The certificate or the TLS version cannot be trusted; not a byte of the key was sent."""

    code = "tls"
    retry = False
    remedies = ("check_gateway",)


class AddressRefused(GatewayError):
    """The address is inside our own network and nobody allowed it."""

    code = "address_refused"
    fault = "person"
    retry = False
    remedies = ("check_gateway",)


class GatewayTimedOut(GatewayError):
    """A limit of time was reached; `limit` names it."""

    code = "timeout"


class GatewayBroke(GatewayError):
    """The connection broke in the middle of an answer, or the answer was no HTTP."""

    code = "broken"


class BadAnswer(GatewayError):
    """The answer contradicts itself: no HTTP, or another length than it told. An end mark in it proves nothing."""

    code = "bad_answer"


class AnswerTooLarge(GatewayError):
    """A limit of size was reached; what had come is kept. The run is cut short."""

    code = "over_limit"
    fault = "us"
    retry = False
    remedies = ("edit_field", "contact_admin")


def no_connection(host: str, seconds: float) -> GatewayTimedOut:
    """Connecting took too long."""
    told = f"{host} did not accept a connection within {seconds:g} s."
    return GatewayTimedOut(told, limit="connect", seconds=seconds, host=host)


def explained(error: BaseException, host: str, connect: float) -> GatewayError:
    """The error in our words, whichever library raised it; `connect` is how long connecting might take."""
    for cause in _causes(error):
        if isinstance(cause, GatewayError):
            return cause
        if isinstance(cause, ssl.SSLError | aiohttp.ClientSSLError):
            return _not_trusted(cause, host)
    for cause in _causes(error):
        if isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout | aiohttp.ServerTimeoutError) and not isinstance(
            cause.__cause__, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError
        ):
            return no_connection(host, connect)
        if isinstance(cause, aiohttp.ClientConnectorError | ConnectionRefusedError | httpx.ConnectError):
            return GatewayUnreachable(f"Cannot reach {host}.", host=host)
        if isinstance(cause, ContentLengthError) or "bytes, expected" in str(cause):
            return BadAnswer(f"{host} told another length than its answer had.", host=host)
        if isinstance(cause, aiohttp.ServerDisconnectedError) or "without sending a response" in str(cause):
            return GatewayUnreachable(f"{host} closed the connection without an answer.", host=host)
        if "incomplete chunked read" in str(cause):
            break
        if isinstance(cause, aiohttp.ClientResponseError | httpx.RemoteProtocolError):
            return BadAnswer(f"{host} gave an answer that is not valid HTTP.", host=host)
    return GatewayBroke(f"The connection to {host} broke.", host=host)


def _causes(error: BaseException | None) -> Any:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _not_trusted(error: BaseException, host: str) -> GatewayNotTrusted:
    reason = _tls_reason(error)
    if any(word in reason.upper() for word in ("PROTOCOL", "WRONG_VERSION", "NO_SHARED_CIPHER", "HANDSHAKE_FAILURE")):
        return GatewayNotTrusted(f"{host} offers no version of TLS that is safe today ({reason}).", host=host)
    return GatewayNotTrusted(f"The certificate of {host} cannot be trusted: {reason}.", host=host)


def _tls_reason(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or inner)[:200]
