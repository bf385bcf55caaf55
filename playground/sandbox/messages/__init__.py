"""POST /v1/messages, whole and streamed, and the counting of tokens."""

from .. import answers, strict
from ..answers import Answer, Stream
from ..author import reply
from ..quotas import units
from ..request import Request
from ..routes import route
from .asked import asked
from .said import Telling, events, message


@route("POST", "/v1/messages", shape="anthropic")
async def messages(request: Request) -> Answer:
    """A message."""
    if request.strict:
        strict.messages(request.json)
    ask = asked(request)
    said = reply(ask)
    telling = Telling(request, ask, said)
    cost = units(request.model.base, ask.input_tokens, said.output_tokens, ask.cached_tokens)
    if request.json.get("stream") is True:
        return Stream(events(telling), units=cost)
    return answers.json(message(telling), words=said.length, units=cost)


@route("POST", "/v1/messages/count_tokens", shape="anthropic")
async def count_tokens(request: Request) -> Answer:
    """How many tokens a message would take."""
    return answers.json({"input_tokens": asked(request).input_tokens})
