"""Swift with URLSession."""

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Part, Request
from playground.samples.spelling import by_braces, is_raw, quoted


def write(request: Request) -> str:
    lines = ["// Swift 5.5 or newer: save as call.swift, then run: swift call.swift", "import Foundation", ""]
    return "\n".join([*lines, *_request(request), *_body(request), "", *_send(request), ""])


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    key = f'ProcessInfo.processInfo.environment["{request.key_variable}"]!'
    headers = [(quoted(name), _quoted(value)) for name, value in request.headers]
    if request.form:
        headers.append(('"Content-Type"', _quoted(f"multipart/form-data; boundary={BOUNDARY}")))
    return [
        f"var request = URLRequest(url: URL(string: {_quoted(request.url)})!, timeoutInterval: 600)",
        f"request.httpMethod = {_quoted(request.method)}",
        f"request.setValue({_quoted(before)} + {key}, forHTTPHeaderField: {_quoted(name)})",
        *(f"request.setValue({value}, forHTTPHeaderField: {name})" for name, value in headers),
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        pieces = [f"body.append({piece})" for piece in written(request.form, _file, _bytes)]
        return ["var body = Data()", *pieces, "request.httpBody = body"]
    return [f"request.httpBody = Data({_literal(request.text)}.utf8)"] if request.body is not None else []


def _file(part: Part) -> str:
    return f"try Data(contentsOf: URL(fileURLWithPath: {_quoted(part.file)}))"


def _bytes(text: str) -> str:
    return f"Data({_quoted(text)}.utf8)"


def _send(request: Request) -> list[str]:
    if request.streaming:
        return [
            "let (lines, _) = try await URLSession.shared.bytes(for: request)",
            "for try await line in lines.lines {",
            "    print(line)",
            "}",
        ]
    read = "let (answer, _) = try await URLSession.shared.data(for: request)"
    if request.saves_to:
        return [read, f"try answer.write(to: URL(fileURLWithPath: {_quoted(request.saves_to)}))"]
    return [read, "print(String(decoding: answer, as: UTF8.self))"]


def _literal(text: str) -> str:
    return f'#"""\n{text}\n"""#' if is_raw(text, '"""#', "\\#") else _quoted(text)


def _quoted(text: str) -> str:
    return quoted(text, by_braces)
