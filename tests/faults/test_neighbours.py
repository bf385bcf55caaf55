"""What stands beside the site fails: balances, mail, the store of files; and its database moves house."""

import asyncio
import hashlib
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import BalanceReading, BalanceStanding, Gateway, Invitation, Key
from playground.models import Attachment
from tests.conftest import free_port
from tests.faults.tabs import Tab
from tests.people import chat, start
from tests.tasks.following import VIDEO, follow
from tests.upstream import upstream


def test_f45_an_invitation_stands_once_and_its_link_is_shown_when_the_mail_server_is_down(owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    token = {"csrfmiddlewaretoken": owner.http.cookies["csrftoken"]}

    form = {"email": "new@example.org", "role": "member", **token}
    page = owner.http.post("/team/invitations/", data=form, headers={"Referer": owner.url})
    again = owner.http.post("/team/invitations/", data=form, headers={"Referer": owner.url})
    link = re.search(r"http://[\w.:]+(/team/join/[\w-]+/)", page.text)

    assert (page.status_code, again.status_code) == (200, 200)
    assert Invitation.objects.filter(email="new@example.org").count() == 1
    assert link
    assert owner.http.get(link[1]).status_code == 200


def test_f18_old_balances_are_shown_with_their_age_while_the_gateway_hangs(owner, settings):
    async def hang(request, writer):
        await asyncio.sleep(60)

    with upstream(hang) as there:
        gateway = Gateway.objects.create(name="Hangs", base_url=there.url, trusted=True, kind="new-api")
        Key.objects.update(gateway=gateway)
        key, then = Key.objects.filter(team__name="Demo team").first(), timezone.now() - timedelta(hours=3)
        reading = BalanceReading.objects.create(
            key=key, of="key", binds="key", unit="USD", left=Decimal("12.34"), limit=Decimal(100), at=then
        )
        BalanceStanding.objects.create(key=key, reading=reading, asked_at=then, told_at=then, code="timeout")

        pages = [owner.http.get(path) for path in ("/balances/", "/keys/", "/")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "12.34" in pages[0].text
    assert then.strftime("%Y-%m-%dT%H:%M") in pages[0].text
    assert there.requests == []


@pytest.fixture
def tasks_are_followed(settings, tmp_path):
    """Jobs are worked off in the server, often, and files are kept in a folder of this test."""
    settings.JOBS, settings.DATA_DIR = "inside", tmp_path
    settings.TASK_POLL_SECONDS, settings.TASK_LOOK_SECONDS = 0.2, 0.1
    return tmp_path / "uploads"


def test_f48_a_result_that_could_not_be_kept_is_fetched_later_and_once(tasks_are_followed, owner):
    uploads = tasks_are_followed
    uploads.write_text("no folder can be made here")
    with owner.socket() as socket:
        run = start(socket, "video-create", VIDEO)
        waiting = follow(socket, run, until=lambda told: bool(told.task.get("error")), seconds=60)
        uploads.unlink()
        told = follow(socket, run, seconds=60)

    assert (waiting.task["over"], waiting.task["state"]) == (False, "succeeded")
    [result] = told.task["results"]
    assert owner.http.get(result["url"]).headers["content-type"] == "video/mp4"
    assert Attachment.objects.results().count() == 1


def test_f42_a_dump_made_under_load_is_whole_elsewhere_and_its_keys_open(
    database, postgres_server, data, tmp_path, counting, history
):
    there, dump = counting(120), tmp_path / "dump"
    with database.site(data, GATEWAY_URL=there.url) as server:
        person = server.person()
        done = [person.run("chat-stream", chat(user=f"done {number}")).run for number in range(1)]
        tabs = [Tab(person, history).wait(5) for _ in range(5)]
        postgres_server.program("pg_dump", "--format=custom", database.url, into=dump)
        for tab in tabs:
            tab.join()
    elsewhere = postgres_server.fresh("template0")
    postgres_server.program("pg_restore", f"--dbname={elsewhere.url}", str(dump))
    with elsewhere.site(tmp_path / "new", GATEWAY_URL=there.url, RUN_HEARTBEAT_SECONDS="0.5") as server:
        person = server.person()
        kept = {run: person.watch(run) for run in done}
        cut = [person.watch(tab.run, seconds=60) for tab in tabs]
        seen = person.run("chat-stream", chat(user="elsewhere"))

    assert [_digest(each, done) for each in (database, elsewhere)] == [_digest(database, done)] * 2
    assert {each.state for each in kept.values()} == {"succeeded"}
    assert {each.state for each in cut} <= {"interrupted", "succeeded"}
    assert all(tab.text().startswith(each.text()) for tab, each in zip(tabs, cut, strict=True))
    assert seen.state == "succeeded"


def _digest(database, runs) -> str:
    rows = database.sql(
        "SELECT run.uuid, f.last, f.frames, f.events FROM playground_run run JOIN playground_run_frames f"
        " ON f.run_id = run.id WHERE run.uuid = ANY(%s) ORDER BY 1, 2",
        runs,
    )
    assert rows
    return hashlib.sha256(repr([tuple(map(str, row)) for row in rows]).encode()).hexdigest()
