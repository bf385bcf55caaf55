"""A generateContent body read into an ask. Names may be camelCase or snake_case, as the vendor takes both."""

import re
from typing import Any

import orjson

from .. import attachments
from ..ask import Ask, Choice, Tool, ToolResult
from ..attachments import Attachment
from ..reading import string, strings, table, tables, whole
from ..request import Request
from ..words import tokens

ANY_OBJECT = {"type": "object", "properties": {"answer": {"type": "string"}, "count": {"type": "integer"}}}


def field(owner: Any, name: str) -> Any:
    """The field of an object under its camelCase or its snake_case name."""
    if not isinstance(owner, dict):
        return None
    found = owner.get(name)
    return owner.get(re.sub(r"([A-Z])", lambda letter: f"_{letter[1].lower()}", name)) if found is None else found


def asked(request: Request, body: dict[str, Any]) -> Ask:
    """What a generateContent body asks for."""
    contents = [{"parts": [{"text": row}]} if isinstance(row, str) else row for row in _contents(body)]
    users = [content for content in contents if content.get("role", "user") == "user"]
    prompts = [text for content in users if (text := _text(content))]
    ask = Ask(request.seed, prompt=prompts[-1] if prompts else "", turns=len(prompts))
    ask.instructions = _text(field(body, "systemInstruction"))
    parts = [part for content in contents for part in tables(content.get("parts"))]
    ask.attachments = [found for part in parts if (found := _attachment(part))]
    ask.results = [result for part in parts if (result := _result(part))]
    ask.answered = (
        bool(users) and any(_result(part) for part in tables(users[-1].get("parts"))) and not _text(users[-1])
    )
    tools = tables(body.get("tools"))
    ask.tools = [tool for each in tools for tool in _declared(each)]
    ask.choice, ask.chosen = _choice(table(field(field(body, "toolConfig"), "functionCallingConfig")))
    config = table(field(body, "generationConfig"))
    ask.schema = _schema(config)
    ask.thinks = field(table(field(config, "thinkingConfig")), "includeThoughts") is True
    ask.searches = any(
        field(each, name) is not None for each in tools for name in ("googleSearch", "googleSearchRetrieval")
    )
    ask.stops = strings(field(config, "stopSequences"))
    ask.limit = whole(field(config, "maxOutputTokens"))
    ask.words, ask.brief = request.pace.words, request.brief
    offered = len(orjson.dumps(tools)) // 4 if tools else 0
    spoken = sum(tokens(_text(content)) + 2 for content in contents) + tokens(ask.instructions)
    ask.input_tokens = spoken + 258 * len(ask.attachments) + offered
    ask.cached = bool(field(body, "cachedContent"))
    return ask


def _contents(body: dict[str, Any]) -> list[Any]:
    contents = body.get("contents")
    return [row for row in (contents if isinstance(contents, list) else [contents]) if isinstance(row, dict | str)]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content.get("parts") if isinstance(content, dict) else None
    found = (string(part.get("text")) for part in tables(parts) if part.get("thought") is not True)
    return "\n".join(text for text in found if text)


def _attachment(part: dict[str, Any]) -> Attachment | None:
    inline, file = field(part, "inlineData"), field(part, "fileData")
    if isinstance(inline, dict):
        return attachments.from_base64("file", field(inline, "mimeType"), inline.get("data"))
    if isinstance(file, dict):
        mime, address = string(field(file, "mimeType")), string(field(file, "fileUri"))
        family = mime.partition("/")[0]
        return Attachment(family if family in ("image", "audio", "video") else "file", mime, url=address[:200])
    return None


def _result(part: dict[str, Any]) -> ToolResult | None:
    given = field(part, "functionResponse")
    if not isinstance(given, dict):
        return None
    return ToolResult(string(given.get("name")) or "tool", orjson.dumps(given.get("response")).decode())


def _declared(each: dict[str, Any]) -> list[Tool]:
    declared = tables(field(each, "functionDeclarations"))
    return [
        Tool(name, table(field(one, "parametersJsonSchema")) or table(one, "parameters"))
        for one in declared
        if (name := string(one.get("name")))
    ]


def _choice(config: dict[str, Any]) -> tuple[Choice, str]:
    allowed = strings(field(config, "allowedFunctionNames"))
    chosen = allowed[0] if allowed else ""
    mode = string(config.get("mode")).upper()
    return ("forced" if mode == "ANY" else "none" if mode == "NONE" else "auto"), chosen


def _schema(config: dict[str, Any]) -> dict[str, Any] | None:
    given = field(config, "responseJsonSchema") or field(config, "responseSchema")
    if isinstance(given, dict):
        return given
    if field(config, "responseMimeType") == "application/json":
        return dict(ANY_OBJECT)
    return None
