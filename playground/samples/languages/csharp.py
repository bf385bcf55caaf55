"""C# with HttpClient."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    lines = ["// .NET 6 or newer, as Program.cs", "using System.Net.Http.Headers;", "using System.Text;", ""]
    client = "using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };"
    return "\n".join([*lines, client, *_request(request), *_body(request), "", *_send(request), ""])


def _request(request: Request) -> list[str]:
    name, before = request.key_header
    key = f'Environment.GetEnvironmentVariable("{request.key_variable}")'
    plain = [pair for pair in request.headers if pair[0].lower() != "content-type"]
    return [
        f"using var request = new HttpRequestMessage(new HttpMethod({quoted(request.method)}), {quoted(request.url)});",
        f"request.Headers.TryAddWithoutValidation({quoted(name)}, {quoted(before)} + {key});",
        *(f"request.Headers.TryAddWithoutValidation({quoted(name)}, {quoted(value)});" for name, value in plain),
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        parts = [line for at, part in enumerate(request.form, 1) for line in _part(part, at)]
        return ["var form = new MultipartFormDataContent();", *parts, "request.Content = form;"]
    if request.body is None:
        return []
    kind = next((value for name, value in request.headers if name.lower() == "content-type"), "application/json")
    return [
        f"request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes({_literal(request.text)}));",
        f"request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse({quoted(kind)});",
    ]


def _part(part: Part, at: int) -> list[str]:
    if not part.file:
        return [f"form.Add(new StringContent({quoted(part.text)}), {_name(part.name)});"]
    return [
        f"var file{at} = new ByteArrayContent(File.ReadAllBytes({quoted(part.file)}));",
        f"file{at}.Headers.ContentType = MediaTypeHeaderValue.Parse({quoted(part.mime)});",
        f"form.Add(file{at}, {_name(part.name)}, {_name(part.file)});",
    ]


def _name(name: str) -> str:
    # Without quotes of its own the name would go out bare, which some servers do not read.
    return quoted(f'"{name}"')


def _send(request: Request) -> list[str]:
    if request.saves_to:
        return [
            "using var response = await client.SendAsync(request);",
            f"await File.WriteAllBytesAsync({quoted(request.saves_to)}, await response.Content.ReadAsByteArrayAsync());",
        ]
    if request.streaming:
        return [
            "using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);",
            "using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());",
            "while (await reader.ReadLineAsync() is { } line)",
            "{",
            "    Console.WriteLine(line);",
            "}",
        ]
    return [
        "using var response = await client.SendAsync(request);",
        "Console.WriteLine(await response.Content.ReadAsStringAsync());",
    ]


def _literal(text: str) -> str:
    return '@"' + text.replace('"', '""') + '"' if "\n" in text and is_raw(text) else quoted(text)
