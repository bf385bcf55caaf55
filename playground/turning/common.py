"""What chat completions and responses share: both are OpenAI's, and spell much alike."""

import json
from typing import Any

from playground.turning.middle import Middle, Piece
from playground.turning.source import Held, Place, Source
from playground.turning.written import Written

EFFORTS = {"none", "minimal", "low", "medium", "high", "xhigh"}
FORMATS = ("text", "json_object", "json_schema")
SCHEMA_NAME = "answer"


def arguments_of(place: Place | None) -> dict[str, Held]:
    """The arguments of a call out of their text: as an object where they are one."""
    if place is None or not isinstance(place.value, str):
        return {}
    held = place.held()
    try:
        value = json.loads(place.value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    return {"arguments": held.as_(value)} if isinstance(value, dict) else {"arguments_text": held}


def arguments_text(out: Written, piece: Piece) -> str:
    """The arguments of a call as their text."""
    if raw := piece.facts.get("arguments_text"):
        return str(out.use(raw))
    held = piece.facts.get("arguments")
    return json.dumps(out.use(held), ensure_ascii=False) if held else "{}"


def joined_text(place: Place | None, part_kinds: tuple[str, ...]) -> Held | None:
    """A content that is a text, or a list of nothing but text parts, as one text."""
    if place is None:
        return None
    if isinstance(place.value, str):
        return place.held()
    parts = list(place.items())
    texts = [part.text("text") for part in parts]
    if not parts or not all(text and part.kind() in part_kinds for part, text in zip(parts, texts, strict=True)):
        return None
    known = [text for text in texts if text]
    shape = tuple(pointer for part in parts for pointer in part.leaf("type"))
    return Held("".join(text.value for text in known), (*(pointer for text in known for pointer in text.at), *shape))


def read_function(place: Place, function: Place, index: int) -> Piece | None:
    """A function tool; its members stand in `function`, which may be the tool itself."""
    name = function.text("name")
    if name is None:
        return None
    facts = {"name": name}
    if held := function.text("description"):
        facts["description"] = held
    schema, strict = function.child("parameters"), function.child("strict")
    if schema and isinstance(schema.value, dict):
        facts["schema"] = schema.held()
    if strict and isinstance(strict.value, bool):
        facts["strict"] = strict.held()
    return Piece("tool", facts, place.leaf("type"), turn=index)


def write_function(out: Written, tool: Piece) -> dict[str, Any]:
    """The members of a function tool."""
    out.shape(tool)
    return {
        **out.fact(tool, "name"), **out.fact(tool, "description"), **out.fact(tool, "schema", "parameters"),
        **out.fact(tool, "strict"),
    }  # fmt: skip


def read_choice(source: Source, middle: Middle, named: Place | None) -> None:
    """Which tool is to be called: a word, or a function by its name."""
    choice = source.child("tool_choice")
    if choice is None:
        return
    words = {"auto": "auto", "none": "none", "required": "any"}
    if isinstance(choice.value, str) and choice.value in words:
        middle.settings["tool_mode"] = choice.held().as_(words[choice.value])
    elif choice.kind() == "function" and named and (name := named.text("name")):
        middle.settings["tool_name"] = Held(name.value, (*name.at, *choice.leaf("type")))


def read_format(place: Place | None, schema_place: Place | None, middle: Middle) -> None:
    """The form the answer must have; the schema's members stand in `schema_place`."""
    kind = place.kind() if place else ""
    if place is None or kind not in FORMATS:
        return
    shape = place.leaf("type")
    if kind != "json_schema":
        middle.settings["format"] = Held(kind, shape)
        return
    schema = schema_place.child("schema") if schema_place else None
    if schema_place is None or schema is None or not isinstance(schema.value, dict):
        return
    middle.settings["format"] = Held(kind, shape)
    middle.settings["format_schema"] = schema.held()
    for name in ("name", "description"):
        if held := schema_place.text(name):
            middle.settings[f"format_{name}"] = held
    strict = schema_place.child("strict")
    if strict and isinstance(strict.value, bool):
        middle.settings["format_strict"] = strict.held()


def write_schema(out: Written, middle: Middle, pointer: str) -> dict[str, Any]:
    """The members of the schema of an answer; it must have a name."""
    written = {}
    for name in ("name", "description", "strict", "schema"):
        if held := middle.settings.get(f"format_{name}"):
            written[name] = out.use(held)
    if "name" not in written:
        written = {"name": SCHEMA_NAME, **written}
        out.add(f"{pointer}/name", "format_name")
    return written


def write_choice(out: Written, middle: Middle) -> Any:
    """The word for which tool is to be called; None when nothing is said of it, or a function is named."""
    held = middle.settings.get("tool_mode")
    return {"auto": "auto", "none": "none", "any": "required"}[out.use(held)] if held else None


def read_effort(place: Place | None, known: set[str], middle: Middle) -> None:
    """How much to think, where the dialect knows the word itself."""
    if place and isinstance(place.value, str) and place.value in known:
        middle.settings["effort"] = place.held()


def write_effort(out: Written, middle: Middle) -> str | None:
    """How much to think, where OpenAI knows the word."""
    held = middle.settings.get("effort")
    if held and held.value in EFFORTS:
        return str(out.use(held))
    if held:
        out.leave(held, "value")
    return None


def call_id(out: Written, piece: Piece, fallback: str, pointer: str) -> str:
    """The id of a call, or one made for it."""
    if held := piece.facts.get("id"):
        return str(out.use(held))
    out.add(pointer, "call_id")
    return fallback


def _refuse(constant: str) -> None:
    raise ValueError(constant)
