"""Chat completions."""

from itertools import groupby
from typing import Any

from playground.turning import common, media
from playground.turning.middle import ASSISTANT, SYSTEM, USER, Middle, Piece, settings_in
from playground.turning.source import Held, Place, Source
from playground.turning.written import Written, put

PATHS = {
    "model": ("model",), "max_output": ("max_completion_tokens",), "temperature": ("temperature",), "top_p": ("top_p",),
    "seed": ("seed",), "presence_penalty": ("presence_penalty",), "frequency_penalty": ("frequency_penalty",),
    "candidates": ("n",), "stream": ("stream",), "logprobs": ("logprobs",), "top_logprobs": ("top_logprobs",),
    "parallel": ("parallel_tool_calls",), "user": ("user",), "metadata": ("metadata",), "store": ("store",),
    "service_tier": ("service_tier",), "safety_identifier": ("safety_identifier",), "cache_key": ("prompt_cache_key",),
    "cache_retention": ("prompt_cache_retention",), "verbosity": ("verbosity",), "stop": ("stop",),
    "top_k": ("top_k",),
}  # fmt: skip
SYSTEM_ROLES = ("system", "developer")


def read(source: Source) -> Middle:
    """What a chat completion asks for."""
    middle = Middle(settings_in(source, PATHS))
    common.read_effort(source.child("reasoning_effort"), common.EFFORTS, middle)
    _read_limit(source, middle)
    stop = source.text("stop")
    if stop:
        middle.settings["stop"] = stop.as_([stop.value])
    _read_messages(source, middle)
    tools = source.child("tools")
    for index, place in enumerate(tools.items() if tools else ()):
        function = place.child("function")
        tool = common.read_function(place, function, index) if place.kind() == "function" and function else None
        if tool:
            middle.tools.append(tool)
        else:
            source.why(place, "tool")
    choice = source.down("tool_choice", "function")
    common.read_choice(source, middle, choice)
    form = source.child("response_format")
    common.read_format(form, form.child("json_schema") if form else None, middle)
    for name in ("functions", "function_call"):
        source.why(f"/{name}", "twice")
    return middle


def write(middle: Middle, out: Written) -> dict[str, Any]:
    """A chat completion that asks for the same."""
    body = out.settings(middle, PATHS)
    if effort := common.write_effort(out, middle):
        body["reasoning_effort"] = effort
    written = [_system(out, piece) for piece in middle.system]
    for role, pieces in middle.turns():
        written += _messages(out, role, pieces, len(written))
    body["messages"] = written
    if middle.tools:
        body["tools"] = [{"type": "function", "function": common.write_function(out, tool)} for tool in middle.tools]
    _write_choice(out, middle, body)
    _write_format(out, middle, body)
    return body


def _read_limit(source: Source, middle: Middle) -> None:
    old = settings_in(source, {"max_output": ("max_tokens",)})
    if "max_output" in middle.settings:
        source.why("/max_tokens", "twice")
    else:
        middle.settings.update(old)


def _read_messages(source: Source, middle: Middle) -> None:
    messages = source.child("messages")
    for index, message in enumerate(messages.items() if messages else ()):
        role = message.kind("role")
        if role in SYSTEM_ROLES:
            _read_system(source, middle, message, role, index)
        elif role in (USER, ASSISTANT):
            _read_content(source, middle, message, role, index)
            if role == ASSISTANT:
                _read_calls(source, middle, message, index)
        elif role == "tool":
            _read_result(source, middle, message, index)
        elif role == "function":
            source.why(message, "twice")


def _read_system(source: Source, middle: Middle, message: Place, role: str, index: int) -> None:
    is_late = bool(middle.said)
    shape = message.leaf("role") if role == "system" else ()
    voice = {"voice": Held(role, message.leaf("role"))} if role == "developer" else {}
    for facts, part_shape in _texts(message):
        piece = Piece("text", {**facts, **voice}, (*shape, *part_shape), SYSTEM, index)
        (middle.said if is_late else middle.system).append(piece)


def _read_content(source: Source, middle: Middle, message: Place, role: str, index: int) -> None:
    content, shape = message.child("content"), message.leaf("role")
    if content is None:
        return
    if isinstance(content.value, str):
        middle.said.append(Piece("text", {"text": content.held()}, shape, role, index))
    for part in content.items():
        if piece := _part(source, part, shape, role, index):
            middle.said.append(piece)


def _part(source: Source, part: Place, shape: tuple[str, ...], role: str, index: int) -> Piece | None:
    shape = (*shape, *part.leaf("type"))
    match part.kind():
        case "text" if text := part.text("text"):
            return Piece("text", {"text": text}, shape, role, index)
        case "image_url" if role == USER and (image := part.child("image_url")) and (url := image.text("url")):
            kind, facts = media.from_address(url, "image")
            detail = image.text("detail")
            return Piece(kind, {**facts, **({"detail": detail} if detail else {})}, shape, role, index)
        case "video_url" if role == USER and (video := part.child("video_url")) and (url := video.text("url")):
            kind, facts = media.from_address(url, "video")
            return Piece(kind, facts, shape, role, index)
        case "input_audio" if role == USER and (sound := part.child("input_audio")):
            return _sound(sound, shape, role, index)
        case "file" if role == USER and (file := part.child("file")):
            return _file(file, shape, role, index)
    source.why(part, "shape")
    return None


def _sound(sound: Place, shape: tuple[str, ...], role: str, index: int) -> Piece | None:
    data, form = sound.text("data"), sound.text("format")
    if data is None or form is None or form.value not in media.FORMATS:
        return None
    return Piece("audio", {"mime": form.as_(media.FORMATS[form.value]), "data": data}, shape, role, index)


def _file(file: Place, shape: tuple[str, ...], role: str, index: int) -> Piece | None:
    facts = {name: held for name, held in (("name", file.text("filename")), ("file_id", file.text("file_id"))) if held}
    data = file.text("file_data")
    if data and (data.value.startswith(media.MARK) or data.value.startswith("data:")):
        _kind, more = media.from_address(data, "file")
        facts |= more
    return Piece("file", facts, shape, role, index) if "data" in facts or "file_id" in facts else None


def _read_calls(source: Source, middle: Middle, message: Place, index: int) -> None:
    calls = message.child("tool_calls")
    source.why(f"{message.pointer}/function_call", "twice")
    for field in ("reasoning_content", "reasoning", "reasoning_details"):
        source.why(f"{message.pointer}/{field}", "thinking")
    for call in calls.items() if calls else ():
        function = call.child("function")
        name = function.text("name") if function else None
        if call.kind() not in ("function", "") or function is None or name is None:
            source.why(call, "tool")
            continue
        facts = {"name": name, **common.arguments_of(function.child("arguments"))}
        if held := call.text("id"):
            facts["id"] = held
        shape = (*message.leaf("role"), *call.leaf("type"))
        middle.said.append(Piece("tool_call", facts, shape, ASSISTANT, index))


def _read_result(source: Source, middle: Middle, message: Place, index: int) -> None:
    id, text = message.text("tool_call_id"), common.joined_text(message.child("content"), ("text",))
    if id is None or text is None:
        source.why(message, "shape")
        return
    middle.said.append(Piece("tool_result", {"id": id, "text": text}, message.leaf("role"), USER, index))


def _texts(message: Place) -> list[tuple[dict[str, Held], tuple[str, ...]]]:
    """The texts of a content, each with the shape of its part."""
    content = message.child("content")
    if content is None:
        return []
    if isinstance(content.value, str):
        return [({"text": content.held()}, ())]
    parts = [(part.text("text"), part.leaf("type")) for part in content.items() if part.kind() == "text"]
    return [({"text": text}, shape) for text, shape in parts if text]


def _system(out: Written, piece: Piece) -> dict[str, Any]:
    out.shape(piece)
    voice = piece.facts.get("voice")
    return {"role": out.use(voice) if voice else "system", "content": out.use(piece.facts["text"])}


def _messages(out: Written, role: str, pieces: list[Piece], count: int) -> list[dict[str, Any]]:
    """One turn as messages: results of tools are messages of their own, in their place."""
    if role == SYSTEM:
        return [_system(out, piece) for piece in pieces]
    if role == ASSISTANT:
        return [_assistant(out, pieces, count)]
    written: list[dict[str, Any]] = []
    for is_result, group in groupby(pieces, key=lambda piece: piece.kind == "tool_result"):
        if is_result:
            written += [_result(out, piece, count + len(written)) for piece in group]
        elif parts := [part for piece in group if (part := _write_part(out, piece))]:
            written.append({"role": "user", "content": _content(parts)})
    return written


def _assistant(out: Written, pieces: list[Piece], count: int) -> dict[str, Any]:
    parts = [part for piece in pieces if piece.kind != "tool_call" and (part := _write_part(out, piece, ASSISTANT))]
    message: dict[str, Any] = {"role": "assistant", "content": _content(parts) if parts else None}
    calls = [piece for piece in pieces if piece.kind == "tool_call"]
    if calls:
        message["tool_calls"] = [
            _call(out, piece, f"/messages/{count}/tool_calls/{index}", index) for index, piece in enumerate(calls)
        ]
        if not parts:
            del message["content"]
    return message


def _call(out: Written, piece: Piece, pointer: str, index: int) -> dict[str, Any]:
    out.shape(piece)
    id = common.call_id(out, piece, f"call_{index + 1}", f"{pointer}/id")
    function = {**out.fact(piece, "name"), "arguments": common.arguments_text(out, piece)}
    return {"id": id, "type": "function", "function": function}


def _result(out: Written, piece: Piece, index: int) -> dict[str, Any]:
    out.shape(piece)
    if held := piece.facts.get("name"):
        out.leave(held, "by_id")
    id = common.call_id(out, piece, "call_1", f"/messages/{index}/tool_call_id")
    return {"role": "tool", "tool_call_id": id, "content": out.use(piece.facts["text"])}


def _write_part(out: Written, piece: Piece, role: str = USER) -> dict[str, Any] | None:
    if piece.kind == "text":
        out.shape(piece)
        return {"type": "text", "text": out.use(piece.facts["text"])}
    written = _medium(out, piece) if role == USER else None
    if written is None:
        out.leave(piece, piece.kind if piece.kind in ("audio", "image", "video") else "file")
        return None
    out.shape(piece)
    return written


def _medium(out: Written, piece: Piece) -> dict[str, Any] | None:
    has_data = "data" in piece.facts
    match piece.kind:
        case "image" if has_data or "url" in piece.facts:
            return {"type": "image_url", "image_url": {"url": _address(out, piece), **out.fact(piece, "detail")}}
        case "video" if has_data or "url" in piece.facts:
            return {"type": "video_url", "video_url": {"url": _address(out, piece)}}
        case "audio" if has_data and piece.value("mime") in media.FORMATS.values():
            mime = out.use(piece.facts["mime"])
            form = next(name for name, known in media.FORMATS.items() if known == mime)
            return {"type": "input_audio", "input_audio": {"data": out.use(piece.facts["data"]), "format": form}}
        case "file" if has_data or "file_id" in piece.facts:
            file = {**out.fact(piece, "name", "filename"), **out.fact(piece, "file_id")}
            return {"type": "file", "file": {**file, **({"file_data": _address(out, piece)} if has_data else {})}}
    return None


def _address(out: Written, piece: Piece) -> str:
    if "data" not in piece.facts:
        return str(out.use(piece.facts["url"]))
    return media.address_of(out.use(piece.facts["mime"]), out.use(piece.facts["data"]))


def _content(parts: list[dict[str, Any]]) -> Any:
    """A single text stands by itself, as people write it."""
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts


def _write_choice(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    if name := middle.settings.get("tool_name"):
        body["tool_choice"] = {"type": "function", "function": {"name": out.use(name)}}
    elif word := common.write_choice(out, middle):
        body["tool_choice"] = word


def _write_format(out: Written, middle: Middle, body: dict[str, Any]) -> None:
    held = middle.settings.get("format")
    if held is None:
        return
    kind = out.use(held)
    put(body, ("response_format", "type"), kind)
    if kind == "json_schema":
        pointer = "/response_format/json_schema"
        put(body, ("response_format", "json_schema"), common.write_schema(out, middle, pointer))
