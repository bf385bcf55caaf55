"""JavaScript with fetch, as Node 18 and newer has it."""

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    imports = ["readFile"] if any(part.file for part in request.form) else []
    imports += ["writeFile"] if request.saves_to else []
    lines = ["// Node 18 or newer: save as call.mjs, then run: node call.mjs"]
    lines += [f'import {{ {", ".join(imports)} }} from "node:fs/promises";'] if imports else []
    return "\n".join([*lines, "", *_body(request), *_fetch(request), "", *_answer(request), ""])


def _body(request: Request) -> list[str]:
    if request.form:
        # FormData would turn the line ends inside a text into CRLF.
        pieces = written(request.form, lambda part: f"await readFile({quoted(part.file)})", quoted)
        return ["const body = new Blob([", *(f"  {piece}," for piece in pieces), "]);", ""]
    return [f"const body = {_raw(request.text)};", ""] if request.body is not None else []


def _fetch(request: Request) -> list[str]:
    name, before = request.key_header
    sent = ["  body,"] if request.form or request.body is not None else []
    form = [f'    "Content-Type": "multipart/form-data; boundary={BOUNDARY}",'] if request.form else []
    return [
        f"const response = await fetch({quoted(request.url)}, {{",
        f"  method: {quoted(request.method)},",
        "  headers: {",
        f"    {quoted(name)}: `{before}${{process.env.{request.key_variable}}}`,",
        *(f"    {quoted(name)}: {quoted(value)}," for name, value in request.headers),
        *form,
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
