"""Pictures that an answer points to: fetched by the site, on a press, checked, and never from inside our own network."""

import asyncio
import base64
import json
import uuid
import warnings

import pytest

from accounts.models import Gateway, Key
from playground.tasks.media import keep_bytes, kept_of
from playground.views.streaming import PIECE
from tests.upstream import upstream
from tests.views.runs_made import make_run

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def serves(body: bytes, status: str = "200 OK", head: str = ""):
    async def script(request, writer):
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)
        await writer.drain()

    return upstream(script)


@pytest.fixture
def run(team, owner):
    return make_run(team, owner, key=Key.objects.filter(team=team).first())


def press(client, run, url):
    return client.post(f"/runs/{run.uuid}/picture", json.dumps({"url": url}), content_type="application/json")


def trust(run, url):
    run.key.gateway = Gateway.objects.create(name="Ours", base_url=url, trusted=True)
    run.key.save()


def test_a_picture_of_the_runs_own_gateway_is_given_and_can_do_nothing(client, run):
    with serves(PNG) as there:
        trust(run, there.url)

        answer = press(client, run, f"{there.url}/files/a.png?signature=x%2By%26z")

    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert [(asked.method, asked.path) for asked in there.requests] == [("GET", "/files/a.png?signature=x%2By%26z")]
    assert "authorization" not in {name.lower() for name in there.requests[0].headers}


def test_an_address_inside_our_network_is_never_asked(client, run):
    with serves(PNG) as there:
        answer = press(client, run, f"{there.url}/a.png")

    assert answer.status_code == 502
    assert there.requests == []


def test_what_is_no_picture_is_not_handed_on(client, run):
    with serves(b"<script>alert(1)</script>", head="Content-Type: image/png\r\n") as there:
        trust(run, there.url)

        answer = press(client, run, f"{there.url}/a.png")

    assert (answer.status_code, answer.json()) == (422, {"message": "What lies there is no picture, sound or film."})


def test_redirects_are_not_followed(client, run):
    with serves(PNG, "302 Found", "Location: http://127.0.0.1/\r\n") as there:
        trust(run, there.url)

        answer = press(client, run, f"{there.url}/a.png")

    assert (answer.status_code, answer.json()) == (422, {"message": "It answered with status 302."})
    assert len(there.requests) == 1


async def pieces_of(answer):
    with warnings.catch_warnings(action="error"):
        return [piece async for piece in answer]


def test_a_kept_picture_comes_piece_by_piece_and_nobody_is_asked_for_it_again(client, run):
    content = PNG + bytes(3 * PIECE)
    with serves(PNG) as there:
        keep_bytes(run, f"{there.url}/a.png", content, "image/png")

        answer = press(client, run, f"{there.url}/a.png")
        pieces = asyncio.run(pieces_of(answer))

    assert b"".join(pieces) == content
    assert [len(piece) for piece in pieces] == [PIECE, PIECE, PIECE, len(PNG)]
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert there.requests == []


def test_a_picture_whose_file_is_gone_is_fetched_again(client, run):
    with serves(PNG) as there:
        trust(run, there.url)
        keep_bytes(run, f"{there.url}/a.png", b"old" + PNG, "image/png")
        kept_of(run, f"{there.url}/a.png").path.unlink()

        answer = press(client, run, f"{there.url}/a.png")

    assert answer.content == PNG


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://", "http://me:secret@example.com/a.png", 7, "//x/y"])
def test_addresses_that_are_none_are_refused(client, run, url):
    answer = press(client, run, url)

    assert (answer.status_code, answer.json()) == (422, {"message": "This is no address that can be fetched."})


def test_a_stranger_fetches_nothing_through_a_foreign_run(stranger_client, run):
    assert press(stranger_client, run, "https://example.com/a.png").status_code == 404
    run.uuid = uuid.uuid4()
    assert press(stranger_client, run, "https://example.com/a.png").status_code == 404
