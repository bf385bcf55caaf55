"""The items of a response's output: reasoning, searches, hosted tools, the message, calls."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from ..ask import Ask
from ..author import Call, Reply
from ..author.sources import place_of
from ..logprobs import openai_tokens
from ..picture import picture
from ..reading import strings, table, tables, whole
from ..request import Request
from ..words import excerpt


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the output, whole; how it streams depends on its type."""

    value: dict[str, Any]

    @property
    def type(self) -> str:
        """Its type, as on the wire."""
        return str(self.value["type"])


def items(request: Request, ask: Ask, said: Reply) -> list[Item]:
    """All items of a reply, in their order."""
    made: list[Item] = []
    if ask.thinks:
        made.append(_reasoning(request, said))
    if said.sources:
        made.append(_search(request, ask, said))
    made += [Item(hosted) for hosted in _hosted(request, ask)]
    if said.text:
        made.append(_message(request, said))
    if said.call:
        made.append(_call(request, said.call))
    return made


def included(request: Request, what: str) -> bool:
    """Whether `include` names it."""
    return what in strings(request.json.get("include"))


def _reasoning(request: Request, said: Reply) -> Item:
    reasoning = table(request.json, "reasoning")
    shown = reasoning.get("summary") or reasoning.get("generate_summary")
    summary = [{"type": "summary_text", "text": said.thinking}] if shown and said.thinking else []
    item: dict[str, Any] = {"id": request.seed.id("rs_"), "type": "reasoning", "summary": summary}
    if included(request, "reasoning.encrypted_content"):
        item["encrypted_content"] = "gAAAA" + request.seed.hex("encrypted", 64)
    return Item(item)


def _search(request: Request, ask: Ask, said: Reply) -> Item:
    topic = excerpt(ask.prompt, 40)
    action: dict[str, Any] = {"type": "search", "query": topic, "queries": [topic]}
    if included(request, "web_search_call.action.sources"):
        action["sources"] = [{"type": "url", "url": source.url} for source in said.sources]
    return Item({"id": request.seed.id("ws_"), "type": "web_search_call", "status": "completed", "action": action})


def _hosted(request: Request, ask: Ask) -> list[dict[str, Any]]:
    """A tool the gateway runs itself, when the request offers nothing else or asks for that one."""
    offered = [str(tool.get("type")) for tool in tables(request.json.get("tools"))]
    wanted = table(request.json, "tool_choice").get("type")
    named = wanted if wanted in ("image_generation", "code_interpreter") else None
    if named is None and not ask.tools and not ask.searches and len(set(offered)) == 1:
        named = offered[0]
    if named == "image_generation":
        drawn = b64encode(picture(request.seed)).decode()
        return [{"id": request.seed.id("ig_"), "type": "image_generation_call", "status": "completed", "result": drawn}]
    if named == "code_interpreter":
        return [_computed(request, ask)]
    return []


def _computed(request: Request, ask: Ask) -> dict[str, Any]:
    logs = [{"type": "logs", "logs": f"{len(ask.prompt)}\n"}]
    return {
        "id": request.seed.id("ci_"),
        "type": "code_interpreter_call",
        "status": "completed",
        "code": f"print(len({excerpt(ask.prompt, 40)!r}))",
        "container_id": request.seed.id("cntr_"),
        "outputs": logs if included(request, "code_interpreter_call.outputs") else None,
    }


def _message(request: Request, said: Reply) -> Item:
    part: dict[str, Any] = {"type": "output_text", "text": said.text, "annotations": citations(said), "logprobs": []}
    if included(request, "message.output_text.logprobs"):
        part["logprobs"] = openai_tokens(said.text_pieces, top(request), request.seed)
    status = "incomplete" if said.finish == "length" else "completed"
    return Item(
        {"id": request.seed.id("msg_"), "type": "message", "status": status, "role": "assistant", "content": [part]}
    )


def top(request: Request) -> int:
    """How many likely tokens are shown."""
    return whole(request.json.get("top_logprobs")) or 0


def citations(said: Reply) -> list[dict[str, Any]]:
    """The pages a text rests on."""
    told = []
    for source in said.sources:
        start, end = place_of(source, said.text) or (0, 0)
        place = {"start_index": start, "end_index": end}
        told.append({"type": "url_citation", "url": source.url, "title": source.title, **place})
    return told


def _call(request: Request, call: Call) -> Item:
    status = {"status": "completed", "call_id": f"call_{call.id}", "name": call.name}
    if call.custom:
        return Item({"id": request.seed.id("ctc_"), "type": "custom_tool_call", **status, "input": call.arguments})
    return Item({"id": request.seed.id("fc_"), "type": "function_call", **status, "arguments": call.arguments})
