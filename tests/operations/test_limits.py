"""Limits of what one may use: each says its name and the way on, and no team can starve another."""

import asyncio
import json
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from websockets.exceptions import ConnectionClosed

from accounts.demo import OWNER, make_demo
from accounts.models import User
from playground.runs.begin import Refused
from playground.runs.start import _check_share
from tests.people import PASSWORD, chat, next_error, start, tell, watch_until_end
from tests.runs.conftest import demo, gateway, member, owner, stranger  # noqa: F401
from tests.upstream import chat as streams

LONG = streams(*"abcdefghij" * 60, pause=0.05)


def refusal_of(socket) -> tuple[str, str]:
    error = next_error(socket, 20)
    return error["code"], error["message"]


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def test_a_team_may_have_so_many_runs_at_once(owner, member, gateway, settings):  # noqa: F811
    settings.RUNS_PER_TEAM = 2
    gateway(LONG)
    with owner.socket() as mine, member.socket() as theirs:
        names = [start(mine, "chat-stream", chat()), start(theirs, "chat-stream", chat())]
        for socket, name in zip((mine, theirs), names, strict=True):
            watch_until_end(socket, name, until=lambda seen: seen.text() != "")
        start(theirs, "chat-stream", chat())

        assert refusal_of(theirs) == (
            "too_many", "Your team has 2 runs under way, the most a team may have. Wait until one ends.",
        )  # fmt: skip
        for name in names:
            tell(mine, type="stop", run=name)


def test_one_team_cannot_starve_another(owner, stranger, gateway, settings):  # noqa: F811
    """With six places one team alone gets three; another that comes then still finds places and its runs stream."""
    settings.RUNS_AT_ONCE = 6
    there = gateway(LONG)
    with owner.socket() as greedy, stranger.socket() as other:
        taken = [start(greedy, "chat-stream", chat()) for _ in range(3)]
        for name in taken:
            watch_until_end(greedy, name, until=lambda seen: seen.text() != "")
        for _ in range(3):
            start(greedy, "chat-stream", chat())
            assert refusal_of(greedy) == (
                "too_many",
                "Your team has 3 runs under way, and the places left are kept for other teams. Wait until one ends.",
            )
        name = start(other, "chat-stream", chat())
        seen = watch_until_end(other, name, 30, until=lambda seen: len(seen.text()) > 3)

        assert seen.error == {}
        assert seen.text().startswith("abc")
        for run in taken:
            tell(greedy, type="stop", run=run)
    assert len(there.requests) == 4


@pytest.mark.parametrize("teams", [1, 2, 3, 5])
def test_however_many_teams_want_everything_each_gets_as_much_and_there_is_a_place_left(settings, teams):
    settings.RUNS_AT_ONCE = 60
    running = dict.fromkeys(range(teams), 0)
    for _ in range(100):
        for team in running:
            try:
                _check_share(sum(running.values()), running[team])
                running[team] += 1
            except Refused:
                pass

    assert max(running.values()) - min(running.values()) <= 1
    assert sum(running.values()) < 60
    _check_share(sum(running.values()), 0)


def test_a_server_that_is_full_says_so(settings):
    settings.RUNS_AT_ONCE = 5

    with pytest.raises(Refused) as told:
        _check_share(5, 0)

    assert told.value.code == "busy"


def test_a_person_may_have_so_many_sockets(owner, member, settings):  # noqa: F811
    settings.SOCKETS_PER_PERSON = 2
    with owner.socket() as one, owner.socket(), owner.socket() as third:
        assert refusal_of(third) == (
            "too_many", "You have 2 connections open, the most one person may have. Close a tab.",
        )  # fmt: skip
        with pytest.raises(ConnectionClosed) as closed:
            third.recv(timeout=10)
        assert closed.value.rcvd.code == 4429
        with member.socket() as other:  # each person has places of their own
            tell(other, type="watch", run=str(uuid.uuid4()))
            assert json.loads(other.recv(timeout=10))["code"] == "not_found"
        one.close()
        for _ in range(100):
            with owner.socket() as again:
                tell(again, type="watch", run=str(uuid.uuid4()))
                if json.loads(again.recv(timeout=10))["code"] == "not_found":
                    return
    raise AssertionError("a place that was left was not given again")


SAID = {
    "en": [
        "You have 1 connection open, the most one person may have. Close a tab.",
        "More than 5 messages in one second. Slow down; nothing was lost that was answered.",
        "You have 1 run under way, the most one person may have. Stop it first.",
    ],
    "zh-hans": [
        "你已打开 1 个连接，已到每人上限。请关闭一个标签页。",
        "一秒内的消息超过 5 条。请放慢；已得到应答的都没有丢失。",
        "你有 1 个运行正在进行，已达个人上限。请先停止一个。",
    ],
}


@pytest.mark.parametrize("language", SAID)
def test_the_limits_of_a_socket_are_told_in_the_language_of_its_page(owner, gateway, settings, language):  # noqa: F811
    """Not in the language of the site, which is that of pages nobody has chosen one for."""
    settings.LANGUAGE_CODE = next(other for other in SAID if other != language)
    settings.SOCKETS_PER_PERSON, settings.SOCKET_MESSAGES_PER_SECOND, settings.RUNS_PER_PERSON = 1, 5, 1
    owner.http.cookies.set(settings.LANGUAGE_COOKIE_NAME, language, domain="127.0.0.1")
    gateway(LONG)
    with owner.socket() as socket:
        with owner.socket() as another:
            told = [refusal_of(another)]
        run = start(socket, "chat-stream", chat())
        watch_until_end(socket, run, until=lambda seen: seen.text() != "")
        start(socket, "chat-stream", chat())
        refused = refusal_of(socket)
        for _ in range(30):
            tell(socket, type="unwatch", run=run)
        told += [refusal_of(socket), refused]
        tell(socket, type="stop", run=run)

    assert told == [("too_many", sentence) for sentence in SAID[language]]


@pytest.mark.usefixtures("one_long_minute")
@pytest.mark.parametrize(
    ("language", "refused", "asked"),
    [
        (
            "en",
            "The file is larger than 1 MiB. Give it by its address, or a smaller one.",
            "More than 3 requests in one minute.",
        ),
        ("zh-hans", "文件超过 1 MiB。请改用网址，或选择更小的文件。", "一分钟内的请求超过 3 次。"),
    ],
)
def test_the_limits_of_pages_are_told_in_their_language(people, settings, language, refused, asked):
    settings.LANGUAGE_CODE = next(other for other in SAID if other != language)
    settings.UPLOAD_BYTES, settings.REQUESTS_PER_MINUTE = 2**20, 3
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(User.objects.get(email=OWNER), backend=site_settings.AUTHENTICATION_BACKENDS[0])

    large = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(2**20), "image/png")
    told = client.post("/attachments/", {"file": large})
    pages = [client.get("/account/") for _ in range(4)]

    assert (told.status_code, told.json()["message"]) == (413, refused)
    assert pages[-1].status_code == 429
    assert pages[-1].content.decode().startswith(asked)


def test_a_run_of_too_many_pieces_is_cut_short_and_says_so(owner, gateway, settings):  # noqa: F811
    settings.RUN_FRAMES = 5
    calls = [
        {"tool_calls": [{"index": n, "id": f"c{n}", "function": {"name": "f", "arguments": "{}"}}]} for n in range(40)
    ]

    async def script(request, writer):
        from tests.upstream import SSE_HEAD

        writer.write(SSE_HEAD)
        for delta in calls:
            writer.write(b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n")
            await writer.drain()
            await asyncio.sleep(0.03)

    gateway(script)

    seen = owner.run("chat-stream", chat())

    assert seen.state == "cut_short"
    assert (seen.problem["code"], seen.problem["limit"], seen.problem["limit_frames"]) == ("over_limit", "frames", 5)
    assert seen.is_whole()


def test_a_run_of_too_many_bytes_is_cut_short_and_says_so(owner, gateway, settings):  # noqa: F811
    settings.CALL_RUN_BYTES = 2000
    gateway(streams(*["abcdefghij"] * 40, pause=0.01))

    seen = owner.run("chat-stream", chat())

    assert (seen.state, seen.problem["code"], seen.problem["limit_bytes"]) == ("cut_short", "over_limit", 2000)
    assert seen.text().startswith("abcdefghij")
    assert [remedy["action"] for remedy in seen.problem["remedies"]] == ["edit_field", "contact_admin"]


@pytest.fixture
def people(db):
    make_demo(PASSWORD)


def test_a_person_may_ask_so_often_in_a_minute(people, settings, monkeypatch):
    settings.REQUESTS_PER_MINUTE = 5
    monkeypatch.setattr("accounts.limits.time", SimpleNamespace(time=lambda: 1_800_000_010.0))
    asker, other = Client(headers={"accept-language": "en"}), Client(headers={"accept-language": "en"})
    asker.force_login(User.objects.get(email=OWNER), backend=site_settings.AUTHENTICATION_BACKENDS[0])

    answers = [asker.get("/account/") for _ in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "50"
    assert answers[-1].content.decode() == "More than 5 requests in one minute. Go on in 50 seconds."
    assert other.get("/accounts/login/").status_code == 200
    program = asker.get("/api/keys")
    assert (program.status_code, program.json()["code"]) == (429, "too_many")
    monkeypatch.setattr("accounts.limits.time", SimpleNamespace(time=lambda: 1_800_000_061.0))
    assert asker.get("/account/").status_code == 200


def test_a_cache_that_is_away_stops_nobody(people, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    }
    settings.REQUESTS_PER_MINUTE = 1

    assert [Client().get("/accounts/signup/").status_code for _ in range(3)] == [200] * 3


def test_every_limit_of_the_settings_is_told_in_the_docs():
    names = [
        name for name in dir(site_settings) if name.startswith(("RUNS_", "SOCKET", "REQUESTS_", "UPLOAD_", "CALL_"))
    ]
    told = (site_settings.BASE_DIR / "docs" / "setup.md").read_text()

    assert [name for name in names if f"`{name}`" not in told] == []
