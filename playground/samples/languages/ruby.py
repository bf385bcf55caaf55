"""Ruby with net/http."""

from playground.samples.request import Part, Request
from playground.samples.spelling import by_braces, has_line, is_raw, quoted

WORD = "JSON"


def write(request: Request) -> str:
    lines = ['require "net/http"', "", f"uri = URI({_quoted(request.url)})", *_request(request), *_body(request)]
    start = 'Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https", read_timeout: 600) do |http|'
    return "\n".join([*lines, "", start, *_answer(request), "end", ""])


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    key = f"ENV.fetch({_quoted(request.key_variable)})"
    return [
        f"request = Net::HTTP::{request.method.capitalize()}.new(uri)",
        f"request[{_quoted(name)}] = {f'{_quoted(before)} + ' if before else ''}{key}",
        *(f"request[{_quoted(name)}] = {_quoted(value)}" for name, value in request.headers),
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        parts = [f"  {_part(part)}," for part in request.form]
        return ["request.set_form([", *parts, '], "multipart/form-data")']
    return [f"request.body = {_literal(request.text)}"] if request.body is not None else []


def _part(part: Part) -> str:
    if not part.file:
        return f"[{_quoted(part.name)}, {_quoted(part.text)}]"
    file = _quoted(part.file)
    return (
        f'[{_quoted(part.name)}, File.open({file}, "rb"), {{ filename: {file}, content_type: {_quoted(part.mime)} }}]'
    )


def _answer(request: Request) -> list[str]:
    if request.saves_to:
        return [
            "  http.request(request) do |response|",
            f'    File.open({_quoted(request.saves_to)}, "wb") {{ |file| response.read_body {{ |chunk| file.write(chunk) }} }}',
            "  end",
        ]
    if request.streaming:
        return [
            "  $stdout.sync = true",
            "  http.request(request) { |response| response.read_body { |chunk| print chunk } }",
        ]
    return ["  puts http.request(request).body"]


def _literal(text: str) -> str:
    if '"' in text and is_raw(text) and not has_line(text, WORD):
        return f"<<'{WORD}'.chomp\n{text}\n{WORD}"
    return _quoted(text)


def _quoted(text: str) -> str:
    return quoted(text, by_braces, {"#": "\\#"})
