"""Files made to hurt: bombs, two kinds in one, pictures that are programs. What is refused by kind, size and name stands in
`views/test_attachments.py`."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.demo import MEMBER, OWNER, STRANGER
from playground.models import Attachment

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(width: int, height: int) -> bytes:
    """A small file that says it is a picture of that size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + head + chunk(b"IDAT", zlib.compress(bytes(2**20))) + chunk(b"IEND", b"")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(2**24))
    return out.getvalue()


SCRIPT = b"<script>alert(document.domain)</script>"
# Each begins as something that is taken, or pretends to.
POLYGLOTS = {
    "a picture with a page behind it": PNG + SCRIPT,
    "GIF and JavaScript": b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)//",
    "JPEG with a page in its comment": b"\xff\xd8\xff\xfe\x00\x50" + SCRIPT + b"\xff\xd9",
    "PDF with a script": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj" + SCRIPT,
    "a picture and an archive": PNG + bytes(32) + zipped(),
    "WebP and a page": b"RIFF\x00\x00\x00\x00WEBP" + SCRIPT,
    "sound and a page": b"ID3" + SCRIPT,
    "film and a page": b"\x00\x00\x00\x18ftypisom" + SCRIPT,
}
# Programs, pages and what a browser would run, whatever they are called.
REFUSED = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG with a mark of order": b"\xef\xbb\xbf<?xml version='1.0'?><svg onload='alert(1)'/>",
    "SVG in UTF-16": "<svg onload='alert(1)'/>".encode("utf-16"),
    "a page": b"<!doctype html>" + SCRIPT,
    "a page behind spaces": b" \n\t" + SCRIPT,
    "XML with an entity outside": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "an archive": zipped(),
    "a program": b"MZ" + bytes(64),
    "another program": b"\x7fELF" + bytes(64),
    "a compressed bomb": zlib.compress(bytes(2**24)),
    "PostScript": b"%!PS-Adobe-3.0\n",
    "a text": b"hello",
    "a picture after a letter": b"x" + PNG,
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(16),
}


def upload(client, content: bytes, name: str = "cat.png", mime: str = "image/png"):
    return client.post("/attachments/", {"file": SimpleUploadedFile(name, content, mime)})


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_file_of_two_kinds_can_run_as_neither(client_of, demo, name):
    client = client_of(OWNER)
    told = upload(client, POLYGLOTS[name], "x.html", "text/html").json()

    given = client.get(told["url"])

    assert given.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert given.headers["Content-Type"].startswith(("image/", "audio/", "video/", "application/octet-stream"))
    assert "svg" not in given.headers["Content-Type"]
    assert told["mime"] != "text/html"


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("said", ["image/png", "image/svg+xml", "text/html"])
def test_what_is_no_picture_sound_film_or_document_is_not_taken(client_of, demo, name, said):
    answer = upload(client_of(OWNER), REFUSED[name], "cat.png", said)

    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_kind")
    assert not Attachment.objects.exists()


def test_a_picture_that_would_fill_the_memory_when_drawn_is_never_drawn_here(client_of, demo):
    """The site reads the first bytes of a file and nothing else: its bytes come back as they came."""
    bomb = picture(60_000, 60_000)

    told = upload(client_of(OWNER), bomb).json()

    assert told["size"] == len(bomb)
    assert Attachment.objects.get().open().read() == bomb


def test_a_file_of_others_is_no_more_there_than_a_missing_one(client_of, demo):
    told = upload(client_of(OWNER), PNG + bytes(32)).json()

    for email in (STRANGER, MEMBER):  # nobody has started a run with it yet
        assert client_of(email).get(told["url"]).status_code == 404
        assert client_of(email).get(f"/attachments/{told['id']}.json").status_code == 404


def test_two_files_in_one_form_are_one(client_of, demo):
    form = {"file": SimpleUploadedFile("a.png", PNG + b"a"), "other": SimpleUploadedFile("b.png", PNG + b"b")}
    client_of(OWNER).post("/attachments/", form)

    assert Attachment.objects.count() <= 1
