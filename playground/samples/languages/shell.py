"""curl in a shell."""

import re

from playground.samples.request import Part, Request

# Linux lets one argument of a program be 128 KiB long; a shell's own printf knows no such bound.
LONGEST_ARGUMENT = 100_000


def write(request: Request) -> str:
    words = [_command(request), *_headers(request), *_body(request), *_answer(request)]
    lines = " \\\n  ".join(words)
    return f"printf %s {_quoted(request.text)} |\n{lines}\n" if _is_long(request) else f"{lines}\n"


def _command(request: Request) -> str:
    method = "" if request.method == "GET" and request.body is None else f" --request {request.method}"
    return f"curl{method} {_quoted(request.url)}"


def _headers(request: Request) -> list[str]:
    name, before = request.key_header
    # curl takes "Name:" as a wish to send no such header at all; "Name;" sends it empty.
    plain = [_quoted(f"{name}: {value}" if value else f"{name};") for name, value in request.headers]
    return [f'--header "{name}: {before}${request.key_variable}"', *(f"--header {header}" for header in plain)]


def _body(request: Request) -> list[str]:
    if request.form:
        return [_part(part) for part in request.form]
    if request.body is None:
        return []
    return ["--data-binary @-"] if _is_long(request) else [f"--data-raw {_quoted(request.text)}"]


def _part(part: Part) -> str:
    if not part.file:
        return f"--form-string {_quoted(f'{part.name}={part.text}')}"
    file = re.sub(r'(["\\])', r"\\\1", part.file)
    field = f'{part.name}=@"{file}";type={part.mime}'
    return f"--form {_quoted(field)}"


def _answer(request: Request) -> list[str]:
    if request.saves_to:
        return [f"--output {_quoted(request.saves_to)}"]
    return ["--no-buffer"] if request.streaming else []


def _is_long(request: Request) -> bool:
    return len(request.text.encode()) > LONGEST_ARGUMENT


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
