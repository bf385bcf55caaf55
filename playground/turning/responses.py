"""Responses."""

from typing import Any

from playground.turning import common, media
from playground.turning.middle import ASSISTANT, SYSTEM, USER, Middle, Piece, settings_in
from playground.turning.source import Held, Place, Source
from playground.turning.written import Written, put

PATHS = {
    "model": ("model",), "max_output": ("max_output_tokens",), "temperature": ("temperature",), "top_p": ("top_p",),
    "stream": ("stream",), "top_logprobs": ("top_logprobs",), "parallel": ("parallel_tool_calls",), "user": ("user",),
    "metadata": ("metadata",), "store": ("store",), "service_tier": ("service_tier",),
    "safety_identifier": ("safety_identifier",), "cache_key": ("prompt_cache_key",),
    "cache_retention": ("prompt_cache_retention",), "verbosity": ("text", "verbosity"),
}  # fmt: skip
SYSTEM_ROLES = ("system", "developer")
TEXTS = ("input_text", "output_text", "text")


def read(source: Source) -> Middle:
    """What a response is asked for."""
    middle = Middle(settings_in(source, PATHS))
    common.read_effort(source.down("reasoning", "effort"), common.EFFORTS, middle)
    if instructions := source.text("instructions"):
        middle.system.append(Piece("text", {"text": instructions}, role=SYSTEM, turn=-1))
    given = source.child("input")
    if given and isinstance(given.value, str):
        middle.said.append(Piece("text", {"text": given.held()}))
    for index, item in enumerate(given.items() if given else ()):
        _read_item(source, middle, item, index)
    tools = source.child("tools")
    for index, place in enumerate(tools.items() if tools else ()):
        tool = common.read_function(place, place, index) if place.kind() == "function" else None
        if tool:
            middle.tools.append(tool)
        else:
            source.why(place, "tool")
    common.read_choice(source, middle, source.child("tool_choice"))
    form = source.down("text", "format")
    common.read_format(form, form, middle)
    return middle


def write(middle: Middle, out: Written) -> dict[str, Any]:
    """A response that asks for the same."""
    body = out.settings(middle, PATHS)
    if effort := common.write_effort(out, middle):
        put(body, ("reasoning", "effort"), effort)
    items: list[dict[str, Any]] = []
    if len(middle.system) == 1 and "voice" not in middle.system[0].facts:
        out.shape(middle.system[0])
        body["instructions"] = out.use(middle.system[0].facts["text"])
    else:
        items += [_system(out, piece) for piece in middle.system]
    for role, pieces in middle.turns():
        items += _items(out, role, pieces, len(items))
    _look_closely(out, items)
    body["input"] = items
    if middle.tools:
        body["tools"] = [_write_tool(out, tool, index) for index, tool in enumerate(middle.tools)]
    if name := middle.settings.get("tool_name"):
        body["tool_choice"] = {"type": "function", "name": out.use(name)}
    elif word := common.write_choice(out, middle):
        body["tool_choice"] = word
    if held := middle.settings.get("format"):
        kind = out.use(held)
        schema = common.write_schema(out, middle, "/text/format") if kind == "json_schema" else {}
        put(body, ("text", "format"), {"type": kind, **schema})
    return body


def _read_item(source: Source, middle: Middle, item: Place, index: int) -> None:
    kind = item.kind()
    if kind == "message" or (not item.leaf("type") and item.leaf("role")):
        _read_message(source, middle, item, index)
    elif kind == "function_call":
        if name := item.text("name"):
            facts = {"name": name, **common.arguments_of(item.child("arguments"))}
            if held := item.text("call_id"):
                facts["id"] = held
            middle.said.append(Piece("tool_call", facts, item.leaf("type"), ASSISTANT, index))
    elif kind == "function_call_output":
        id, text = item.text("call_id"), common.joined_text(item.child("output"), TEXTS)
        if id and text:
            middle.said.append(Piece("tool_result", {"id": id, "text": text}, item.leaf("type"), USER, index))
        else:
            source.why(item, "shape")
    else:
        source.why(item, "thinking" if kind == "reasoning" else "tool")


def _read_message(source: Source, middle: Middle, item: Place, index: int) -> None:
    role, content = item.kind("role"), item.child("content")
    if content is None or role not in (USER, ASSISTANT, *SYSTEM_ROLES):
        source.why(item, "shape")
        return
    shape = (*item.leaf("type"), *(item.leaf("role") if role != "developer" else ()))
    voice = {"voice": Held(role, item.leaf("role"))} if role == "developer" else {}
    is_system = role in SYSTEM_ROLES
    place = middle.system if is_system and not middle.said else middle.said
    said_by = SYSTEM if is_system else role
    if isinstance(content.value, str):
        place.append(Piece("text", {"text": content.held(), **voice}, shape, said_by, index))
    for part in content.items():
        if piece := _part(part, shape, said_by, index, voice):
            place.append(piece)
        else:
            source.why(part, "shape")


def _part(part: Place, shape: tuple[str, ...], role: str, index: int, voice: dict[str, Held]) -> Piece | None:
    shape = (*shape, *part.leaf("type"))
    kind = part.kind()
    if kind in TEXTS:
        text = part.text("text")
        return Piece("text", {"text": text, **voice}, shape, role, index) if text else None
    if role != USER:
        return None
    if kind == "input_image":
        url, file_id, detail = part.text("image_url"), part.text("file_id"), part.text("detail")
        more = {"detail": detail} if detail else {}
        if url:
            found, facts = media.from_address(url, "image")
            return Piece(found, {**facts, **more}, shape, role, index)
        return Piece("image", {"file_id": file_id, **more}, shape, role, index) if file_id else None
    return _file(part, shape, role, index) if kind == "input_file" else None


def _file(part: Place, shape: tuple[str, ...], role: str, index: int) -> Piece | None:
    named = (("name", "filename"), ("file_id", "file_id"), ("url", "file_url"))
    facts = {name: held for name, member in named if (held := part.text(member))}
    data = part.text("file_data")
    if data and (data.value.startswith(media.MARK) or data.value.startswith("data:")):
        _kind, more = media.from_address(data, "file")
        if "data" in more:
            facts = {name: held for name, held in facts.items() if name != "url"} | more
    return Piece("file", facts, shape, role, index) if facts.keys() & {"data", "file_id", "url"} else None


def _system(out: Written, piece: Piece) -> dict[str, Any]:
    out.shape(piece)
    voice = piece.facts.get("voice")
    return {"role": out.use(voice) if voice else "system", "content": out.use(piece.facts["text"])}


def _items(out: Written, role: str, pieces: list[Piece], count: int) -> list[dict[str, Any]]:
    """One turn as items: calls and results are items of their own, in their place."""
    if role == SYSTEM:
        return [_system(out, piece) for piece in pieces]
    written: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for piece in pieces:
        if piece.kind in ("tool_call", "tool_result"):
            _close(written, role, parts)
            written.append(_tool_item(out, piece, count + len(written)))
        elif part := _write_part(out, piece, role):
            parts.append(part)
    _close(written, role, parts)
    return written


def _look_closely(out: Written, items: list[dict[str, Any]]) -> None:
    """Every picture says how closely to look at it."""
    for number, item in enumerate(items):
        content = item.get("content")
        for index, part in enumerate(content if isinstance(content, list) else ()):
            if part["type"] == "input_image" and "detail" not in part:
                part["detail"] = "auto"
                out.add(f"/input/{number}/content/{index}/detail", "detail")


def _write_tool(out: Written, tool: Piece, index: int) -> dict[str, Any]:
    """A function, which here is strict unless it says that it is not."""
    written = {"type": "function", **common.write_function(out, tool)}
    if "strict" not in written:
        written["strict"] = False
        out.add(f"/tools/{index}/strict", "strict")
    if "parameters" not in written:
        written["parameters"] = {"type": "object", "properties": {}}
        out.add(f"/tools/{index}/parameters", "parameters")
    return written


def _close(written: list[dict[str, Any]], role: str, parts: list[dict[str, Any]]) -> None:
    """What was said up to here becomes a message; a single text stands by itself."""
    if not parts:
        return
    alone = len(parts) == 1 and "text" in parts[0]
    written.append({"role": role, "content": parts[0]["text"] if alone else list(parts)})
    parts.clear()


def _tool_item(out: Written, piece: Piece, index: int) -> dict[str, Any]:
    out.shape(piece)
    id = common.call_id(out, piece, "call_1", f"/input/{index}/call_id")
    if piece.kind == "tool_call":
        arguments = common.arguments_text(out, piece)
        return {"type": "function_call", "call_id": id, **out.fact(piece, "name"), "arguments": arguments}
    if held := piece.facts.get("name"):
        out.leave(held, "by_id")
    return {"type": "function_call_output", "call_id": id, "output": out.use(piece.facts["text"])}


def _write_part(out: Written, piece: Piece, role: str) -> dict[str, Any] | None:
    if piece.kind == "text":
        out.shape(piece)
        return {"type": "output_text" if role == ASSISTANT else "input_text", "text": out.use(piece.facts["text"])}
    written = _medium(out, piece) if role == USER else None
    if written is None:
        out.leave(piece, piece.kind if piece.kind in ("audio", "image", "video") else "file")
        return None
    out.shape(piece)
    return written


def _medium(out: Written, piece: Piece) -> dict[str, Any] | None:
    has_data = "data" in piece.facts
    if piece.kind == "image":
        address = {"image_url": _address(out, piece)} if has_data else out.fact(piece, "url", "image_url")
        return {"type": "input_image", **out.fact(piece, "file_id"), **address, **out.fact(piece, "detail")}
    if piece.kind == "file":
        data = {"file_data": _address(out, piece)} if has_data else {}
        address = {**out.fact(piece, "url", "file_url"), **out.fact(piece, "file_id"), **data}
        return {"type": "input_file", **out.fact(piece, "name", "filename"), **address} if address else None
    return None


def _address(out: Written, piece: Piece) -> str:
    return media.address_of(out.use(piece.facts["mime"]), out.use(piece.facts["data"]))
