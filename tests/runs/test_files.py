"""Runs that are started with uploaded files: sent as the dialect wants them, kept as marks."""

import base64
import io
import json
import tracemalloc
import uuid

import pytest
from PIL import Image

from playground import catalogue
from playground.calls import Attachment as File
from playground.calls import call_from
from playground.calls.attachments import MOST_BYTES
from playground.models import Attachment, Run
from tests.people import Person
from tests.samples.capture import Captured
from tests.upstream import says

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
WAV = b"RIFF\x24\x10\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\x10\0\0" + bytes(4096)
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"text":"ok"}'
LARGE = 50 * 2**20


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def upload(person: Person, content: bytes = PNG, name: str = "cat.png", mime: str = "image/png") -> dict:
    headers = {"X-CSRFToken": person.http.cookies["csrftoken"], "Referer": person.url}
    answer = person.http.post("/attachments/", files={"file": (name, content, mime)}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def vision(mark: str) -> dict:
    parts = [{"type": "text", "text": f"look at {mark}"}, {"type": "image_url", "image_url": {"url": mark}}]
    return {"body": {"model": "m", "messages": [{"role": "user", "content": parts}]}}


def sent_form(request) -> list:
    return Captured(request.method, request.path, request.headers, request.body).content


MULTIPART = {
    "image-edit": lambda mark: {"model": "gpt-image-1", "prompt": "x", "image[]": [mark, mark], "mask": mark},
    "audio-transcribe": lambda mark: {"model": "whisper-1", "file": mark},
    "audio-translate": lambda mark: {"model": "whisper-1", "file": mark},
    "video-create": lambda mark: {"model": "sora-2", "prompt": "x", "input_reference": mark},
}


@pytest.mark.parametrize("operation", MULTIPART)
def test_a_multipart_operation_really_sends_the_file_in_a_form(owner, gateway, operation):
    there = gateway(says(OK))
    told = upload(owner)
    body = MULTIPART[operation](told["mark"])

    seen = owner.run(operation, {"body": body})

    [request] = there.requests
    assert seen.error == {}
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    wanted = [
        (name, "cat.png" if item == told["mark"] else None, PNG if item == told["mark"] else item.encode())
        for name, value in body.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    assert sent_form(request) == wanted


@pytest.mark.parametrize("operation", MULTIPART)
def test_the_sandbox_takes_the_form_and_answers_it(owner, operation):
    is_sound = operation.startswith("audio")
    told = upload(owner, WAV, "a.wav", "audio/wav") if is_sound else upload(owner, _picture(), "a.png", "image/png")

    seen = owner.run(operation, {"body": MULTIPART[operation](told["mark"])}, seconds=60)

    assert (seen.state, seen.problem) == ("succeeded", {})


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (720, 1280)).save(drawn, "PNG")
    return drawn.getvalue()


DIALECTS = {
    "chat-basic": (
        lambda mark: {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": mark}}]}]},
        lambda body: body["messages"][0]["content"][0]["image_url"]["url"],
        "data:image/png;base64,",
    ),
    "responses": (
        lambda mark: {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": mark}]}]},
        lambda body: body["input"][0]["content"][0]["image_url"],
        "data:image/png;base64,",
    ),
    "claude-chat": (
        lambda mark: {
            "max_tokens": 9,
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": mark}}
                    ],
                }
            ],
        },
        lambda body: body["messages"][0]["content"][0]["source"]["data"],
        "",
    ),
    "gemini-chat": (
        lambda mark: {
            "contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": mark}}]}]
        },
        lambda body: body["contents"][0]["parts"][0]["inlineData"]["data"],
        "",
    ),
}


@pytest.mark.parametrize("operation", DIALECTS)
def test_a_file_takes_the_place_of_its_mark_as_the_dialect_wants_it(owner, gateway, operation):
    there = gateway(says(OK))
    told = upload(owner)
    write, read, before = DIALECTS[operation]
    found = catalogue.find(operation) or catalogue.find("full-responses")
    model = {} if found.path_values else {"model": "m"}

    owner.run(found.id, {"path": found.path_values, "body": {**model, **write(told["mark"])}})

    assert read(there.requests[0].json) == before + base64.b64encode(PNG).decode()


def test_what_is_kept_holds_marks_and_names_the_run_of_the_file(owner, member, gateway):
    there = gateway(says(OK))
    told = upload(owner)

    seen = owner.run("chat-basic", vision(told["mark"]), stream=True)

    kept = member.http.get(f"/runs/{seen.run}/request.json").json()
    assert json.loads(kept["call"]["body_text"]) == vision(told["mark"])["body"]
    assert base64.b64encode(PNG).decode() in there.requests[0].body.decode()
    assert "base64," not in json.dumps(kept)
    assert told["mark"] in kept["sent"]["body_text"]
    assert [str(run.uuid) for run in Attachment.objects.get().runs.all()] == [seen.run]
    assert there.requests[0].json["messages"][0]["content"][0]["text"] == f"look at {told['mark']}"


def test_a_run_from_history_is_run_again_by_another_member_with_the_same_file(owner, member, gateway):
    there = gateway(says(OK))
    first = owner.run("chat-basic", vision(upload(owner)["mark"]))
    call = member.http.get(f"/runs/{first.run}/request.json").json()["call"]

    again = member.run("chat-basic", call, retry_of=first.run)
    Run.objects.filter(uuid=first.run).delete()
    last = member.run("chat-basic", call)

    assert [again.error, last.error] == [{}, {}]
    assert [request.json for request in there.requests] == [there.requests[0].json] * 3
    assert Attachment.objects.get().runs.count() == 2


@pytest.mark.parametrize("whose", ["nobody", "a stranger", "no id at all", "another member"])
def test_a_missing_or_foreign_file_is_refused_at_its_field_and_nothing_is_sent(owner, member, stranger, gateway, whose):
    there = gateway(says(OK))
    marks = {
        "nobody": lambda: f"@file:{uuid.uuid4()}",
        "a stranger": lambda: upload(stranger)["mark"],
        "no id at all": lambda: "@file:cat.png",
        "another member": lambda: upload(member)["mark"],
    }
    mark = marks[whose]()

    refused = owner.run("audio-transcribe", {"body": {"model": "whisper-1", "file": mark}}).error

    assert (refused["code"], refused["field"]) == ("bad_call", "file")
    assert mark.removeprefix("@file:") in refused["message"]
    assert (there.requests, Run.objects.count()) == ([], 0)


def test_a_file_named_many_times_cannot_make_a_body_without_end(owner, gateway, tmp_path):
    there = gateway(says(OK))
    told = upload(owner, PNG + bytes(2**20))
    parts = [{"type": "image_url", "image_url": {"url": told["mark"]}}] * (MOST_BYTES // 2**20)

    refused = owner.run("chat-basic", {"body": {"model": "m", "messages": [{"role": "user", "content": parts}]}}).error

    assert (refused["code"], there.requests) == ("bad_call", [])
    assert "128 MiB" in refused["message"]


@pytest.mark.parametrize("operation", ["audio-transcribe", "chat-basic"])
def test_a_large_file_is_in_memory_less_than_twice_while_its_call_is_made(tmp_path, operation):
    (tmp_path / "large").write_bytes(bytes(LARGE))
    files = {"large": File("large.wav", "audio/wav", tmp_path / "large")}
    body = MULTIPART[operation]("@file:large") if operation in MULTIPART else vision("@file:large")["body"]
    tracemalloc.start()
    try:
        call = call_from(catalogue.find(operation), {"body": body}, attachments=files)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(call.body) > LARGE
    assert most < 2 * LARGE
