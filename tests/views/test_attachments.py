"""Uploading: what is taken, what is refused with which sentence, and who may."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts.demo import MEMBER, OWNER
from accounts.models import Membership, Role
from playground.jobs.uploads import remove_unused_uploads
from playground.models import Attachment, Draft, SavedRequest
from playground.models.attachments import INCOMING, folder
from playground.models.kinds import kind_of
from tests.views.runs_made import make_run

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)

KINDS = [
    (PNG, "", "image/png"),
    (b"\xff\xd8\xff\xe0" + bytes(40), "", "image/jpeg"),
    (b"GIF89a" + bytes(40), "", "image/gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp"),
    (b"%PDF-1.7\n", "", "application/pdf"),
    (b"RIFF\0\0\0\0WAVEfmt ", "", "audio/wav"),
    (b"OggS" + bytes(40), "", "audio/ogg"),
    (b"fLaC" + bytes(40), "", "audio/flac"),
    (b"ID3\x04" + bytes(40), "", "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + bytes(40), "", "audio/mpeg"),
    (b"\0\0\0\x1cftypM4A \0\0", "", "audio/mp4"),
    (b"\0\0\0\x1cftypisom\0\0", "audio/mp4", "audio/mp4"),
    (b"\0\0\0\x1cftypisom\0\0", "image/png", "video/mp4"),
    (b"\x1aE\xdf\xa3\x01\0\x42\x82\x84webm", "audio/webm", "audio/webm"),
    (b"\x1aE\xdf\xa3\x01\0\x42\x82\x84webm", "", "video/webm"),
    (b"\x1aE\xdf\xa3\x01\0\x42\x82\x88matroska", "video/webm", None),
    (b"\xff\xf1\x50\x80" + bytes(40), "audio/mpeg", None),
    (b"\xff\xff\xff\xff", "audio/mpeg", None),
    (b"\0\0\0\x1cftypheic\0\0", "image/png", None),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", None),
    (b"<!doctype html><script>1</script>", "image/png", None),
    (b"MZ\x90\0", "video/mp4", None),
    (b"x", "", None),
]


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def upload(client, content=PNG, name="cat.png", mime="image/png"):
    """Upload as a browser spells it; a hostile name goes out as it is."""
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'
    body = head.encode() + content + b"\r\n--b--\r\n"
    return client.post("/attachments/", body, content_type="multipart/form-data; boundary=b")


def left():
    return [path for path in folder().rglob("*") if path.is_file()] if folder().exists() else []


def refusal(answer):
    told = answer.json()
    assert told["message"].endswith(("。", "."))
    return answer.status_code, told["code"]


@pytest.mark.parametrize(("start", "said", "mime"), KINDS)
def test_a_file_is_known_by_its_first_bytes(start, said, mime):
    assert kind_of(start[:64], said) == mime


def test_an_upload_is_kept_and_told_with_its_mark(client):
    answer = upload(client)

    told = answer.json()
    assert answer.status_code == 201
    assert told == {
        "id": told["id"],
        "name": "cat.png",
        "mime": "image/png",
        "size": len(PNG),
        "url": f"/attachments/{told['id']}/",
        "mark": f"@file:{told['id']}",
    }
    assert Attachment.objects.get().open().read() == PNG
    assert client.get(f"/attachments/{told['id']}.json").json() == told


@pytest.mark.parametrize(
    ("content", "name", "refused"),
    [
        (b"", "cat.png", (400, "empty")),
        (b"<svg onload='alert(1)'/>", "cat.png", (415, "wrong_kind")),
        (PNG, "..", (400, "no_file")),
    ],
)
def test_what_is_of_no_use_is_refused_with_a_sentence_and_leaves_no_bytes(client, content, name, refused):
    assert refusal(upload(client, content, name)) == refused
    assert (Attachment.objects.count(), left()) == (0, [])


def test_a_form_without_a_file_and_what_is_no_form_are_refused(client):
    broken = client.post("/attachments/", b"--x\r\n", content_type="multipart/form-data")

    assert refusal(client.post("/attachments/", {"name": "x"})) == (400, "no_file")
    assert refusal(broken) == (400, "bad_form")


def test_a_file_past_the_limit_is_refused_with_the_limit_and_leaves_no_bytes(client, settings):
    settings.UPLOAD_BYTES = 2**20
    answer = upload(client, PNG + bytes(2**20))

    assert refusal(answer) == (413, "too_large")
    assert "1 MiB" in answer.json()["message"]
    assert refusal(upload(client, PNG + bytes(2**21))) == (413, "too_large")
    assert left() == []
    assert upload(client, PNG + bytes(2**20 - len(PNG))).status_code == 201


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\windows\\cat.png", "cat.png"),
        ("猫 的照片.png", "猫_的照片.png"),
        ('a"; filename="b.html', "htmlescaped"),
        ("x" * 300 + ".png", "x" * 138 + ".png"),
    ],
)
def test_a_hostile_name_becomes_a_harmless_one(client, name, kept):
    told = upload(client, name=name).json()

    assert told["name"] == kept or (kept == "htmlescaped" and not set(told["name"]) & set('"\\/;\r\n'))
    assert client.get(told["url"])["content-disposition"].startswith("inline")
    assert Attachment.objects.get().path.is_relative_to(folder())


def test_viewers_and_strangers_upload_nothing(client, client_of):
    Membership.objects.filter(user__email=MEMBER).update(role=Role.VIEWER)

    assert refusal(upload(client_of(MEMBER))) == (403, "forbidden")
    assert refusal(upload(Client())) == (401, "signed_out")
    assert left() == []


def test_an_upload_needs_the_token_of_a_page(demo, client_of):
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client_of(OWNER).cookies

    assert upload(checked).status_code == 403
    assert (Attachment.objects.count(), left()) == (0, [])


def test_what_was_uploaded_is_seen_by_its_owner_only_until_a_run_is_started_with_it(
    client, client_of, stranger_client, team, owner
):
    url = upload(client).json()["url"]
    people = [client, client_of(MEMBER), stranger_client]
    before = [person.get(url).status_code for person in people]
    Attachment.objects.get().runs.add(make_run(team, owner))

    assert before == [200, 404, 404]
    assert [person.get(url).status_code for person in people] == [200, 200, 404]
    assert [person.get(url[:-1] + ".json").status_code for person in people] == [200, 200, 404]


def test_a_part_can_be_had_and_nothing_can_run(client):
    answer = client.get(upload(client).json()["url"], headers={"range": "bytes=1-3"})

    assert (answer.status_code, answer["content-range"]) == (206, f"bytes 1-3/{len(PNG)}")
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["content-security-policy"].startswith("sandbox")


def test_only_what_nothing_refers_to_is_removed_after_a_day(client, team, owner):
    names = ["fresh", "unused", "of a run", "in a draft", "saved"]
    kept = {name: upload(client, name=f"{name}.png").json() for name in names}
    marked = {name: json.dumps({"text": json.dumps({"url": told["mark"]})}) for name, told in kept.items()}
    Attachment.objects.exclude(name="fresh.png").update(
        created=Attachment.objects.get(name="fresh.png").created - timedelta(days=2)
    )
    Attachment.objects.get(name="of_a_run.png").runs.add(make_run(team, owner))
    Draft.objects.create(user=owner, team=team, operation="chat-basic", call=marked["in a draft"])
    saved = SavedRequest.objects.create(team=team, owner=owner, name="x", operation="chat-basic")
    saved.versions.create(number=1, author=owner, call=marked["saved"])
    remove_unused_uploads()

    assert set(Attachment.objects.values_list("name", flat=True)) == {
        "fresh.png", "of_a_run.png", "in_a_draft.png", "saved.png",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_removed_upload_go_with_it(client):
    upload(client)
    Attachment.objects.update(created="2020-01-01T00:00Z")
    (folder() / f"{INCOMING}broken").write_bytes(b"x")

    remove_unused_uploads()

    assert [path.name for path in left()] == [f"{INCOMING}broken"]
