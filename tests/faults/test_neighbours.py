"""What stands beside the site fails: balances, mail, the store of files; and its database moves house."""

import asyncio
import hashlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import BalanceReading, BalanceStanding, Gateway, Invitation, Key
from playground.models import Attachment, Shelf
from playground.offers import Listing, Offer
from playground.shelf.asking import Outcome
from playground.shelf.keeping import keep
from tests.faults.tabs import Tab
from tests.people import Person, chat, start
from tests.ports import free_port
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


def test_f18_old_balances_and_lists_of_models_are_shown_with_their_age_while_the_gateway_hangs(owner, settings):
    """What is asked by hand waits for the gateway as long as that hangs; pages come meanwhile, whatever the clock says."""
    over = threading.Event()

    async def hang(request, writer):
        await asyncio.to_thread(over.wait, 60)

    with upstream(hang) as there, ThreadPoolExecutor(1) as asking:
        key, then = _key_with_old_figures(there.url)
        asker = Person(owner.url)
        token = {"X-CSRFToken": asker.http.cookies["csrftoken"], "Referer": asker.url}
        asked = asking.submit(asker.http.post, "/models/refresh/", data={"key": str(key.pk)}, headers=token)
        while not there.requests:
            assert not asked.done()
            time.sleep(0.02)
        pages = {path: owner.http.get(path) for path in ("/balances/", "/keys/", "/", "/models/", "/palette.json")}
        names = owner.http.get(f"/models/{key.pk}/names.json")
        was_hanging = not asked.done()
        over.set()
        after = asked.result(60)
        later = owner.http.get(f"/models/{key.pk}/names.json")

    age = then.strftime("%Y-%m-%dT%H:%M")
    assert was_hanging
    assert {page.status_code for page in pages.values()} == {200}
    assert "12.34" in pages["/balances/"].text and age in pages["/balances/"].text
    assert [_models_told(page) for page in (pages["/models/"], after)] == [("gpt-old", age, True)] * 2
    assert [_names_told(answer) for answer in (names, later)] == [(["gpt-old"], age, True)] * 2
    assert Shelf.objects.get(key=key).code == "unreachable"


def _key_with_old_figures(url):
    """The team's key at a gateway that told its balance and its models three hours ago and nothing since."""
    place = Gateway.objects.create(name="Hangs", base_url=url, trusted=True, kind="new-api")
    Key.objects.update(gateway=place)
    key, then = Key.objects.filter(team__name="Demo team").first(), timezone.now() - timedelta(hours=3)
    reading = BalanceReading.objects.create(
        key=key, of="key", binds="key", unit="USD", left=Decimal("12.34"), limit=Decimal(100), at=then
    )
    BalanceStanding.objects.create(key=key, reading=reading, asked_at=then, told_at=then, code="timeout")
    Shelf.objects.filter(key=key).delete()
    keep(key.pk, Outcome(Listing((Offer("gpt-old", "OpenAI", ("chat",)),), ("/v1/models",))), then)
    keep(key.pk, Outcome(code="timeout"), then)
    return key, then


def _models_told(page):
    """The model on the page of models, when it was read, and whether the page says that this list is the last one."""
    [name] = re.findall(r'model-title.*?<span class="mono">([^<]+)', page.text, re.DOTALL)
    read = re.search(r'page-count.*?datetime="([^"]{16})', page.text, re.DOTALL)[1]
    return name, read, "is-old" in page.text and "model-reason" in page.text


def _names_told(answer):
    told = answer.json()
    return [name for name, _kinds, _price in told["models"]], told["read_at"][:16], told["is_old"]


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
    over, dump = threading.Event(), tmp_path / "dump"
    there = counting(until=over)
    with database.site(data, GATEWAY_URL=there.url) as server:
        person = server.person()
        over.set()
        done = [person.run("chat-stream", chat(user="done")).run]
        over.clear()
        tabs = [Tab(person, history).wait(5) for _ in range(5)]
        postgres_server.program("pg_dump", "--format=custom", database.url, into=dump)
        over.set()
        for tab in tabs:
            tab.join()
    elsewhere = postgres_server.fresh("template0")
    postgres_server.program("pg_restore", f"--dbname={elsewhere.url}", str(dump))
    quick = {"RUN_HEARTBEAT_SECONDS": "0.5", "RUN_ABANDONED_SECONDS": "4"}
    with elsewhere.site(tmp_path / "new", GATEWAY_URL=there.url, **quick) as server:
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
