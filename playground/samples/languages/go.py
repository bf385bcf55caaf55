"""Go with net/http."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    imports = "\n".join(f'\t"{name}"' for name in sorted(_imports(request)))
    steps = [*_body(request), *_request(request), "", *_send(request)]
    return f"package main\n\nimport (\n{imports}\n)\n\nfunc main() {{\n" + "\n".join(steps) + "\n}\n"


def _imports(request: Request) -> set[str]:
    names = {"io", "log", "net/http", "os"}
    if request.form:
        names |= {"bytes", "mime/multipart"}
        names |= {"net/textproto"} if any(part.file for part in request.form) else set()
    elif request.body is not None:
        names.add("strings")
    return names


def _body(request: Request) -> list[str]:
    if request.form:
        made = ["\tvar form bytes.Buffer", "\twriter := multipart.NewWriter(&form)"]
        return [*made, *(line for part in request.form for line in _part(part)), "\twriter.Close()", ""]
    return [f"\tbody := strings.NewReader({_literal(request.text)})", ""] if request.body is not None else []


def _part(part: Part) -> list[str]:
    if not part.file:
        return [f"\twriter.WriteField({_literal(part.name)}, {_literal(part.text)})"]
    disposition = f'form-data; name="{_escaped(part.name)}"; filename="{_escaped(part.file)}"'
    return [
        "\t{",
        f"\t\tfile, err := os.Open({_literal(part.file)})",
        "\t\tif err != nil {",
        "\t\t\tlog.Fatal(err)",
        "\t\t}",
        "\t\tdefer file.Close()",
        "\t\tpart, _ := writer.CreatePart(textproto.MIMEHeader{",
        f'\t\t\t"Content-Disposition": {{{_literal(disposition)}}},',
        f'\t\t\t"Content-Type":        {{{_literal(part.mime)}}},',
        "\t\t})",
        "\t\tio.Copy(part, file)",
        "\t}",
    ]


def _request(request: Request) -> list[str]:
    sent = "&form" if request.form else "body" if request.body is not None else "nil"
    name, before = request.key_header
    key = f'os.Getenv("{request.key_variable}")'
    lines = [
        f"\trequest, err := http.NewRequest({quoted(request.method)}, {quoted(request.url)}, {sent})",
        "\tif err != nil {",
        "\t\tlog.Fatal(err)",
        "\t}",
        f"\trequest.Header.Set({quoted(name)}, {f'{quoted(before)}+' if before else ''}{key})",
        *(f"\trequest.Header.Set({quoted(name)}, {quoted(value)})" for name, value in request.headers),
    ]
    return [*lines, '\trequest.Header.Set("Content-Type", writer.FormDataContentType())'] if request.form else lines


def _send(request: Request) -> list[str]:
    target = "file" if request.saves_to else "os.Stdout"
    lines = [
        "\tresponse, err := http.DefaultClient.Do(request)",
        "\tif err != nil {",
        "\t\tlog.Fatal(err)",
        "\t}",
        "\tdefer response.Body.Close()",
    ]
    if request.saves_to:
        lines += [f"\tfile, err := os.Create({quoted(request.saves_to)})", "\tif err != nil {", "\t\tlog.Fatal(err)"]
        lines += ["\t}", "\tdefer file.Close()"]
    if request.streaming:
        lines.append("\t// Copy writes each piece as it arrives.")
    return [*lines, f"\tif _, err := io.Copy({target}, response.Body); err != nil {{", "\t\tlog.Fatal(err)", "\t}"]


def _literal(text: str) -> str:
    return f"`{text}`" if is_raw(text, "`") and ("\n" in text or '"' in text) else quoted(text)


def _escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
