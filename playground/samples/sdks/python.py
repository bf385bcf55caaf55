"""Python with the official library."""

from typing import Any

from playground.samples.request import Part, Request
from playground.samples.sdks.function import LIBRARIES, Function, function_of
from playground.samples.spelling import quoted

CLIENTS = {
    "openai": ("from openai import OpenAI", "OpenAI(api_key={key}, base_url={base}, timeout=600)"),
    "anthropic": ("from anthropic import Anthropic", "Anthropic(api_key={key}, base_url={base}, timeout=600)"),
    "google-genai": (
        "from google import genai",
        'genai.Client(api_key={key}, http_options={{"base_url": {base}, "api_version": "v1beta"}})',
    ),
}
PATH_NAMES = {"google-genai": "model", "openai": "video_id"}


def write(request: Request) -> str:
    function = function_of(request.call, request.base_url)
    imported, client = CLIENTS[function.library]
    key = f'os.environ["{request.key_variable}"]'
    lines = [f"# pip install {LIBRARIES[function.library].python}", "import os", "", imported, ""]
    lines.append(f"client = {client.format(key=key, base=quoted(function.base_url))}")
    return "\n".join([*lines, "", *_call(request, function), ""])


def literal(value: Any, indent: int = 0) -> str:
    """A JSON value as Python writes it, one member a line where it does not fit into one."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        items = [f"{quoted(name)}: {literal(inner, indent + 4)}" for name, inner in value.items()]
        return _enclosed("{", items, "}", indent)
    if isinstance(value, list):
        return _enclosed("[", [literal(inner, indent + 4) for inner in value], "]", indent)
    return repr(value)


def _call(request: Request, function: Function) -> list[str]:
    arguments = ",\n".join(f"    {name}={value}" for name, value in _arguments(request, function))
    inside = f"\n{arguments},\n" if arguments else ""
    if function.name == "audio.speech.create" and request.streaming:
        opened = f"client.audio.speech.with_streaming_response.create({inside})"
        return [
            f"with {opened} as response:",
            "    for line in response.iter_lines():",
            "        print(line, flush=True)",
        ]
    call = f"client.{function.name}({inside})"
    if request.saves_to:
        return [f"answer = {call}", f"answer.write_to_file({quoted(request.saves_to)})"]
    if request.streaming:
        return [f"stream = {call}", "for event in stream:", "    print(event, flush=True)"]
    return [f"answer = {call}", "print(answer)"]


def _arguments(request: Request, function: Function) -> list[tuple[str, str]]:
    path = [(PATH_NAMES[function.library], quoted(value)) for value in function.path_values]
    if function.library == "google-genai":
        return [*path, *_gemini(function)]
    body = _form(request.form) if request.form else {name: literal(value, 4) for name, value in function.body.items()}
    if function.name == "embeddings.create" and "encoding_format" not in body:
        # Left out, the library would ask for base64.
        body["encoding_format"] = '"float"'
    known = [(name, value) for name, value in body.items() if name in function.fields]
    extra = [f"{quoted(name)}: {value}" for name, value in body.items() if name not in function.fields]
    return [*path, *known, *([("extra_body", _enclosed("{", extra, "}", 4))] if extra else []), *_extras(function)]


def _extras(function: Function) -> list[tuple[str, str]]:
    given = {"extra_headers": dict(function.headers), "extra_query": dict(function.query)}
    return [(name, literal(pairs, 4)) for name, pairs in given.items() if pairs]


def _gemini(function: Function) -> list[tuple[str, str]]:
    """Contents and plain settings by name; all else as the library's extra body, word for word."""
    body = dict(function.body)
    contents = body.pop("contents", [])
    settings = dict(body.pop("generationConfig", {}))
    config = {name: settings.pop(name) for name in list(settings) if name in function.fields}
    options: dict[str, Any] = {"headers": dict(function.headers)} if function.headers else {}
    if extra := {**body, **({"generationConfig": settings} if settings else {})}:
        options["extra_body"] = extra
    if options:
        config["http_options"] = options
    return [("contents", literal(contents, 4)), *([("config", literal(config, 4))] if config else [])]


def _form(form: tuple[Part, ...]) -> dict[str, str]:
    """The fields of a form; those named `image[]` become one list."""
    found: dict[str, list[str]] = {}
    for part in form:
        found.setdefault(part.name, []).append(f'open({quoted(part.file)}, "rb")' if part.file else quoted(part.text))
    return {
        name.removesuffix("[]"): f"[{', '.join(values)}]" if name.endswith("[]") else values[-1]
        for name, values in found.items()
    }


def _enclosed(start: str, items: list[str], end: str, indent: int) -> str:
    short = f"{start}{', '.join(items)}{end}"
    if len(short) + indent <= 88 and "\n" not in short:
        return short
    space = " " * (indent + 4)
    return start + "".join(f"\n{space}{item}," for item in items) + f"\n{' ' * indent}{end}"
