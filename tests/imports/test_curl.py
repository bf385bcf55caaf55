r"""curl commands as people and programs write them."""

import json

import pytest

from playground import exchange
from playground.exchange import BadImport, Imported

URL = "https://gateway.example/v1/chat/completions"
BODY = '{"model": "m", "messages": []}'
SECRET = "sk-live0123456789abcdefSECRET"


def read(text: str, hint: str = "") -> Imported:
    return exchange.imported(exchange.read(text), hint=hint)


def told(found: Imported) -> list[tuple[str, str]]:
    return [(entry.what, entry.reason) for entry in found.left_out]


@pytest.mark.parametrize(
    "command",
    [
        f"curl {URL} -d '{BODY}'",
        f"curl -X POST --url {URL} --data-raw '{BODY}'",
        f"curl {URL} --json '{BODY}'",
        f"curl --request=POST {URL} -H 'Content-Type: application/json' --data-binary '{BODY}'",
        f"$ curl {URL} \\\n  -d '{BODY}'".removeprefix("$ "),
        f"curl {URL} -d $'{BODY}'",
        f"curl.exe {URL} `\n  -d '{BODY}'",
        'curl "https://gateway.example/v1/chat/completions" ^\n  -d "{\\"model\\": \\"m\\", \\"messages\\": []}" ^\n  -X POST',
        'curl ^"https://gateway.example/v1/chat/completions^" ^\n  --data-raw ^"^{^\\^"model^\\^": ^\\^"m^\\^", ^\\^"messages^\\^": []^}^"',
        f"echo '{BODY}' | curl {URL} -d @-",
        f"/usr/bin/curl -XPOST {URL} -d'{BODY}'",
        f"curl {URL.removeprefix('https://')} -d '{BODY}'",
    ],
)
def test_one_request_is_read_from_every_spelling(command: str) -> None:
    found = read(command)

    assert found.operation.id == "chat-basic"
    assert json.loads(found.body_text or "") == {"model": "m", "messages": []}
    assert (found.path, found.query, found.headers) == ({}, {}, {})


def test_quotes_of_every_kind_keep_their_text() -> None:
    found = read(f'curl {URL} -d $\'{{"a": "it\\\'s \\u4f60\\ud83d\\ude00\\x21\\n"}}\'"\\$x"\'"y"\'z')

    assert found.body_text == '{"a": "it\'s 你😀!\n"}$x"y"z'


def test_data_given_twice_is_joined() -> None:
    assert read(f"curl {URL} -d a=1 --data-urlencode 'b=x y&z'").body_text == "a=1&b=x+y%26z"


def test_data_becomes_the_query_when_asked() -> None:
    found = read("curl -G https://gateway.example/v1/models -d after=x --data-urlencode 'q=a b'")

    assert (found.operation.id, found.query) == ("list-models", {"after": "x", "q": "a b"})


def test_a_form_keeps_fields_and_names_its_files() -> None:
    found = read(
        "curl https://gateway.example/v1/images/edits -F model=gpt-image-1 -F 'prompt=a;b' -F 'image[]=@/home/me/cat.png' "
        "-F 'image[]=@\"dog two.png\";type=image/png' --form-string 'n=@2'"
    )

    assert found.operation.id == "image-edit"
    assert json.loads(found.body_text or "") == {
        "model": "gpt-image-1",
        "prompt": "a;b",
        "image": ["@file:cat.png", "@file:dog two.png"],
        "n": "@2",
    }
    assert told(found) == [("-F image[]=@cat.png", "file"), ("-F image[]=@dog two.png", "file")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-K secrets.cfg", ("-K", "never")),
        ("-o /etc/passwd", ("-o", "answer")),
        ("--proxy http://user:pass@proxy:3128", ("--proxy", "never")),
        ("-x proxy:3128", ("-x", "never")),
        ("--resolve gateway.example:443:10.0.0.1", ("--resolve", "never")),
        ("-k", ("-k", "never")),
        ("-L", ("-L", "never")),
        ("-u me:hidden", ("-u me:…", "sign_in")),
        ("-b 'session=hidden'", ("-b", "cookie")),
        ("--compressed", ("--compressed", "curl")),
        ("--unheard-of", ("--unheard-of", "unknown")),
        ("-d @/etc/passwd", ("--data @/etc/passwd", "file")),
        ("-H @headers.txt", ("-H @headers.txt", "file")),
        ("-H 'Host: elsewhere'", ("Host", "connection")),
        ("-H 'Cookie: a=hidden'", ("Cookie", "cookie")),
        ("-H 'sec-fetch-mode: cors'", ("sec-fetch-mode", "browser")),
        ("-H 'X-Note: 中文'", ("X-Note", "unsendable")),
        ("-H 'Authorization: Basic aGlkZGVuOmhpZGRlbg=='", ("Authorization", "sign_in")),
        ("; rm -rf /", ("rm", "other_command")),
        ("https://other.example/x?key=hidden", ("https://other.example/x", "other_request")),
    ],
)
def test_what_is_not_taken_over_is_told(options: str, expected: tuple[str, str]) -> None:
    found = read(f"curl {URL} --data-raw '{BODY}' {options}")

    assert told(found) == [expected]
    assert found.headers == {}
    assert "hidden" not in repr(told(found))


@pytest.mark.parametrize(
    "option",
    [
        f"-H 'Authorization: Bearer {SECRET}'",
        f"-H 'authorization:{SECRET}'",
        f"-H 'x-api-key: {SECRET}'",
        f"-H 'x-goog-api-key: {SECRET}'",
        f"--oauth2-bearer {SECRET}",
        f"--url-query key={SECRET}",
    ],
)
def test_a_pasted_key_is_recognised_and_masked(option: str) -> None:
    found = read(f"curl {URL} -d '{BODY}' {option}")

    assert found.key_mask == "sk-…CRET"
    assert [entry.reason for entry in found.left_out] == ["key"]
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "value", ["$GATEWAY_KEY", "${KEY}", "{{key}}", "<your key>", "sk-xxx", "sk-…abcd", "YOUR_API_KEY"]
)
def test_a_placeholder_is_no_key(value: str) -> None:
    assert read(f"curl {URL} -d '{BODY}' -H 'Authorization: Bearer {value}'").key_mask == ""


def test_headers_that_calls_carry_are_kept() -> None:
    found = read(f"curl {URL} -d '{BODY}' -H 'X-Note: a: b' -A me/1 -H 'X-Empty;' -H 'Accept: text/event-stream'")

    assert found.headers == {"X-Note": "a: b", "User-Agent": "me/1", "X-Empty": "", "Accept": "text/event-stream"}


def test_the_operation_that_is_open_is_preferred_among_equals() -> None:
    assert read(f"curl {URL} -d '{BODY}'", hint="chat-tools").operation.id == "chat-tools"
    assert read(f"curl {URL} -d '{BODY}'", hint="claude-chat").operation.id == "chat-basic"


def test_a_models_name_is_read_from_the_path() -> None:
    found = read("curl 'https://g.example/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse' -d '{}'")

    assert (found.operation.id, found.path, found.query) == ("gemini-image-stream", {"model": "gemini-2.5-pro"}, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("wget https://gateway.example", "not_known"),
        ("curl -d 'x", "open_quote"),
        ("curl -d x", "no_address"),
        ("curl -X", "value_missing"),
        ("curl http://[x/v1/models", "bad_address"),
        ("curl https://gateway.example/v2/unknown", "unknown_path"),
        ('{"log": {"entries": []}}', "no_request"),
        ('{"model": "m"}', "not_known"),
        ("{", "not_known"),
    ],
)
def test_what_cannot_be_imported_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadImport) as refused:
        read(text)

    assert refused.value.reason == reason
