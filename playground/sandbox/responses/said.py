"""A reply told in the words of the responses API."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from ..answers import Event
from ..ask import Ask
from ..author import Reply
from ..logprobs import openai_tokens
from ..reading import string, table, tables
from ..request import Request
from .items import Item, citations, included, top

_ECHOED: dict[str, Any] = {
    "background": False,
    "conversation": None,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "safety_identifier": None,
    "store": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


@dataclass(frozen=True)
class Telling:
    """A reply and its items on their way to the wire."""

    request: Request
    ask: Ask
    reply: Reply
    items: list[Item]

    def head(self, status: str, output: list[dict[str, Any]], usage: dict[str, Any] | None) -> dict[str, Any]:
        """The response object at one moment of its life."""
        body = self.request.json
        reasoning, text = table(body, "reasoning"), table(body, "text")
        cut = status == "incomplete"
        created = self.request.seed.created
        return {
            "id": self.request.seed.id("resp_"),
            "object": "response",
            "created_at": created,
            "completed_at": created + 2 if status == "completed" else None,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "model": self.request.model.sent,
            "output": output,
            "usage": usage,
            "service_tier": "default",
            "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
            "text": {
                "format": table(text, "format") or {"type": "text"},
                "verbosity": text.get("verbosity") or "medium",
            },
            **{name: default if body.get(name) is None else body[name] for name, default in _ECHOED.items()},
        }

    def usage(self) -> dict[str, Any]:
        """The bill."""
        prompt, said = self.ask.input_tokens, self.reply.output_tokens
        return {
            "input_tokens": prompt,
            "input_tokens_details": {"cached_tokens": self.ask.cached_tokens, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": self.reply.thinking_tokens},
            "total_tokens": prompt + said,
        }

    @property
    def last_status(self) -> str:
        """How it ends."""
        return "incomplete" if self.reply.finish == "length" else "completed"


def response(telling: Telling) -> dict[str, Any]:
    """The whole response at once."""
    return telling.head(telling.last_status, [item.value for item in telling.items], telling.usage())


@dataclass(frozen=True, slots=True)
class _Told:
    """An event before it has its number."""

    type: str
    fields: dict[str, Any]
    words: int = 0
    text: str = ""
    ends: bool = False


def events(telling: Telling) -> Iterator[Event]:
    """The response event by event."""
    numbers = count()
    for told in _told(telling):
        data = {"type": told.type, "sequence_number": next(numbers), **told.fields}
        yield Event(data, name=told.type, words=told.words, text=told.text, ends=told.ends)


def _told(telling: Telling) -> Iterator[_Told]:
    begun = telling.head("in_progress", [], None)
    yield _Told("response.created", {"response": begun})
    if telling.request.json.get("background") is True:
        yield _Told("response.queued", {"response": {**begun, "status": "queued"}})
    yield _Told("response.in_progress", {"response": begun})
    for index, item in enumerate(telling.items):
        yield from _item(telling, item, index)
    yield _Told(f"response.{telling.last_status}", {"response": response(telling)}, ends=True)


def _item(telling: Telling, item: Item, index: int) -> Iterator[_Told]:
    place = {"item_id": item.value["id"], "output_index": index}
    yield _Told("response.output_item.added", {"output_index": index, "item": _begun(item.value)})
    match item.type:
        case "reasoning":
            yield from _summary(item.value, place, telling.reply)
        case "message":
            yield from _message(telling, item.value, place)
        case "function_call":
            yield from _arguments("response.function_call_arguments", "arguments", telling.reply, place, item.value)
        case "custom_tool_call":
            yield from _arguments("response.custom_tool_call_input", "input", telling.reply, place, item.value)
        case "code_interpreter_call":
            yield from _code(item.value, place)
        case hosted:
            for step in _STEPS.get(hosted, ()):
                yield _Told(f"response.{hosted}.{step}", place, words=2)
    yield _Told("response.output_item.done", {"output_index": index, "item": item.value})


_STEPS = {
    "web_search_call": ("in_progress", "searching", "completed"),
    "image_generation_call": ("in_progress", "generating", "completed"),
}
_BEGUN: dict[str, dict[str, Any]] = {
    "message": {"status": "in_progress", "content": []},
    "function_call": {"status": "in_progress", "arguments": ""},
    "custom_tool_call": {"status": "in_progress", "input": ""},
    "reasoning": {"summary": []},
    "code_interpreter_call": {"status": "in_progress", "code": "", "outputs": None},
    "image_generation_call": {"status": "in_progress", "result": None},
    "web_search_call": {"status": "in_progress"},
}


def _begun(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, **_BEGUN.get(str(item["type"]), {})}


def _summary(item: dict[str, Any], place: dict[str, Any], reply: Reply) -> Iterator[_Told]:
    for number, part in enumerate(tables(item["summary"])):
        at = {**place, "summary_index": number}
        yield _Told("response.reasoning_summary_part.added", {**at, "part": {"type": "summary_text", "text": ""}})
        for piece in reply.thinking_pieces:
            yield _Told("response.reasoning_summary_text.delta", {**at, "delta": piece}, words=1)
        yield _Told("response.reasoning_summary_text.done", {**at, "text": string(part["text"])})
        yield _Told("response.reasoning_summary_part.done", {**at, "part": part})


def _message(telling: Telling, item: dict[str, Any], place: dict[str, Any]) -> Iterator[_Told]:
    part, at = item["content"][0], {**place, "content_index": 0}
    empty = {**part, "text": "", "annotations": [], "logprobs": []}
    measured = included(telling.request, "message.output_text.logprobs")
    yield _Told("response.content_part.added", {**at, "part": empty})
    for piece in telling.reply.text_pieces:
        logprobs = openai_tokens([piece], top(telling.request), telling.request.seed) if measured else []
        yield _Told("response.output_text.delta", {**at, "delta": piece, "logprobs": logprobs}, words=1, text=piece)
    for number, citation in enumerate(citations(telling.reply)):
        told = {**at, "annotation_index": number, "annotation": citation}
        yield _Told("response.output_text.annotation.added", told)
    yield _Told("response.output_text.done", {**at, "text": part["text"], "logprobs": part["logprobs"]})
    yield _Told("response.content_part.done", {**at, "part": part})


def _arguments(event: str, name: str, reply: Reply, place: dict[str, Any], item: dict[str, Any]) -> Iterator[_Told]:
    for piece in reply.call.pieces if reply.call else ():
        yield _Told(f"{event}.delta", {**place, "delta": piece}, words=1)
    named = {"name": item["name"]} if name == "arguments" else {}
    yield _Told(f"{event}.done", {**place, name: item[name], **named})


def _code(item: dict[str, Any], place: dict[str, Any]) -> Iterator[_Told]:
    event = "response.code_interpreter_call"
    yield _Told(f"{event}.in_progress", place)
    yield _Told(f"{event}_code.delta", {**place, "delta": item["code"]}, words=2)
    yield _Told(f"{event}_code.done", {**place, "code": item["code"]})
    yield _Told(f"{event}.interpreting", place, words=2)
    yield _Told(f"{event}.completed", place)
