"""The only room that opens a connection to the outside: addresses checked, times and sizes limited, nothing followed.

    async with gateway.send(call, route, limits, door) as answer:
        async for data in answer.reads(): ...

Upstream is read by httpx with an aiohttp transport (less than half the cost a chunk); `CALL_TRANSPORT=httpx` is plain httpx.
"""

from playground.gateway.door import Door
from playground.gateway.errors import (
    AddressRefused,
    AnswerTooLarge,
    BadAnswer,
    GatewayBroke,
    GatewayError,
    GatewayNameNotFound,
    GatewayNotTrusted,
    GatewayTimedOut,
    GatewayUnreachable,
    explained,
)
from playground.gateway.limits import Limits, Route, host_of, own_address
from playground.gateway.looking import Look, look
from playground.gateway.sending import Answer, send

__all__ = [
    "AddressRefused",
    "Answer",
    "AnswerTooLarge",
    "BadAnswer",
    "Door",
    "GatewayBroke",
    "GatewayError",
    "GatewayNameNotFound",
    "GatewayNotTrusted",
    "GatewayTimedOut",
    "GatewayUnreachable",
    "Limits",
    "Look",
    "Route",
    "explained",
    "host_of",
    "look",
    "own_address",
    "send",
]
