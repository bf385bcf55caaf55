"""PHP with its curl extension."""

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Part, Request
from playground.samples.spelling import has_line, is_raw

WORD = "JSON"


def write(request: Request) -> str:
    lines = ["<?php", *_body(request), "", f"$curl = curl_init({_quoted(request.url)});", *_options(request)]
    return "\n".join(
        [*lines, "", "if (curl_exec($curl) === false) {", "    fwrite(STDERR, curl_error($curl));", "}", ""]
    )


def _body(request: Request) -> list[str]:
    if request.form:
        return ["$body = implode('', [", *(f"    {piece}," for piece in written(request.form, _piece, _quoted)), "]);"]
    return [f"$body = {_literal(request.text)};"] if request.body is not None else []


def _piece(part: Part) -> str:
    return f"file_get_contents({_quoted(part.file)})"


def _options(request: Request) -> list[str]:
    sent = ["    CURLOPT_POSTFIELDS => $body,"] if request.form or request.body is not None else []
    return [
        "curl_setopt_array($curl, [",
        f"    CURLOPT_CUSTOMREQUEST => {_quoted(request.method)},",
        "    CURLOPT_HTTPHEADER => [",
        *(f"        {header}," for header in _headers(request)),
        "    ],",
        *sent,
        *_answer(request),
        "]);",
    ]


def _headers(request: Request) -> list[str]:
    name, before = request.key_header
    plain = [_quoted(f"{name}: {value}" if value else f"{name};") for name, value in request.headers]
    if request.form:
        plain.append(_quoted(f"Content-Type: multipart/form-data; boundary={BOUNDARY}"))
    return [f"{_quoted(f'{name}: {before}')} . getenv({_quoted(request.key_variable)})", *plain]


def _answer(request: Request) -> list[str]:
    if request.saves_to:
        return [f"    CURLOPT_FILE => fopen({_quoted(request.saves_to)}, 'wb'),"]
    if not request.streaming:
        return []
    return [
        "    CURLOPT_WRITEFUNCTION => function ($curl, $chunk) {",
        "        echo $chunk;",
        "        flush();",
        "        return strlen($chunk);",
        "    },",
    ]


def _literal(text: str) -> str:
    if "\n" in text and is_raw(text) and not has_line(text, WORD):
        return f"<<<'{WORD}'\n{text}\n{WORD}"
    return _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
