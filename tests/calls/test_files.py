"""Files are put where the dialect wants them, in forms and in JSON."""

import base64
import json
from email.parser import BytesParser
from typing import Any

import pytest

from playground.calls import Attachment, Call
from tests.calls.made import CAT, call, refused


def test_a_form_carries_fields_and_files():
    mask = Attachment('ma"sk\n.png', "image/png", b"\r\n--mask\x00")
    body = {
        "model": "m",
        "image[]": ["@file:cat.png"],
        "mask": f"@file:{mask.name}",
        "n": 2,
        "stream": False,
        "user": None,
    }

    made = call("image-edit", files=(CAT, mask), body=body)

    assert parts_of(made) == [
        ("model", None, b"m"),
        ("image[]", "cat.png", CAT.content),
        ("mask", "ma%22sk%0A.png", mask.content),
        ("n", None, b"2"),
        ("stream", None, b"false"),
    ]
    assert made.model == "m"


def test_a_form_spells_lists_and_objects_with_brackets():
    body = {
        "file": "@file:cat.png",
        "model": "whisper-1",
        "timestamp_granularities": ["word", "segment"],
        "chunking_strategy": {"type": "server_vad"},
    }

    made = call("audio-transcribe", files=(CAT,), body=body)

    assert [(name, content) for name, filename, content in parts_of(made) if filename is None] == [
        ("model", b"whisper-1"),
        ("timestamp_granularities[]", b"word"),
        ("timestamp_granularities[]", b"segment"),
        ("chunking_strategy[type]", b"server_vad"),
    ]


def test_a_file_that_was_not_uploaded_is_refused():
    assert refused("image-edit") == (
        "file_missing",
        "image[]",
        "There is no uploaded file “input.png” for image[]. Choose the file again.",
    )


def test_a_form_is_an_object_and_sets_its_own_content_type():
    assert refused("image-edit", body_text="[]")[0] == "not_an_object"
    assert refused("image-edit", headers={"Content-Type": "multipart/form-data"})[0] == "header_form"


BARE = base64.b64encode(CAT.content).decode()
URL = f"data:image/png;base64,{BARE}"


@pytest.mark.parametrize(
    ("id", "holder", "sent"),
    [
        ("chat-vision-base64", {"url": "@file:cat.png"}, {"url": URL}),
        ("chat-pdf", {"file_data": "@file:cat.png"}, {"file_data": URL}),
        ("full-chat", {"input_audio": {"data": "@file:cat.png"}}, {"input_audio": {"data": BARE}}),
        ("full-responses", {"image_url": "@file:cat.png"}, {"image_url": URL}),
        ("claude-vision", {"type": "base64", "data": "@file:cat.png"}, {"type": "base64", "data": BARE}),
        ("gemini-vision", {"inlineData": {"data": "@file:cat.png"}}, {"inlineData": {"data": BARE}}),
        ("mj-blend", {"base64Array": ["@file:cat.png"]}, {"base64Array": [URL]}),
        ("chat-basic", {"content": "@file:cat.png"}, {"content": "@file:cat.png"}),
    ],
)
def test_a_file_is_put_where_the_dialect_wants_it_and_nowhere_else(id: str, holder: Any, sent: Any):
    assert json.loads(call(id, files=(CAT,), body={"x": holder}).body) == {"x": sent}


def test_a_text_source_carries_the_text_itself():
    notes = Attachment("notes.txt", "text/plain", '正文 "1"'.encode())
    source = {"type": "text", "data": "@file:notes.txt"}

    assert json.loads(call("claude-vision", files=(notes,), body=source).body)["data"] == '正文 "1"'
    assert refused("claude-vision", files=(CAT,), body={"type": "text", "data": "@file:cat.png"})[0] == "file_not_text"


def test_a_typed_body_keeps_its_spelling_around_a_file():
    typed = '{ "@file:cat.png" : "@file:cat.png", "n": 1.50,\n "url": "\\u0040file:cat.png", "url2":"@file:cat.png" }'

    sent = call(files=(CAT,), body_text=typed).body.decode()

    assert sent == typed.replace('"\\u0040file:cat.png"', f'"{URL}"')


def test_a_missing_file_of_a_json_body_is_refused():
    assert refused("chat-vision-base64", body={"url": "@file:dog.png"})[:2] == ("file_missing", "url")


def parts_of(made: Call) -> list[tuple[str, str | None, bytes]]:
    """The parts of a form as another program reads them."""
    head = f"Content-Type: {made.content_type}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + made.body).get_payload()
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_payload(decode=True),
        )
        for part in parts
    ]
