"""JavaScript with fetch, as Node 18 and newer has it."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    imports = ["readFile"] if any(part.file for part in request.form) else []
    imports += ["writeFile"] if request.saves_to else []
    lines = ["// Node 18 or newer: save as call.mjs, then run: node call.mjs"]
    lines += [f'import {{ {", ".join(imports)} }} from "node:fs/promises";'] if imports else []
    return "\n".join([*lines, "", *_body(request), *_fetch(request), "", *_answer(request), ""])


def _body(request: Request) -> list[str]:
    if request.form:
        return ["const form = new FormData();", *(_part(part) for part in request.form), ""]
    return [f"const body = {_raw(request.text)};", ""] if request.body is not None else []


def _part(part: Part) -> str:
    if not part.file:
        return f"form.append({quoted(part.name)}, {quoted(part.text)});"
    blob = f"new Blob([await readFile({quoted(part.file)})], {{ type: {quoted(part.mime)} }})"
    return f"form.append({quoted(part.name)}, {blob}, {quoted(part.file)});"


def _fetch(request: Request) -> list[str]:
    name, before = request.key_header
    sent = ["  body: form,"] if request.form else ["  body,"] if request.body is not None else []
    return [
        f"const response = await fetch({quoted(request.url)}, {{",
        f"  method: {quoted(request.method)},",
        "  headers: {",
        f"    {quoted(name)}: `{before}${{process.env.{request.key_variable}}}`,",
        *(f"    {quoted(name)}: {quoted(value)}," for name, value in request.headers),
        "  },",
        *sent,
        "});",
    ]


def _answer(request: Request) -> list[str]:
    if request.saves_to:
        return [f"await writeFile({quoted(request.saves_to)}, Buffer.from(await response.arrayBuffer()));"]
    if request.streaming:
        return ["for await (const chunk of response.body) process.stdout.write(chunk);"]
    return ["console.log(await response.text());"]


def _raw(text: str) -> str:
    return f"String.raw`{text}`" if is_raw(text, "`", "${") and not text.endswith("\\") else quoted(text)
