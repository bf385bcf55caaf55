"""POST /v1/responses, whole and streamed."""

from .. import answers, strict
from ..answers import Answer, Event, Stream
from ..author import reply
from ..quotas import units
from ..request import Request
from ..routes import route
from .asked import asked
from .items import items
from .said import Telling, events, response


@route("POST", "/v1/responses")
async def responses(request: Request) -> Answer:
    """A response."""
    if request.strict:
        strict.responses(request.json)
    ask = asked(request)
    said = reply(ask)
    telling = Telling(request, ask, said, items(request, ask, said))
    cost = units(request.model.base, ask.input_tokens, said.output_tokens, ask.cached_tokens)
    if request.json.get("stream") is True:
        return Stream(events(telling), failure=_failure(), units=cost)
    return answers.json(response(telling), words=said.length, units=cost)


def _failure() -> Event:
    error = {"type": "error", "code": "server_error", "message": "The upstream is overloaded.", "param": None}
    return Event({**error, "sequence_number": 1_000_000}, name="error")
