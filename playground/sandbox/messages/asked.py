"""A messages body read into an ask."""

from typing import Any

import orjson

from .. import attachments
from ..ask import Ask, Choice, Tool, ToolResult
from ..attachments import Attachment
from ..reading import string, strings, table, tables, whole
from ..request import Request
from ..words import tokens

# Tools the vendor defines and the caller runs: they come without a schema of their own.
_VENDOR_TOOLS: dict[str, dict[str, Any]] = {
    "bash": {"command": {"const": "ls -la"}},
    "text_editor": {"command": {"const": "view"}, "path": {"const": "README.md"}},
    "computer": {"action": {"const": "screenshot"}},
    "memory": {"command": {"const": "view"}, "path": {"const": "/memories"}},
}


def asked(request: Request) -> Ask:
    """What a messages body asks for."""
    body = request.json
    said = tables(body.get("messages"))
    users = [message for message in said if message.get("role") == "user"]
    prompts = [text for message in users if (text := text_of(message.get("content")))]
    ask = Ask(request.seed, prompt=prompts[-1] if prompts else "", turns=len(prompts))
    ask.instructions = text_of(body.get("system"))
    parts = [part for message in users for part in tables(message.get("content"))]
    ask.attachments = [found for part in parts if (found := _attachment(part))]
    ask.results = _results(said)
    ask.answered = bool(users) and _ends_with_results(users[-1])
    ask.tools = sorted((tool for each in tables(body.get("tools")) if (tool := _tool(each))), key=_own_first(body))
    ask.choice, ask.chosen = _choice(table(body, "tool_choice"))
    ask.schema = _schema(body)
    ask.thinks = table(body, "thinking").get("type") in ("enabled", "adaptive")
    ask.searches = any(string(each.get("type")).startswith("web_search") for each in tables(body.get("tools")))
    ask.stops = strings(body.get("stop_sequences"))
    ask.limit = whole(body.get("max_tokens"))
    ask.words, ask.brief = request.pace.words, request.brief
    offered = len(orjson.dumps(body.get("tools"))) // 4 if body.get("tools") else 0
    spoken = sum(tokens(text_of(message.get("content"))) + 4 for message in said) + tokens(ask.instructions)
    ask.input_tokens = spoken + 85 * len(ask.attachments) + offered
    ask.cached = b'"cache_control"' in request.body[:200_000]
    return ask


def text_of(content: Any) -> str:
    """The text of a message's content."""
    if isinstance(content, str):
        return content
    return "\n".join(
        text for part in tables(content) if part.get("type") == "text" and (text := string(part.get("text")))
    )


def _attachment(part: dict[str, Any]) -> Attachment | None:
    kind = {"image": "image", "document": "file"}.get(string(part.get("type")))
    if kind is None:
        return None
    source, name = table(part, "source"), string(part.get("title"))
    match source.get("type"):
        case "base64":
            return attachments.from_base64(kind, source.get("media_type"), source.get("data"), name)
        case "text":
            text = string(source.get("data"))
            return Attachment("file", "text/plain", len(text.encode("utf-8", "replace")), name=name)
        case "url":
            return attachments.from_address(kind, source.get("url"), name)
    return Attachment(kind, name=name or string(source.get("file_id")))


def _results(said: list[dict[str, Any]]) -> list[ToolResult]:
    parts = [part for message in said for part in tables(message.get("content"))]
    names = {part.get("id"): string(part.get("name")) for part in parts if part.get("type") == "tool_use"}
    return [
        ToolResult(names.get(part.get("tool_use_id")) or "tool", text_of(part.get("content")))
        for part in parts
        if part.get("type") == "tool_result"
    ]


def _ends_with_results(message: dict[str, Any]) -> bool:
    kinds = {part.get("type") for part in tables(message.get("content"))}
    return "tool_result" in kinds and "text" not in kinds


def _tool(each: dict[str, Any]) -> Tool | None:
    name, kind = string(each.get("name")), string(each.get("type"))
    if not name:
        return None
    if kind in ("", "custom"):
        return Tool(name, table(each, "input_schema"))
    vendor = next((fields for prefix, fields in _VENDOR_TOOLS.items() if kind.startswith(prefix + "_2")), None)
    return Tool(name, {"type": "object", "properties": vendor}) if vendor else None


def _own_first(body: dict[str, Any]) -> Any:
    own = {each.get("name") for each in tables(body.get("tools")) if each.get("type", "custom") == "custom"}
    return lambda tool: tool.name not in own


def _choice(wanted: dict[str, Any]) -> tuple[Choice, str]:
    match wanted.get("type"):
        case "tool":
            return "forced", string(wanted.get("name"))
        case "any":
            return "forced", ""
        case "none":
            return "none", ""
    return "auto", ""


def _schema(body: dict[str, Any]) -> dict[str, Any] | None:
    form = table(body, "output_config", "format") or table(body, "output_format")
    return table(form, "schema") if form.get("type") == "json_schema" else None
