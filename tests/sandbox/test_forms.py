"""Forms with files, and what is told of them."""

import httpx
import pytest

from playground.sandbox import forms
from playground.sandbox.refusals import Refused

BOUNDARY = "multipart/form-data; boundary=cut"


def part(head: str, content: bytes) -> bytes:
    return b"--cut\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def test_fields_lists_and_files_are_told_apart() -> None:
    body = (
        part('Content-Disposition: form-data; name="model"', b"gpt-image-1")
        + part('Content-Disposition: form-data; name="include[]"', b"logprobs")
        + part('Content-Disposition: form-data; name="tag"', "一".encode())
        + part('Content-Disposition: form-data; name="tag"', "二".encode())
        + part(
            'Content-Disposition: form-data; name="image[]"; filename="a.png"\r\nContent-Type: image/png',
            b"\r\n--cu\0t",
        )
        + b"--cut--\r\n"
    )

    given = forms.read(BOUNDARY, body)

    assert given.fields == {"model": "gpt-image-1", "include": ["logprobs"], "tag": ["一", "二"]}
    assert [(f.field, f.name, f.mime, bytes(f.content)) for f in given.files] == [
        ("image", "a.png", "image/png", b"\r\n--cu\0t")
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"--cut\r\nhalf a head",
        part('Content-Disposition: form-data; name="a"', b"1"),
        part("Content-Disposition: form-data", b"no name") + b"--cut--",
        part('Content-Disposition: form-data; name="a"', b"1") * 300 + b"--cut--",
        part('Content-Disposition: form-data; name="a"', b"1" * (2 << 20)) + b"--cut--",
    ],
    ids=["empty", "text", "half a head", "no end", "no name", "too many parts", "too long a field"],
)
def test_a_broken_form_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        forms.read(BOUNDARY, body)

    assert refused.value.status == 400


def test_a_form_without_a_boundary_is_refused_by_a_sentence(http: httpx.Client) -> None:
    answer = http.post("/v1/images/edits", content=b"x", headers={"content-type": "multipart/form-data"})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "no multipart boundary param in Content-Type"


def test_the_same_form_gets_the_same_answer_whatever_its_boundary(http: httpx.Client) -> None:
    def asked(boundary: str) -> bytes:
        fields = {"model": "gpt-image-1:fast", "prompt": "a hat", "size": "64x64"}
        files = {"image": ("a.png", b"\x89PNG", "image/png")}
        return http.post(
            "/v1/images/edits",
            data=fields,
            files=files,
            headers={"content-type": f"multipart/form-data; boundary={boundary}"},
        ).content

    assert asked("one") == asked("another-one")
