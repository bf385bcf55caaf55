"""Java 11 and newer with java.net.http."""

import re

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Part, Request
from playground.samples.spelling import by_line, by_octal, quoted

# A constant of a class file holds at most 65,535 bytes; longer texts are put together when the program runs.
LONGEST_CONSTANT = 60_000
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def write(request: Request) -> str:
    steps = [*_body(request), *_request(request), *_send(request)]
    imports = ["java.io.*", "java.net.URI", "java.net.http.*"]
    imports += ["java.nio.charset.StandardCharsets"] if request.form else []
    imports += ["java.nio.file.*"] if request.form or request.saves_to else []
    lines = ["// Java 11 or newer: save as Call.java, then run: java Call.java"]
    lines += [f"import {name};" for name in imports]
    main = ["public class Call {", "    public static void main(String[] arguments) throws Exception {"]
    return "\n".join([*lines, "", *main, *(f"        {line}" for line in steps), "    }", "}", ""])


def _body(request: Request) -> list[str]:
    if request.form:
        pieces = [f"body.write({piece});" for piece in written(request.form, _file, _bytes)]
        return ["var body = new ByteArrayOutputStream();", *pieces]
    return [f"var body = {_literal(request.text)};"] if request.body is not None else []


def _file(part: Part) -> str:
    return f"Files.readAllBytes(Path.of({_quoted(part.file)}))"


def _bytes(text: str) -> str:
    return f"{_quoted(text)}.getBytes(StandardCharsets.UTF_8)"


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    headers = [(_quoted(name), _quoted(value)) for name, value in request.headers]
    if request.form:
        headers.append(('"Content-Type"', _quoted(f"multipart/form-data; boundary={BOUNDARY}")))
    key = f'{_quoted(before)} + System.getenv("{request.key_variable}")'
    return [
        f"var request = HttpRequest.newBuilder(URI.create({_quoted(request.url)}))",
        "    .version(HttpClient.Version.HTTP_1_1)",
        f"    .header({_quoted(name)}, {key})",
        *(f"    .header({name}, {value})" for name, value in headers),
        f"    .method({_quoted(request.method)}, {_publisher(request)})",
        "    .build();",
    ]


def _publisher(request: Request) -> str:
    if request.form:
        return "HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())"
    return f"HttpRequest.BodyPublishers.{'noBody()' if request.body is None else 'ofString(body)'}"


def _send(request: Request) -> list[str]:
    if request.saves_to:
        handler = f"HttpResponse.BodyHandlers.ofFile(Path.of({_quoted(request.saves_to)}))"
        return [f"HttpClient.newHttpClient().send(request, {handler});"]
    return [
        "var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());",
        *(["// Each piece is written as it arrives."] if request.streaming else []),
        "response.body().transferTo(System.out);",
        "System.out.flush();",
    ]


def _literal(text: str) -> str:
    lines = [_quoted(line) for line in by_line(text)]
    if len(text.encode()) <= LONGEST_CONSTANT:
        return "\n            + ".join(lines)
    pieces = [_quoted(text[at : at + 10_000]) for at in range(0, len(text), 10_000)]
    return 'String.join("",\n            ' + ",\n            ".join(pieces) + ")"


def _quoted(text: str) -> str:
    """Only ASCII: which bytes a source file means by other letters depends on the machine."""
    return NOT_ASCII.sub(lambda found: _units(found[0]), quoted(text, by_octal))


def _units(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
