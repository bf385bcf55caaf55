"""Asking a gateway what it offers a key: by the checked connection, never for long, nothing kept of the secret."""

from dataclasses import dataclass, replace

from django.conf import settings

from accounts.models import Key
from playground import gateway
from playground.balances import Answered, NoBalance
from playground.calls import BadCall, Call
from playground.gateway import GatewayError, Limits, Route
from playground.offers import Ask, Listing, listing

# OpenRouter's list is the largest known, with 700 kB.
LARGEST = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Question:
    """Everything needed to ask for one key, taken from the database before."""

    kind: str
    route: Route
    mask: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking: a listing, or a code and perhaps the gateway's sentence."""

    listing: Listing | None = None
    code: str = ""
    said: str = ""
    retry_after: float | None = None


def question_for(key: Key) -> Question:
    """The question for a key."""
    place = key.gateway
    base_url = f"{gateway.own_address()}/sandbox" if place.is_sandbox else place.base_url
    return Question(place.kind, Route(base_url, key.secret.reveal(), place.trusted or place.is_sandbox), key.mask)


async def ask_for(question: Question) -> Outcome:
    """Ask for one key. Never raises for what a gateway does."""
    door = gateway.Door(transport=settings.CALL_TRANSPORT, allowed_networks=tuple(settings.GATEWAY_ALLOWED_NETWORKS))
    try:
        return Outcome(await _converse(question, door))
    except NoBalance as reason:
        # A list that is missing is no figure that is missing: its page says so in words of its own.
        code = "not_told" if reason.code == "no_figure" else reason.code
        return Outcome(
            code=code, said=reason.said.replace(question.route.secret, question.mask), retry_after=reason.retry_after
        )
    except GatewayError as error:
        return Outcome(code=error.code, said=str(error))
    except BadCall:
        return Outcome(code="refused")
    finally:
        await door.close()


async def _converse(question: Question, door: gateway.Door) -> Listing:
    told = listing(question.kind)
    try:
        ask = next(told)
        while True:
            ask = told.send(await _asked(ask, question.route, door))
    except StopIteration as end:
        heard: Listing = end.value
        return heard


async def _asked(ask: Ask, route: Route, door: gateway.Door) -> Answered:
    path, _, query = ask.path.partition("?")
    pairs = tuple((name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair))
    call = Call(operation="models", dialect="whole", auth=ask.auth, method="GET", path=path, query=pairs)
    sent = replace(route, secret="") if ask.auth == "none" else route
    try:
        async with gateway.send(call, sent, _limits(), door) as answer:
            return Answered(answer.status, b"".join([data async for data in answer.reads()]))
    except GatewayError:
        # The list itself is needed; what else there is to know may be missing.
        if ask.path == "/v1/models":
            raise
        return Answered(599)


def _limits() -> Limits:
    seconds = settings.BALANCE_ASK_SECONDS
    return Limits(
        lookup=min(5, seconds), connect=min(5, seconds), first_byte=seconds, silence=seconds, total=2 * seconds,
        event_bytes=LARGEST, run_bytes=LARGEST,
    )  # fmt: skip
