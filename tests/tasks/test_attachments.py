"""Files that are kept: for members of their team, whole or in parts, unable to run."""

import pytest

from accounts.models import Membership, Team, User
from playground.models import Attachment, Incoming, Run
from playground.models.attachments import file_name, folder
from tests.tasks.following import VIDEO, submitted


@pytest.fixture
def kept(owner):
    """Makes an attachment of the owner's run: `kept(b"…", "image/png")`."""
    submitted(owner, "video-create", VIDEO)
    run = Run.objects.get()

    def make(content=b"0123456789", mime="video/mp4", **more):
        incoming = Incoming()
        incoming.write(content)
        more = {"run": run, "owner_id": run.user_id, "name": "a.bin", "source": str(len(content)), **more}
        return incoming.keep(Attachment(team_id=run.team_id, mime=mime, **more))

    return make


def test_a_file_is_seen_by_its_team_and_by_nobody_else(kept, owner, member, stranger):
    url = kept().url

    assert [person.http.get(url).status_code for person in (owner, member, stranger)] == [200, 200, 404]


def test_an_upload_that_belongs_to_no_run_is_seen_by_its_owner_only(kept, owner, member):
    url = kept(run=None, kind="upload").url

    assert [person.http.get(url).status_code for person in (owner, member)] == [200, 404]


def test_who_is_signed_out_is_sent_to_sign_in(kept, owner):
    url = kept().url
    owner.http.cookies.clear()

    assert owner.http.get(url, follow_redirects=False).headers["location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_part_of_a_file_can_be_had(kept, owner, asked, status, content, told):
    answer = owner.http.get(kept().url, headers={"range": asked} if asked else {})

    assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, content, told)


def test_a_part_of_another_version_is_not_given(kept, owner):
    answer = owner.http.get(kept().url, headers={"range": "bytes=2-4", "if-range": '"other"'})

    assert (answer.status_code, answer.content) == (200, b"0123456789")


@pytest.mark.parametrize(
    ("mime", "type", "disposition"),
    [
        ("image/png", "image/png", "inline"),
        ("video/mp4", "video/mp4", "inline"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("application/pdf", "application/octet-stream", "attachment"),
    ],
)
def test_nothing_that_could_run_is_shown(kept, owner, mime, type, disposition):
    answer = owner.http.get(kept(mime=mime).url)

    assert answer.headers["content-type"] == type
    assert answer.headers["content-disposition"] == f'{disposition}; filename="a.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"


def test_the_same_result_is_kept_once_and_leaves_no_bytes(kept):
    first = kept(kind="result", source="one")
    before = {path for path in folder().rglob("*") if path.is_file()}

    assert kept(kind="result", source="one") is None
    assert {path for path in folder().rglob("*") if path.is_file()} == before
    assert first.open().read() == b"0123456789"


def test_a_deleted_file_leaves_no_bytes(kept):
    attachment = kept()

    path = attachment.path
    attachment.delete()

    assert not path.exists()


def test_a_deleted_run_leaves_no_bytes(kept, owner):
    attachment = kept()
    Run.objects.update(state="succeeded")

    token = {"X-CSRFToken": owner.http.cookies["csrftoken"], "Origin": owner.url}

    owner.http.post(f"/runs/{attachment.run.uuid}/delete/", data={"name": str(attachment.run.uuid)[:8]}, headers=token)

    assert not Run.objects.exists() and not Attachment.objects.exists()
    assert not attachment.path.exists()


def test_a_team_that_requires_a_second_factor_shows_no_file_without_one(kept, member):
    attachment = kept()
    elsewhere = Team.objects.create(name="Elsewhere")
    Membership.objects.create(team=elsewhere, user=User.objects.get(email=member.email))
    Team.objects.filter(pk=attachment.team_id).update(requires_second_factor=True)

    token = {"X-CSRFToken": member.http.cookies["csrftoken"], "Origin": member.url}
    assert "Elsewhere" in member.http.post("/team/switch/", data={"team": str(elsewhere.public_id)}, headers=token).text
    assert member.http.get(attachment.url).status_code == 404


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("a b.png", "a_b.png"),
        ("猫.png", "猫.png"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".mp4", "x" * 138 + ".mp4"),
        ('a"\r\nSet-Cookie: b.png', "aSet-Cookie_b.png"),
    ],
)
def test_names_are_harmless(wished, name):
    assert file_name(wished) == name
