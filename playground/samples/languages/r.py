"""R with httr."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    lines = ['# R 4.0 or newer: install.packages("httr")', "library(httr)", "", *_body(request), *_verb(request)]
    return "\n".join([*lines, *_answer(request), ""])


def _body(request: Request) -> list[str]:
    if request.form:
        return ["form <- list(", ",\n".join(f"  {_part(part)}" for part in request.form), ")", ""]
    return [f"body <- {_literal(request.text)}", ""] if request.body is not None else []


def _part(part: Part) -> str:
    name = f"`{part.name.replace('`', '')}`"
    if not part.file:
        return f"{name} = {quoted(part.text)}"
    return f"{name} = upload_file({quoted(part.file)}, type = {quoted(part.mime)})"


def _verb(request: Request) -> list[str]:
    name, before = request.key_header
    key = f'Sys.getenv("{request.key_variable}")'
    headers = [f"{quoted(name)} = paste0({quoted(before)}, {key})"]
    headers += [f"{quoted(name)} = {quoted(value)}" for name, value in request.headers]
    arguments = [
        quoted(request.method),
        quoted(request.url),
        "add_headers(.headers = c(\n" + ",\n".join(f"    {header}" for header in headers) + "\n  ))",
        *_sent(request),
        *_kept(request),
    ]
    return ["response <- VERB(", ",\n".join(f"  {argument}" for argument in arguments), ")"]


def _sent(request: Request) -> list[str]:
    if request.form:
        return ['body = form, encode = "multipart"']
    return ["body = charToRaw(enc2utf8(body))"] if request.body is not None else []


def _kept(request: Request) -> list[str]:
    if request.saves_to:
        return [f"write_disk({quoted(request.saves_to)}, overwrite = TRUE)"]
    return ["write_stream(function(bytes) { cat(rawToChar(bytes)); length(bytes) })"] if request.streaming else []


def _answer(request: Request) -> list[str]:
    return [] if request.saves_to or request.streaming else ['cat(content(response, "text", encoding = "UTF-8"))']


def _literal(text: str) -> str:
    return f'r"---({text})---"' if is_raw(text, ")---") else quoted(text)
