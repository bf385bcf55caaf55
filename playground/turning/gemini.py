"""Gemini's generateContent. Model and streaming stand in its path, not in the body."""

import json
from typing import Any

from playground.turning import media
from playground.turning.middle import ASSISTANT, SYSTEM, USER, Middle, Piece, is_whole, settings_in
from playground.turning.source import Held, Place, Source
from playground.turning.written import Written, put

CONFIG = "generationConfig"
PATHS = {
    "max_output": (CONFIG, "maxOutputTokens"), "temperature": (CONFIG, "temperature"), "top_p": (CONFIG, "topP"),
    "top_k": (CONFIG, "topK"), "stop": (CONFIG, "stopSequences"), "seed": (CONFIG, "seed"),
    "presence_penalty": (CONFIG, "presencePenalty"), "frequency_penalty": (CONFIG, "frequencyPenalty"),
    "candidates": (CONFIG, "candidateCount"), "logprobs": (CONFIG, "responseLogprobs"),
    "top_logprobs": (CONFIG, "logprobs"), "store": ("store",),
}  # fmt: skip
LEVELS = {"minimal", "low", "medium", "high"}
JSON = "application/json"
ROLES = {"user": USER, "model": ASSISTANT, "": USER}
MODES = {"AUTO": "auto", "ANY": "any", "NONE": "none"}
TYPES = {"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"}


def read(source: Source) -> Middle:
    """What a content is to be generated from."""
    middle = Middle(settings_in(source, PATHS))
    _read_system(source, middle)
    open_calls: list[tuple[str, str]] = []
    contents = source.child("contents")
    for index, content in enumerate(contents.items() if contents else ()):
        if content.kind("role") in ROLES:
            _read_content(source, middle, content, index, open_calls)
    _read_tools(source, middle)
    _read_choice(source, middle)
    _read_thinking(source, middle)
    _read_format(source, middle)
    return middle


def write(middle: Middle, out: Written) -> dict[str, Any]:
    """A content that is generated from the same."""
    if held := middle.settings.get("model"):
        out.model = str(out.use(held))
    if held := middle.settings.get("stream"):
        out.streams = bool(out.use(held))
    body: dict[str, Any] = {}
    if middle.system:
        body["systemInstruction"] = {"parts": [_system_part(out, piece) for piece in middle.system]}
    body["contents"] = _contents(out, middle)
    if middle.tools:
        body["tools"] = [{"functionDeclarations": [_declaration(out, tool) for tool in middle.tools]}]
    body |= out.settings(middle, PATHS)
    _write_choice(out, middle, body)
    _write_thinking(out, middle, body)
    _write_format(out, middle, body)
    return body


def _read_system(source: Source, middle: Middle) -> None:
    parts = source.down("systemInstruction", "parts")
    for part in parts.items() if parts else ():
        if text := part.text("text"):
            middle.system.append(Piece("text", {"text": text}, role=SYSTEM, turn=-1))


def _read_content(
    source: Source, middle: Middle, content: Place, index: int, open_calls: list[tuple[str, str]]
) -> None:
    role, parts = ROLES[content.kind("role")], content.child("parts")
    for part in parts.items() if parts else ():
        thought = part.child("thought")
        if thought and thought.value is True:
            source.why(part, "thinking")
            continue
        source.why(f"{part.pointer}/thoughtSignature", "thinking")
        if piece := _part(part, content.leaf("role"), role, index, open_calls):
            middle.said.append(piece)


def _part(
    part: Place, shape: tuple[str, ...], role: str, index: int, open_calls: list[tuple[str, str]]
) -> Piece | None:
    if text := part.text("text"):
        return Piece("text", {"text": text}, shape, role, index)
    if (call := part.child("functionCall")) and role == ASSISTANT:
        return _call(call, shape, index, open_calls)
    if (answer := part.child("functionResponse")) and role == USER:
        return _answer(answer, shape, index, open_calls)
    if (blob := part.child("inlineData")) and role == USER:
        mime, data = blob.text("mimeType"), blob.text("data")
        if mime and data and media.is_mime(mime.value):
            spelled = mime.as_(media.same(mime.value))
            return Piece(media.kind_of(spelled.value), {"mime": spelled, "data": data}, shape, role, index)
    if (file := part.child("fileData")) and role == USER and (uri := file.text("fileUri")):
        mime = file.text("mimeType")
        if mime and not media.is_mime(mime.value):
            return None
        kind = media.kind_of(media.same(mime.value) if mime else media.guessed(uri.value))
        return Piece(kind, {"url": uri, **({"mime": mime} if mime else {})}, shape, role, index)
    return None


def _call(call: Place, shape: tuple[str, ...], index: int, open_calls: list[tuple[str, str]]) -> Piece | None:
    name, id, given = call.text("name"), call.text("id"), call.child("args")
    if name is None:
        return None
    # Calls without an id are told apart by their order: those who need one get a made one.
    known = id or Held(f"call_{len(open_calls) + 1}")
    open_calls.append((name.value, known.value))
    facts = {"name": name, "id": known}
    if given and isinstance(given.value, dict):
        facts["arguments"] = given.held()
    return Piece("tool_call", facts, shape, ASSISTANT, index)


def _answer(answer: Place, shape: tuple[str, ...], index: int, open_calls: list[tuple[str, str]]) -> Piece | None:
    name, id, response = answer.text("name"), answer.text("id"), answer.child("response")
    if name is None or response is None or not isinstance(response.value, dict):
        return None
    if id is None:
        # It answers the first call of that name that nobody has answered yet.
        answered = next((one for one in open_calls if one[0] == name.value), (name.value, f"call_{name.value}"))
        if answered in open_calls:
            open_calls[open_calls.index(answered)] = ("", answered[1])
        facts = {"id": Held(answered[1], name.at)}
    else:
        facts = {"id": id, "name": name}
    return Piece("tool_result", {**facts, "text": _said(response)}, shape, USER, index)


def _said(response: Place) -> Held:
    """The text of a result: Gemini wants an object, and one that holds only an output text is that text."""
    output = response.text("output")
    if output and len(response.value) == 1:
        return output
    return response.held().as_(json.dumps(response.value, ensure_ascii=False, separators=(",", ":")))


def _read_tools(source: Source, middle: Middle) -> None:
    tools = source.child("tools")
    for tool in tools.items() if tools else ():
        for field in tool.value if isinstance(tool.value, dict) else ():
            if field != "functionDeclarations":
                source.why(f"{tool.pointer}/{field}", "tool")
        declared = tool.child("functionDeclarations")
        for place in declared.items() if declared else ():
            if name := place.text("name"):
                middle.tools.append(_tool(place, name, len(middle.tools)))


def _tool(place: Place, name: Held, index: int) -> Piece:
    facts = {"name": name}
    if held := place.text("description"):
        facts["description"] = held
    schema = place.child("parametersJsonSchema") or place.child("parameters")
    if schema and isinstance(schema.value, dict):
        facts["schema"] = schema.held().as_(lowered(schema.value))
    return Piece("tool", facts, turn=index)


def lowered(schema: Any) -> Any:
    """A schema in Gemini's own dialect as JSON Schema: there types are written in capitals."""
    if isinstance(schema, list):
        return [lowered(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.lower() if name == "type" and isinstance(value, str) and value in TYPES else lowered(value)
        for name, value in schema.items()
    }


def _read_choice(source: Source, middle: Middle) -> None:
    config = source.down("toolConfig", "functionCallingConfig")
    mode = config.text("mode") if config else None
    if config is None or mode is None or mode.value not in MODES:
        return
    names = config.child("allowedFunctionNames")
    if mode.value == "ANY" and names and isinstance(names.value, list) and len(names.value) == 1:
        only = next(names.items())
        if isinstance(only.value, str):
            middle.settings["tool_name"] = Held(only.value, (only.pointer, *mode.at))
            return
    middle.settings["tool_mode"] = mode.as_(MODES[mode.value])


def _read_thinking(source: Source, middle: Middle) -> None:
    config = source.down(CONFIG, "thinkingConfig")
    if config is None:
        return
    level, budget = config.text("thinkingLevel"), config.child("thinkingBudget")
    if level and level.value.lower() in LEVELS:
        middle.settings["effort"] = level.as_(level.value.lower())
    if budget and is_whole(budget.value):
        middle.settings["budget"] = budget.held()


def _read_format(source: Source, middle: Middle) -> None:
    config = source.child(CONFIG)
    mime = config.text("responseMimeType") if config else None
    if config is None or mime is None:
        return
    schema = config.child("responseJsonSchema") or config.child("responseSchema")
    if mime.value == "text/plain":
        middle.settings["format"] = mime.as_("text")
    elif mime.value == JSON and schema and isinstance(schema.value, dict):
        middle.settings["format"] = mime.as_("json_schema")
        middle.settings["format_schema"] = schema.held().as_(lowered(schema.value))
    elif mime.value == JSON:
        middle.settings["format"] = mime.as_("json_object")


def _system_part(out: Written, piece: Piece) -> dict[str, Any]:
    out.shape(piece)
    if voice := piece.facts.get("voice"):
        out.leave(voice, "role")
    return {"text": out.use(piece.facts["text"])}


def _contents(out: Written, middle: Middle) -> list[dict[str, Any]]:
    names = {piece.value("id"): piece.value("name") for piece in middle.said if piece.kind == "tool_call"}
    written: list[dict[str, Any]] = []
    for role, pieces in middle.turns():
        if role == SYSTEM:
            for piece in pieces:
                out.leave(piece, "late_system")
            continue
        parts = [part for piece in pieces if (part := _write_part(out, piece, names, len(written)))]
        if parts:
            written.append({"role": "model" if role == ASSISTANT else "user", "parts": parts})
    return written


def _write_part(out: Written, piece: Piece, names: dict[Any, Any], index: int) -> dict[str, Any] | None:
    match piece.kind:
        case "text":
            out.shape(piece)
            return {"text": out.use(piece.facts["text"])}
        case "tool_call" if "arguments_text" not in piece.facts:
            out.shape(piece)
            held = piece.facts.get("arguments")
            given = {"args": out.use(held)} if held else {}
            return {"functionCall": {**out.fact(piece, "id"), **out.fact(piece, "name"), **given}}
        case "tool_call":
            out.leave(piece, "not_json")
            return None
        case "tool_result":
            out.shape(piece)
            name = names.get(piece.value("id"), piece.value("id"))
            response = {"output": out.use(piece.facts["text"])}
            return {"functionResponse": {**out.fact(piece, "id"), "name": name, "response": response}}
    if "data" in piece.facts:
        out.shape(piece)
        return {"inlineData": {**out.fact(piece, "mime", "mimeType"), **out.fact(piece, "data")}}
    if "url" in piece.facts:
        return {"fileData": _file(out, piece, index)}
    out.leave(piece, "file")
    return None


def _file(out: Written, piece: Piece, index: int) -> dict[str, Any]:
    out.shape(piece)
    mime = out.fact(piece, "mime", "mimeType")
    if not mime:
        guess = media.guessed(piece.value("url"))
        is_fit = guess and media.kind_of(guess) == piece.kind
        mime = {"mimeType": guess if is_fit else media.USUAL[piece.kind]}
        out.add(f"/contents/{index}/parts", "mime")
    return {**mime, "fileUri": out.use(piece.facts["url"])}


def _declaration(out: Written, tool: Piece) -> dict[str, Any]:
    out.shape(tool)
    return {
        **out.fact(tool, "name"),
        **out.fact(tool, "description"),
        **out.fact(tool, "schema", "parametersJsonSchema"),
    }


def _write_choice(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    name, mode = middle.settings.get("tool_name"), middle.settings.get("tool_mode")
    path = ("toolConfig", "functionCallingConfig")
    if name:
        put(body, path, {"mode": "ANY", "allowedFunctionNames": [out.use(name)]})
    elif mode:
        put(body, path, {"mode": out.use(mode).upper()})


def _write_thinking(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    effort, budget = middle.settings.get("effort"), middle.settings.get("budget")
    path = (CONFIG, "thinkingConfig")
    if budget:
        put(body, (*path, "thinkingBudget"), out.use(budget))
    if effort and effort.value in LEVELS:
        put(body, (*path, "thinkingLevel"), out.use(effort).upper())
    elif effort:
        out.leave(effort, "value")


def _write_format(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    held = middle.settings.get("format")
    if held is None:
        return
    kind = out.use(held)
    put(body, (CONFIG, "responseMimeType"), "text/plain" if kind == "text" else JSON)
    if kind == "json_schema":
        put(body, (CONFIG, "responseJsonSchema"), out.use(middle.settings["format_schema"]))
