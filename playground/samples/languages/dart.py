"""Dart with package:http."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    has_files = any(part.file for part in request.form)
    imports = ["dart:io", "package:http/http.dart"]
    imports += ["package:http_parser/http_parser.dart"] if has_files else []
    lines = [f"// dart pub add http{' http_parser' if has_files else ''}"]
    lines += [f"import '{name}'{' as http' if name.endswith('/http.dart') else ''};" for name in imports]
    steps = [*_request(request), *_body(request), "", *_send(request)]
    return "\n".join(
        [*lines, "", "Future<void> main() async {", *(f"  {step}" if step else "" for step in steps), "}", ""]
    )


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    kind = "MultipartRequest" if request.form else "Request"
    key = f"Platform.environment['{request.key_variable}']"
    return [
        f"final request = http.{kind}({_quoted(request.method)}, Uri.parse({_quoted(request.url)}));",
        f"request.headers[{_quoted(name)}] = '{before}${{{key}}}';",
        *(f"request.headers[{_quoted(name)}] = {_quoted(value)};" for name, value in request.headers),
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        return [_part(part) for part in request.form]
    return [f"request.body = {_literal(request.text)};"] if request.body is not None else []


def _part(part: Part) -> str:
    if not part.file:
        # A map of fields would keep only the last of several with one name.
        return f"request.files.add(http.MultipartFile.fromString({_quoted(part.name)}, {_quoted(part.text)}));"
    kind = f"contentType: MediaType.parse({_quoted(part.mime)})"
    return f"request.files.add(await http.MultipartFile.fromPath({_quoted(part.name)}, {_quoted(part.file)}, {kind}));"


def _send(request: Request) -> list[str]:
    send = "final response = await request.send();"
    if request.saves_to:
        return [send, f"await response.stream.pipe(File({_quoted(request.saves_to)}).openWrite());"]
    if request.streaming:
        return [send, "await for (final chunk in response.stream) {", "  stdout.add(chunk);", "}"]
    return [send, "print(await response.stream.bytesToString());"]


def _literal(text: str) -> str:
    if "\n" in text and is_raw(text, "'''") and text[-1] not in "'\\":
        return f"r'''{text}'''"
    return _quoted(text)


def _quoted(text: str) -> str:
    return quoted(text, more={"$": "\\$"}, quote="'")
