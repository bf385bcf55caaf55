"""Anthropic's messages."""

from typing import Any

from playground.turning import common, media
from playground.turning.middle import ASSISTANT, SYSTEM, USER, Middle, Piece, is_whole, settings_in
from playground.turning.source import Held, Place, Source
from playground.turning.written import Written, put

PATHS = {
    "model": ("model",), "max_output": ("max_tokens",), "temperature": ("temperature",), "top_p": ("top_p",),
    "top_k": ("top_k",), "stop": ("stop_sequences",), "stream": ("stream",), "user": ("metadata", "user_id"),
}  # fmt: skip
EFFORTS = {"low", "medium", "high", "xhigh", "max"}
USUAL_LIMIT = 4096
# A budget that the model sets itself, and none, as Gemini spells them.
OWN_BUDGET, NO_BUDGET = -1, 0
SMALLEST_BUDGET = 1024
PDF = "application/pdf"


def read(source: Source) -> Middle:
    """What a message asks for."""
    middle = Middle(settings_in(source, PATHS))
    common.read_effort(source.down("output_config", "effort"), EFFORTS, middle)
    if not _is_in_range(middle.settings.get("temperature")):
        del middle.settings["temperature"]
        source.why("/temperature", "shape")
    _read_system(source, middle)
    messages = source.child("messages")
    for index, message in enumerate(messages.items() if messages else ()):
        if message.kind("role") in (USER, ASSISTANT):
            _read_message(source, middle, message, index)
    tools = source.child("tools")
    for index, place in enumerate(tools.items() if tools else ()):
        if tool := _tool(place, index):
            middle.tools.append(tool)
        else:
            source.why(place, "tool")
    _read_choice(source, middle)
    _read_thinking(source, middle)
    form = source.down("output_config", "format")
    common.read_format(form, form, middle)
    return middle


def write(middle: Middle, out: Written) -> dict[str, Any]:
    """A message that asks for the same."""
    if not _is_in_range(middle.settings.get("temperature")):
        out.leave(middle.settings.pop("temperature"), "range")
    body = out.settings(middle, PATHS)
    if "max_tokens" not in body:
        body["max_tokens"] = USUAL_LIMIT
        out.add("/max_tokens", "max_tokens")
    if middle.system:
        body["system"] = _system(out, middle.system)
    body["messages"] = [message for role, pieces in middle.turns() if (message := _message(out, role, pieces))]
    if middle.tools:
        body["tools"] = [_write_tool(out, tool, index) for index, tool in enumerate(middle.tools)]
    _write_choice(out, middle, body)
    _write_thinking(out, middle, body)
    _write_format(out, middle, body)
    return body


def _is_in_range(heat: Held | None) -> bool:
    return heat is None or 0 <= heat.value <= 1


def _read_system(source: Source, middle: Middle) -> None:
    system = source.child("system")
    if system and isinstance(system.value, str):
        middle.system.append(Piece("text", {"text": system.held()}, role=SYSTEM, turn=-1))
    for part in system.items() if system else ():
        text = part.text("text")
        if text and part.kind() == "text":
            middle.system.append(Piece("text", {"text": text}, part.leaf("type"), SYSTEM, -1))


def _read_message(source: Source, middle: Middle, message: Place, index: int) -> None:
    role, content, shape = message.kind("role"), message.child("content"), message.leaf("role")
    if content is None:
        return
    if isinstance(content.value, str):
        middle.said.append(Piece("text", {"text": content.held()}, shape, role, index))
    for block in content.items():
        if piece := _block(block, shape, role, index):
            middle.said.append(piece)
        else:
            source.why(block, "thinking" if "thinking" in block.kind() else "no_place")


def _block(block: Place, shape: tuple[str, ...], role: str, index: int) -> Piece | None:
    shape = (*shape, *block.leaf("type"))
    match block.kind():
        case "text" if text := block.text("text"):
            return Piece("text", {"text": text}, shape, role, index)
        case "image" if role == USER and (source := block.child("source")):
            return _medium(source, "image", {}, shape, index)
        case "document" if role == USER and (source := block.child("source")):
            title = block.text("title")
            return _medium(source, "file", {"name": title} if title else {}, shape, index)
        case "tool_use" if role == ASSISTANT and (name := block.text("name")):
            given, id = block.child("input"), block.text("id")
            facts = {"name": name, **({"id": id} if id else {})}
            if given and isinstance(given.value, dict):
                facts["arguments"] = given.held()
            return Piece("tool_call", facts, shape, role, index)
        case "tool_result" if role == USER and (id := block.text("tool_use_id")):
            content = block.child("content")
            text = common.joined_text(content, ("text",)) if content else Held("")
            return Piece("tool_result", {"id": id, "text": text}, shape, role, index) if text else None
    return None


def _medium(source: Place, kind: str, more: dict[str, Held], shape: tuple[str, ...], index: int) -> Piece | None:
    shape = (*shape, *source.leaf("type"))
    if source.kind() == "url" and (url := source.text("url")) and not url.value.startswith((media.MARK, "data:")):
        return Piece(kind, {"url": url, **more}, shape, USER, index)
    mime, data = source.text("media_type"), source.text("data")
    if source.kind() != "base64" or mime is None or data is None or not media.is_mime(mime.value):
        return None
    spelled = mime.as_(media.same(mime.value))
    return Piece(media.kind_of(spelled.value), {"mime": spelled, "data": data, **more}, shape, USER, index)


def _tool(place: Place, index: int) -> Piece | None:
    name, schema = place.text("name"), place.child("input_schema")
    if name is None or place.kind() not in ("", "custom") or schema is None or not isinstance(schema.value, dict):
        return None
    facts = {"name": name, "schema": schema.held()}
    if held := place.text("description"):
        facts["description"] = held
    strict = place.child("strict")
    if strict and isinstance(strict.value, bool):
        facts["strict"] = strict.held()
    return Piece("tool", facts, place.leaf("type"), turn=index)


def _read_choice(source: Source, middle: Middle) -> None:
    choice = source.child("tool_choice")
    if choice is None:
        return
    kind, shape = choice.kind(), choice.leaf("type")
    if kind in ("auto", "any", "none"):
        middle.settings["tool_mode"] = Held(kind, shape)
    elif kind == "tool" and (name := choice.text("name")):
        middle.settings["tool_name"] = Held(name.value, (*name.at, *shape))
    else:
        return
    single = choice.child("disable_parallel_tool_use")
    if single and isinstance(single.value, bool) and kind != "none":
        middle.settings["parallel"] = single.held().as_(not single.value)


def _read_thinking(source: Source, middle: Middle) -> None:
    thinking = source.child("thinking")
    if thinking is None:
        return
    shape, budget = thinking.leaf("type"), thinking.child("budget_tokens")
    match thinking.kind():
        case "enabled" if budget and is_whole(budget.value) and budget.value >= SMALLEST_BUDGET:
            middle.settings["budget"] = budget.held().as_(budget.value, *shape)
        case "adaptive":
            middle.settings["budget"] = Held(OWN_BUDGET, shape)
        case "disabled":
            middle.settings["budget"] = Held(NO_BUDGET, shape)


def _system(out: Written, pieces: list[Piece]) -> Any:
    for piece in pieces:
        out.shape(piece)
        if voice := piece.facts.get("voice"):
            out.leave(voice, "role")
    texts = [out.use(piece.facts["text"]) for piece in pieces]
    return texts[0] if len(texts) == 1 else [{"type": "text", "text": text} for text in texts]


def _message(out: Written, role: str, pieces: list[Piece]) -> dict[str, Any] | None:
    if role == SYSTEM:
        for piece in pieces:
            out.leave(piece, "late_system")
        return None
    blocks = [block for piece in pieces if (block := _write_block(out, piece))]
    if not blocks:
        return None
    alone = len(blocks) == 1 and blocks[0]["type"] == "text"
    return {"role": role, "content": blocks[0]["text"] if alone else blocks}


def _write_block(out: Written, piece: Piece) -> dict[str, Any] | None:
    match piece.kind:
        case "text":
            out.shape(piece)
            return {"type": "text", "text": out.use(piece.facts["text"])}
        case "tool_call":
            return _write_call(out, piece)
        case "tool_result":
            out.shape(piece)
            if held := piece.facts.get("name"):
                out.leave(held, "by_id")
            id = common.call_id(out, piece, "call_1", "/messages")
            return {"type": "tool_result", "tool_use_id": id, "content": out.use(piece.facts["text"])}
        case "image" if piece.facts.keys() & {"url", "data"}:
            out.shape(piece)
            return {"type": "image", "source": _write_source(out, piece)}
        case "file" if "url" in piece.facts or piece.value("mime") == PDF:
            out.shape(piece)
            return {"type": "document", **out.fact(piece, "name", "title"), "source": _write_source(out, piece)}
    out.leave(piece, piece.kind if piece.kind in ("audio", "image", "video") else "file")
    return None


def _write_call(out: Written, piece: Piece) -> dict[str, Any] | None:
    if "arguments_text" in piece.facts:
        out.leave(piece, "not_json")
        return None
    out.shape(piece)
    id = common.call_id(out, piece, "call_1", "/messages")
    held = piece.facts.get("arguments")
    return {"type": "tool_use", "id": id, **out.fact(piece, "name"), "input": out.use(held) if held else {}}


def _write_source(out: Written, piece: Piece) -> dict[str, Any]:
    if "data" in piece.facts:
        facts = piece.facts
        return {"type": "base64", "media_type": out.use(facts["mime"]), "data": out.use(facts["data"])}
    return {"type": "url", "url": out.use(piece.facts["url"])}


def _write_tool(out: Written, tool: Piece, index: int) -> dict[str, Any]:
    out.shape(tool)
    held = tool.facts.get("schema")
    schema = out.use(held) if held else {"type": "object", "properties": {}}
    if held is None:
        out.add(f"/tools/{index}/input_schema", "parameters")
    return {
        **out.fact(tool, "name"),
        **out.fact(tool, "description"),
        "input_schema": schema,
        **out.fact(tool, "strict"),
    }


def _write_choice(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    name, mode, parallel = (middle.settings.get(one) for one in ("tool_name", "tool_mode", "parallel"))
    if name:
        body["tool_choice"] = {"type": "tool", "name": out.use(name)}
    elif mode:
        body["tool_choice"] = {"type": out.use(mode)}
    elif parallel and parallel.value is False:
        body["tool_choice"] = {"type": "auto"}
        out.add("/tool_choice/type", "tool_choice")
    choice = body.get("tool_choice")
    if parallel and choice and choice["type"] != "none":
        choice["disable_parallel_tool_use"] = not out.use(parallel)


def _write_thinking(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    if effort := middle.settings.get("effort"):
        if effort.value in EFFORTS:
            put(body, ("output_config", "effort"), out.use(effort))
        else:
            out.leave(effort, "value")
    budget = middle.settings.get("budget")
    if budget is None:
        return
    if budget.value == OWN_BUDGET:
        body["thinking"] = {"type": "adaptive"}
    elif budget.value == NO_BUDGET:
        body["thinking"] = {"type": "disabled"}
    elif budget.value >= SMALLEST_BUDGET:
        body["thinking"] = {"type": "enabled", "budget_tokens": budget.value}
    else:
        out.leave(budget, "range")
        return
    out.use(budget)


def _write_format(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    held = middle.settings.get("format")
    if held is None:
        return
    if held.value != "json_schema":
        out.leave(held, "no_format")
        return
    schema = middle.settings["format_schema"]
    put(body, ("output_config", "format"), {"type": out.use(held), "schema": out.use(schema)})
