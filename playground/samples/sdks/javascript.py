"""JavaScript with the official library."""

import json
import re
from typing import Any

from playground.samples.request import Part, Request
from playground.samples.sdks.function import LIBRARIES, Function, function_of
from playground.samples.spelling import quoted

CLIENTS = {
    "openai": ("OpenAI", "new OpenAI({{ apiKey: {key}, baseURL: {base} }})"),
    # Without a time of its own the library refuses long answers that do not stream.
    "anthropic": ("Anthropic", "new Anthropic({{ apiKey: {key}, baseURL: {base}, timeout: 600_000 }})"),
    "google-genai": (
        "{ GoogleGenAI }",
        "new GoogleGenAI({{ apiKey: {key}, httpOptions: {{ baseUrl: {base}, apiVersion: 'v1beta' }} }})",
    ),
}
SNAKE = re.compile(r"_([a-z])")


def write(request: Request) -> str:
    function = function_of(request.call, request.base_url)
    imported, client = CLIENTS[function.library]
    package = LIBRARIES[function.library].javascript
    lines = [f"// npm install {package}; save as call.mjs, then run: node call.mjs"]
    lines += ['import { createReadStream } from "node:fs";'] if any(part.file for part in request.form) else []
    lines += ['import { writeFile } from "node:fs/promises";'] if request.saves_to else []
    lines += [f'import {imported} from "{package}";', ""]
    key = f"process.env.{request.key_variable}"
    lines.append(f"const client = {client.format(key=key, base=quoted(function.base_url))};")
    return "\n".join([*lines, "", *_call(request, function), ""])


def _call(request: Request, function: Function) -> list[str]:
    name = SNAKE.sub(lambda found: found[1].upper(), function.name)
    call = f"await client.{name}({', '.join(_arguments(request, function))})"
    if request.saves_to:
        return [
            f"const answer = {call};",
            f"await writeFile({quoted(request.saves_to)}, Buffer.from(await answer.arrayBuffer()));",
        ]
    if request.streaming and function.name == "audio.speech.create":
        return [f"const answer = {call};", "for await (const chunk of answer.body) process.stdout.write(chunk);"]
    if request.streaming:
        return [f"const stream = {call};", "for await (const event of stream) console.log(JSON.stringify(event));"]
    return [f"const answer = {call};", "console.log(answer);"]


def _arguments(request: Request, function: Function) -> list[str]:
    if function.library == "google-genai":
        return [_written(_gemini(function))]
    arguments = [quoted(value) for value in function.path_values]
    if request.form:
        arguments.append(_form(request.form))
    elif request.body is not None:
        # JSON is JavaScript: the body stands as it was typed.
        arguments.append(request.text)
    options: dict[str, Any] = {"headers": dict(function.headers), "query": dict(function.query)}
    given = {name: pairs for name, pairs in options.items() if pairs}
    if given and not arguments:
        arguments.append("undefined" if function.name != "models.list" else "{}")
    return [*arguments, _written(given)] if given else arguments


def _gemini(function: Function) -> dict[str, Any]:
    body = dict(function.body)
    contents = body.pop("contents", [])
    settings = dict(body.pop("generationConfig", {}))
    config: dict[str, Any] = {name: settings.pop(name) for name in list(settings) if name in function.fields}
    options: dict[str, Any] = {"headers": dict(function.headers)} if function.headers else {}
    if extra := {**body, **({"generationConfig": settings} if settings else {})}:
        options["extraBody"] = extra
    if options:
        config["httpOptions"] = options
    return {
        "model": next(iter(function.path_values), ""),
        "contents": contents,
        **({"config": config} if config else {}),
    }


def _form(form: tuple[Part, ...]) -> str:
    found: dict[str, list[str]] = {}
    for part in form:
        found.setdefault(part.name, []).append(
            f"createReadStream({quoted(part.file)})" if part.file else quoted(part.text)
        )
    fields = [f"  {quoted(name.removesuffix('[]'))}: {_value(name, values)}," for name, values in found.items()]
    return "\n".join(["{", *fields, "}"])


def _value(name: str, values: list[str]) -> str:
    return f"[{', '.join(values)}]" if name.endswith("[]") else values[-1]


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
