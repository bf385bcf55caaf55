"""A chat body read into an ask."""

from typing import Any

import orjson

from .. import attachments
from ..ask import Ask, Choice, Tool, ToolResult
from ..attachments import Attachment
from ..reading import rows, string, strings, table, tables, whole
from ..request import Request
from ..words import tokens

_THINKING_MODELS = ("-thinking", "reasoner", "-r1")


def asked(request: Request) -> Ask:
    """What a chat body asks for, contradictions and all."""
    body = request.json
    messages = tables(body.get("messages"))
    users = [message for message in messages if message.get("role") == "user"]
    ask = Ask(request.seed, prompt=text_of(users[-1].get("content")) if users else "", turns=len(users))
    ask.instructions = "\n".join(
        text_of(m.get("content")) for m in messages if m.get("role") in ("system", "developer")
    )
    ask.attachments = [found for message in users for found in _attached(message.get("content"))]
    ask.results = _results(messages)
    ask.answered = bool(messages) and messages[-1].get("role") in ("tool", "function")
    ask.tools = _tools(body)
    ask.choice, ask.chosen = _choice(body)
    ask.schema = _schema(table(body, "response_format"))
    ask.thinks = _thinks(body, request.model.base)
    ask.searches = (
        "web_search_options" in body or body.get("enable_search") is True or "search-preview" in request.model.base
    )
    ask.stops = strings(body.get("stop"))
    ask.limit = whole(body.get("max_completion_tokens")) or whole(body.get("max_tokens"))
    ask.words, ask.brief = request.pace.words, request.brief
    ask.input_tokens = _counted(messages, ask, body)
    ask.cached = bool(body.get("prompt_cache_key"))
    return ask


def text_of(content: Any) -> str:
    """The text of a message, whichever way its parts are spelled."""
    parts = [content] if isinstance(content, str) else [_part_text(part) for part in rows(content)]
    return "\n".join(part for part in parts if part)


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    return string(part.get("text")) if isinstance(part, dict) else ""


def _attached(content: Any) -> list[Attachment]:
    return [found for part in tables(content) if (found := _attachment(part))]


def _attachment(part: dict[str, Any]) -> Attachment | None:
    match part.get("type"):
        case "image_url":
            return attachments.from_address("image", _address(part.get("image_url")))
        case "video_url":
            return attachments.from_address("video", _address(part.get("video_url")))
        case "input_audio":
            sound = table(part, "input_audio")
            return attachments.from_base64("audio", f"audio/{string(sound.get('format')) or 'wav'}", sound.get("data"))
        case "file":
            file = table(part, "file")
            name = string(file.get("filename")) or string(file.get("file_id"))
            return attachments.from_address("file", file.get("file_data"), name)
    return None


def _address(value: Any) -> str:
    return string(value.get("url")) if isinstance(value, dict) else string(value)


def _results(messages: list[dict[str, Any]]) -> list[ToolResult]:
    names = {
        call.get("id"): string(table(call, "function").get("name")) or string(table(call, "custom").get("name"))
        for message in messages
        for call in tables(message.get("tool_calls"))
    }
    return [
        ToolResult(string(m.get("name")) or names.get(m.get("tool_call_id")) or "tool", text_of(m.get("content")))
        for m in messages
        if m.get("role") in ("tool", "function")
    ]


def _tools(body: dict[str, Any]) -> list[Tool]:
    tools = [tool for each in tables(body.get("tools")) if (tool := _tool(each))]
    old = [Tool(string(each.get("name")), table(each, "parameters")) for each in tables(body.get("functions"))]
    known = {tool.name for tool in tools}
    return tools + [tool for tool in old if tool.name and tool.name not in known]


def _tool(each: dict[str, Any]) -> Tool | None:
    if each.get("type") == "custom" or "custom" in each:
        name = string(table(each, "custom").get("name"))
        return Tool(name, custom=True) if name else None
    function = table(each, "function") or each
    name = string(function.get("name"))
    return Tool(name, table(function, "parameters")) if name else None


def _choice(body: dict[str, Any]) -> tuple[Choice, str]:
    wanted = body.get("tool_choice", body.get("function_call", "auto"))
    if isinstance(wanted, dict):
        allowed = table(wanted, "allowed_tools")
        if wanted.get("type") == "allowed_tools" or allowed:
            named = next((_tool(each) for each in tables(allowed.get("tools"))), None)
            return ("forced" if allowed.get("mode") == "required" else "auto"), named.name if named else ""
        named = _tool(wanted)
        return "forced", named.name if named else ""
    return ("forced", "") if wanted == "required" else ("none", "") if wanted == "none" else ("auto", "")


def _schema(form: dict[str, Any]) -> dict[str, Any] | None:
    if form.get("type") == "json_schema":
        wrapper = table(form, "json_schema")
        return table(wrapper, "schema") or table(form, "schema")
    return dict(ANY_OBJECT) if form.get("type") == "json_object" else None


ANY_OBJECT = {"type": "object", "properties": {"answer": {"type": "string"}, "count": {"type": "integer"}}}


def _thinks(body: dict[str, Any], model: str) -> bool:
    thinking, reasoning = table(body, "thinking"), table(body, "reasoning")
    google = table(body, "extra_body", "google", "thinking_config")
    return (
        body.get("reasoning_effort") not in (None, "none", "")
        or thinking.get("type") in ("enabled", "adaptive")
        or (bool(reasoning) and reasoning.get("enabled") is not False and reasoning.get("effort") != "none")
        or body.get("enable_thinking") is True
        or body.get("think") is True
        or google.get("include_thoughts") is True
        or any(mark in model for mark in _THINKING_MODELS)
    )


def _counted(messages: list[dict[str, Any]], ask: Ask, body: dict[str, Any]) -> int:
    text = sum(tokens(text_of(message.get("content"))) + 4 for message in messages)
    offered = len(orjson.dumps(body.get("tools"))) // 4 if body.get("tools") else 0
    return text + 85 * len(ask.attachments) + offered
