"""POST /v1/completions, the old form: a text is continued."""

from collections.abc import Iterator
from typing import Any

from . import answers
from .answers import Answer, Event, Stream
from .ask import Ask
from .author import Reply, reply
from .logprobs import likelihood, ranked
from .quotas import units
from .reading import rows, string, strings, table, whole
from .request import Request
from .routes import route
from .words import tokens

_MOST = 16


@route("POST", "/v1/completions")
async def completions(request: Request) -> Answer:
    """Continuations of one prompt or several."""
    body = request.json
    prompts = _prompts(body.get("prompt"))
    count = min(whole(body.get("n")) or 1, _MOST)
    told = [(prompt, _continued(request, prompt, sample)) for prompt in prompts for sample in range(count)][:_MOST]
    usage = _usage(prompts, [said for _, said in told])
    cost = units(request.model.base, usage["prompt_tokens"], usage["completion_tokens"])
    if body.get("stream") is True:
        return Stream(_events(request, told, usage), units=cost)
    choices = [_choice(request, index, prompt, said) for index, (prompt, said) in enumerate(told)]
    longest = max(said.length for _, said in told)
    return answers.json({**_head(request), "choices": choices, "usage": usage}, words=longest, units=cost)


def _prompts(given: Any) -> list[str]:
    if isinstance(given, list) and given and all(isinstance(token, int) for token in given):
        return [f"{len(given)} tokens"]
    return [row if isinstance(row, str) else f"{len(rows(row))} tokens" for row in rows(given)] or ["<|endoftext|>"]


def _continued(request: Request, prompt: str, sample: int) -> Reply:
    body = request.json
    ask = Ask(request.seed.child(prompt), prompt=prompt, turns=1)
    ask.stops, ask.limit = strings(body.get("stop")), whole(body.get("max_tokens"))
    ask.words, ask.brief = request.pace.words, request.brief
    return reply(ask, sample)


def _usage(prompts: list[str], replies: list[Reply]) -> dict[str, int]:
    read = sum(tokens(prompt) for prompt in prompts)
    said = sum(each.output_tokens for each in replies)
    return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}


def _head(request: Request) -> dict[str, Any]:
    seed = request.seed
    head = {"id": seed.id("cmpl-"), "object": "text_completion", "created": seed.created}
    return {**head, "model": request.model.sent, "system_fingerprint": seed.id("fp_", length=10)}


def _choice(request: Request, index: int, prompt: str, said: Reply) -> dict[str, Any]:
    echoed = prompt if request.json.get("echo") is True else ""
    pieces = [*([echoed] if echoed else []), *said.text_pieces]
    finish = "length" if said.finish == "length" else "stop"
    text = echoed + said.text + (string(request.json.get("suffix")))
    return {"text": text, "index": index, "logprobs": _logprobs(request, pieces), "finish_reason": finish}


def _logprobs(request: Request, pieces: list[str]) -> dict[str, Any] | None:
    top = whole(request.json.get("logprobs"))
    if top is None:
        return None
    offsets = [sum(len(before) for before in pieces[:place]) for place in range(len(pieces))]
    likely = [{token: round(logprob, 4) for token, logprob in ranked(piece, top)} for piece in pieces]
    chosen = [likelihood(piece) for piece in pieces]
    return {"tokens": pieces, "token_logprobs": chosen, "top_logprobs": likely, "text_offset": offsets}


def _events(request: Request, told: list[tuple[str, Reply]], usage: dict[str, int]) -> Iterator[Event]:
    head = _head(request)
    asked = table(request.json, "stream_options").get("include_usage") is True
    empty: dict[str, Any] = {"usage": None} if asked else {}
    for index, (prompt, said) in enumerate(told):
        pieces = [prompt, *said.text_pieces] if request.json.get("echo") is True else said.text_pieces
        for piece in pieces:
            choice = {"text": piece, "index": index, "logprobs": _logprobs(request, [piece]), "finish_reason": None}
            yield Event({**head, "choices": [choice], **empty}, words=1, text=piece)
        finish = "length" if said.finish == "length" else "stop"
        last = {"text": "", "index": index, "logprobs": None, "finish_reason": finish}
        yield Event({**head, "choices": [last], **empty}, ends=True)
    if asked:
        yield Event({**head, "choices": [], "usage": usage}, ends=True)
    yield Event("[DONE]", ends=True)
