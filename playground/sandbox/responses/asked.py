"""A responses body read into an ask."""

from typing import Any

import orjson

from .. import attachments
from ..ask import Ask, Choice, Tool, ToolResult
from ..attachments import Attachment
from ..reading import rows, string, table, tables, whole
from ..request import Request
from ..words import tokens

ANY_OBJECT = {"type": "object", "properties": {"answer": {"type": "string"}, "count": {"type": "integer"}}}
_OUTPUTS = ("function_call_output", "custom_tool_call_output", "local_shell_call_output", "shell_call_output")


def asked(request: Request) -> Ask:
    """What a responses body asks for."""
    body = request.json
    items = _items(body.get("input"))
    spoken = [item for item in items if item.get("type", "message") == "message"]
    users = [item for item in spoken if item.get("role", "user") == "user"]
    ask = Ask(request.seed, prompt=_text(users[-1].get("content")) if users else "", turns=len(users))
    rules = [_text(item.get("content")) for item in spoken if item.get("role") in ("system", "developer")]
    ask.instructions = "\n".join([string(body.get("instructions")), *rules])
    ask.attachments = [found for item in users for part in tables(item.get("content")) if (found := _attachment(part))]
    ask.results = _results(items)
    ask.answered = bool(items) and items[-1].get("type") in _OUTPUTS
    ask.tools = [tool for each in tables(body.get("tools")) for tool in _tools(each)]
    ask.choice, ask.chosen = _choice(body.get("tool_choice"))
    ask.schema = _schema(table(body, "text", "format"))
    ask.thinks = _thinks(body)
    ask.searches = any(string(each.get("type")).startswith("web_search") for each in tables(body.get("tools")))
    ask.limit = whole(body.get("max_output_tokens"))
    ask.words, ask.brief = request.pace.words, request.brief
    text = sum(tokens(_text(item.get("content"))) + 4 for item in spoken) + tokens(ask.instructions)
    offered = len(orjson.dumps(body.get("tools"))) // 4 if body.get("tools") else 0
    ask.input_tokens = text + 85 * len(ask.attachments) + offered
    ask.cached = bool(body.get("prompt_cache_key"))
    return ask


def _items(given: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": given}] if isinstance(given, str) else tables(given)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(text for part in tables(content) if (text := string(part.get("text"))))


def _attachment(part: dict[str, Any]) -> Attachment | None:
    match part.get("type"):
        case "input_image":
            return attachments.from_address("image", part.get("image_url"), string(part.get("file_id")))
        case "input_file":
            name = string(part.get("filename")) or string(part.get("file_id"))
            return attachments.from_address("file", part.get("file_data") or part.get("file_url"), name)
        case "input_audio":
            sound = table(part, "input_audio")
            return attachments.from_base64("audio", f"audio/{string(sound.get('format')) or 'wav'}", sound.get("data"))
    return None


def _results(items: list[dict[str, Any]]) -> list[ToolResult]:
    names = {item.get("call_id"): string(item.get("name")) for item in items if "name" in item}
    return [
        ToolResult(names.get(item.get("call_id")) or "tool", _output(item.get("output")))
        for item in items
        if item.get("type") in _OUTPUTS
    ]


def _output(output: Any) -> str:
    return output if isinstance(output, str) else _text(rows(output))


def _tools(each: dict[str, Any]) -> list[Tool]:
    name = string(each.get("name"))
    match each.get("type"):
        case "function" if name:
            return [Tool(name, table(each, "parameters"))]
        case "custom" if name:
            return [Tool(name, custom=True)]
        case "namespace":
            return [tool for inner in tables(each.get("tools")) for tool in _tools(inner)]
    return []


def _choice(wanted: Any) -> tuple[Choice, str]:
    if isinstance(wanted, dict):
        if wanted.get("type") == "allowed_tools":
            named = next((string(each.get("name")) for each in tables(wanted.get("tools")) if each.get("name")), "")
            return ("forced" if wanted.get("mode") == "required" else "auto"), named
        return ("forced", string(wanted.get("name"))) if wanted.get("type") in ("function", "custom") else ("auto", "")
    return ("forced", "") if wanted == "required" else ("none", "") if wanted == "none" else ("auto", "")


def _schema(form: dict[str, Any]) -> dict[str, Any] | None:
    if form.get("type") == "json_schema":
        return table(form, "schema")
    return dict(ANY_OBJECT) if form.get("type") == "json_object" else None


def _thinks(body: dict[str, Any]) -> bool:
    reasoning = table(body, "reasoning")
    return bool(reasoning) and reasoning.get("effort") != "none"
