"""Pictures that an answer only points to are kept here before their links die."""

import base64
import json
import time

import pytest

from accounts.models import Team
from playground.models import Attachment, Keeping

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
CALL = {"body": {"model": "gpt-image-1", "prompt": "a cat", "n": 2}}


class Gallery:
    """A gateway that answers with links to pictures of its own; while `is_closed` the pictures are not there."""

    is_closed = False

    async def __call__(self, request, writer):
        if request.method == "GET":
            self.tell(writer, "404 Not Found" if self.is_closed else "200 OK", "image/png", PNG)
        else:
            home = f"http://{request.headers['host']}"
            links = [{"url": f"{home}/files/{name}.png?signature=x%2By"} for name in ("one", "two")]
            self.tell(writer, "200 OK", "application/json", json.dumps({"created": 1, "data": links}).encode())
        await writer.drain()

    def tell(self, writer, status, kind, body):
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)


def kept(count, seconds=60):
    """Wait until so many files are kept; them."""
    limit = time.monotonic() + seconds
    while Attachment.objects.results().count() < count and time.monotonic() < limit:
        time.sleep(0.1)
    return list(Attachment.objects.results())


@pytest.fixture
def gallery():
    return Gallery()


def test_pictures_behind_links_are_kept_and_shown_when_the_links_are_dead(owner, gateway, gallery):
    there = gateway(gallery)
    run = owner.run("image-generate", CALL)

    files = kept(2)
    gallery.is_closed = True
    page = owner.http.get(f"/runs/{run.run}/")
    shown = owner.http.post(
        f"/runs/{run.run}/picture",
        json={"url": f"{there.url}/files/one.png?signature=x%2By"},
        headers={"X-CSRFToken": owner.http.cookies["csrftoken"], "Referer": owner.url + "/"},
    )

    assert page.status_code == 200
    assert [(file.name, file.mime, file.size) for file in files] == [
        ("one.png", "image/png", len(PNG)), ("two.png", "image/png", len(PNG))
    ]  # fmt: skip
    assert (shown.status_code, shown.headers["content-type"], shown.content) == (200, "image/png", PNG)
    assert all("authorization" not in asked.headers for asked in there.requests if asked.method == "GET")


def test_a_team_that_keeps_figures_only_keeps_no_pictures(owner, gateway, gallery):
    there = gateway(gallery)
    Keeping.objects.create(team=Team.objects.get(name="Demo team"), what="figures")

    owner.run("image-generate", CALL)
    time.sleep(3)

    assert Attachment.objects.results().count() == 0
    assert [asked.path for asked in there.requests if "/files/" in asked.path] == []
