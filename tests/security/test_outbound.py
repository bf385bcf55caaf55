"""Every address that the site can be made to call, in every disguise: nothing inside our network is ever asked.

All connections to the outside go through `gateway`; its doors are those pressed here: a member's gateway (kept, tried, called,
asked for its models, its balance and its tasks), a picture of an answer, the result of a task, a webhook, a request that is
brought along. What the address check itself says stands in `test_addresses.py`. The issuer of single sign-on is no door: the
operator alone names it, where the database stands too.
"""

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site_settings

from accounts.demo import MEMBER, OWNER
from accounts.models import Gateway
from playground import gateway, trials
from playground.alerts import webhooks
from playground.calls import Call
from playground.gateway import GatewayError, Limits, Route
from playground.models import Task, Webhook
from playground.readings.asking import Asker
from playground.readings.asking import Question as OfBalance
from playground.shelf.asking import Question as OfModels
from playground.shelf.asking import ask_for
from playground.tasks.asking import Refused, fetched, results_of, state_of
from tests.conftest import served
from tests.people import Person, chat
from tests.security.test_code import found as found_in_code
from tests.upstream import Upstream, says, upstream
from tests.views.runs_made import make_run

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
INSIDE = {
    "plain": "127.0.0.1", "decimal": "2130706433", "octal": "017700000001", "octal parts": "0177.0.0.1",
    "hexadecimal": "0x7f000001", "hexadecimal parts": "0x7f.0.0.0x1", "two parts": "127.1", "three parts": "127.0.1",
    "nought": "0", "any": "0.0.0.0", "another of the loopback": "127.99.1.2", "name": "localhost", "name in capitals": "LOCALHOST",
    "name with a dot": "localhost.", "address with a dot": "127.0.0.1.", "IPv6": "[::1]", "IPv6 in full": "[0:0:0:0:0:0:0:1]",
    "IPv6 any": "[::]", "IPv6 with a zone": "[::1%25lo]", "mapped": "[::ffff:127.0.0.1]", "mapped in hexadecimal": "[::ffff:7f00:1]",
    "compatible": "[::127.0.0.1]", "translated": "[::ffff:0:7f00:1]", "NAT64": "[64:ff9b::127.0.0.1]",
    "local NAT64": "[64:ff9b:1::7f00:1]", "6to4": "[2002:7f00:1::]", "Teredo": "[2001:0:7f00:1::]",
    "ISATAP": "[2606:4700::5efe:7f00:1]", "user-info": "evil.example@127.0.0.1", "user and password": "a:b@127.0.0.1",
    "wide digits": "１２７.０.０.１", "ideographic dots": "127。0。0。1", "circled digits": "①②⑦.0.0.1",
    "escaped letters": "loc%61lhost", "escaped digits": "%31%32%37.0.0.1", "an escaped dot": "127%2e0.0.1",
    "a backslash": "127.0.0.1\\@example.com", "a tab": "127.0.0.1\t", "a NUL": "127.0.0.1\0.example.com",
    "private": "10.0.0.1", "metadata": "169.254.169.254", "metadata in decimal": "2852039166", "unique local": "[fd00::1]",
}  # fmt: skip


@pytest.fixture
def inside():
    """Something inside that must never be asked."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(PNG)}\r\nConnection: close\r\n\r\n"
    with upstream(says(head.encode() + PNG)) as there:
        yield there


def disguised(there: Upstream) -> dict[str, str]:
    port = there.url.rpartition(":")[2]
    return {name: f"http://{host}:{port}" for name, host in INSIDE.items()}


def test_a_members_gateway_is_kept_nowhere_inside(transactional_db, client_of, demo, inside):
    client = client_of(MEMBER)

    answers = {
        name: client.post("/gateways/new/", {"name": "Odd", "base_url": url}).status_code
        for name, url in disguised(inside).items()
    }

    assert {name: status for name, status in answers.items() if status != 422} == {}
    assert not Gateway.objects.filter(name="Odd").exists()
    assert inside.requests == []


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
async def test_a_call_to_a_members_gateway_asks_nothing_inside(inside, transport):
    """As it would go if such an address stood in the database all the same."""
    door, call = gateway.Door(transport=transport), Call("", "", "none", "GET", "/x.png", streaming=True)
    for name, url in disguised(inside).items():
        with pytest.raises(GatewayError):
            async with gateway.send(call, Route(url, "sk-secret0123", trusted=False), _quick(), door):
                pytest.fail(f"{name}: {url} was called")
    await door.close()

    assert inside.requests == []


async def test_trying_a_members_gateway_connects_to_nothing_inside(inside):
    for name, url in disguised(inside).items():
        seen = []
        with pytest.raises(GatewayError):
            async for step in gateway.look(url, False, _quick(), ()):
                seen.append(step)
        assert seen == [], name


async def _models(url: str) -> str:
    return (await ask_for(OfModels("new-api", _untrusted(url), "sk-…"))).code


async def _balance(url: str) -> str:
    asker = Asker()
    try:
        return (await asker.balance(OfBalance("new-api", _untrusted(url), "sk-…", {}))).code
    finally:
        await asker.close()


async def _trial(url: str) -> str:
    return [step async for step in trials.try_key(OfBalance("new-api", _untrusted(url), "sk-…", {}))][-1].code


async def _task(url: str) -> str:
    door = gateway.Door()
    try:
        await state_of(Task(kind=Task.Kind.SORA, upstream_id="video_1"), _untrusted(url), _quick(), door)
    except GatewayError as refused:
        return refused.code
    finally:
        await door.close()
    return ""


async def _webhook(url: str) -> str:
    return (await webhooks.post(webhooks.Message(f"{url}/hook", (), b"{}"))).code


@pytest.mark.parametrize("ask", [_models, _balance, _trial, _task, _webhook])
async def test_nothing_that_asks_by_itself_asks_inside(inside, settings, ask):
    """As it would go if such an address stood in the database all the same."""
    settings.BALANCE_ASK_SECONDS = settings.ALERT_ANSWER_SECONDS = 3

    codes = {name: await ask(url) for name, url in disguised(inside).items()}

    assert {name for name, code in codes.items() if not code} == set()
    assert {"plain", "mapped", "NAT64", "6to4", "decimal", "octal", "metadata", "any"} <= {
        name for name, code in codes.items() if code == "address_refused"
    }
    assert inside.requests == []


def test_a_run_by_a_members_gateway_asks_nothing_inside(transactional_db, demo, owner, team, inside, settings):
    place = Gateway.objects.create(team=team, name="Own", base_url="https://203.0.114.8")
    team.keys.update(gateway=place)
    settings.CALL_CONNECT_SECONDS, told = 1, {}
    with served(settings) as site:
        person = Person(site, OWNER)
        for name, url in disguised(inside).items():
            if "\0" in url:
                continue  # the database itself keeps none
            Gateway.objects.filter(pk=place.pk).update(base_url=url)
            seen = person.run("chat-stream", chat(), seconds=60)
            told[name] = (seen.state, seen.problem.get("code"), seen.error.get("code"))

    assert {name: ends for name, ends in told.items() if ends[0] not in ("failed", "refused")} == {}
    assert inside.requests == []


def test_a_webhook_is_kept_nowhere_inside(transactional_db, client_of, team, inside):
    client = client_of(OWNER)

    for url in disguised(inside).values():
        client.post("/alerts/webhooks/", {"url": f"{url}/hook"})
        client.post("/alerts/webhooks/", {"url": url})
    client.post("/alerts/webhooks/", {"url": "https://203.0.114.8/hook"})

    assert [webhook.url for webhook in Webhook.objects.all()] == ["https://203.0.114.8/hook"]
    assert inside.requests == []


def test_a_request_that_is_brought_along_is_read_and_not_sent(client_of, demo, inside):
    """A pasted curl command, an archive or a collection names an address; nobody goes there."""
    client, url = client_of(OWNER), f"{inside.url}/v1/chat/completions"
    body = '{"model": "m", "messages": []}'
    request = {"method": "POST", "url": url, "headers": [], "postData": {"mimeType": "application/json", "text": body}}
    pasted = [
        f"curl {url} -H 'Content-Type: application/json' -d '{body}'",
        json.dumps({"log": {"version": "1.2", "entries": [{"request": request}]}}),
        json.dumps({"info": {"name": "x"}, "item": [{"request": {"method": "POST", "url": {"raw": url},
                                                                 "body": {"mode": "raw", "raw": body}}}]}),
    ]  # fmt: skip

    statuses = [
        client.post("/import/", json.dumps({"text": text}), content_type="application/json").status_code
        for text in pasted
    ]

    assert statuses == [200, 200, 200]
    assert inside.requests == []


def test_trust_is_given_in_one_place_beside_what_an_operator_says():
    """Every other route asks whether its address stands outside."""
    given = found_in_code(r"trusted\W{1,4}True", "playground/**/*.py", "accounts/*.py")

    assert {line.partition(":")[0] for line in given} == {"playground/views/pictures.py", "accounts/gateways.py"}


# Every file that lets that room send or look, and what presses it here with every disguise.
PRESSED = {
    "playground/runs/execute.py": "test_a_run_by_a_members_gateway_asks_nothing_inside",
    "playground/trials.py": "test_nothing_that_asks_by_itself_asks_inside",
    "playground/readings/asking.py": "test_nothing_that_asks_by_itself_asks_inside",
    "playground/shelf/asking.py": "test_nothing_that_asks_by_itself_asks_inside",
    "playground/alerts/webhooks.py": "test_nothing_that_asks_by_itself_asks_inside",
    "playground/tasks/asking.py": "test_the_result_of_a_task_is_fetched_from_nowhere_inside",
    "playground/views/pictures.py": "test_a_picture_of_an_answer_is_fetched_from_nowhere_inside",
    "playground/views/outside.py": "test_a_members_gateway_is_kept_nowhere_inside",
}


def test_everything_that_calls_somewhere_is_pressed_here():
    calling = found_in_code(
        r"gateway\.(send|look)\(|from playground\.gateway import .*\b(send|look)\b", "playground/**/*.py"
    )

    assert {line.partition(":")[0] for line in calling} - {"playground/gateway/__init__.py"} == set(PRESSED)
    assert set(PRESSED.values()) <= set(globals())


def test_a_picture_of_an_answer_is_fetched_from_nowhere_inside(client_of, owner, team, inside):
    client, run = client_of(OWNER), make_run(team, owner, key=team.keys.get())

    answers = {
        name: client.post(f"/runs/{run.uuid}/picture", json.dumps({"url": url}), content_type="application/json")
        for name, url in disguised(inside).items()
    }

    assert {name for name, answer in answers.items() if answer.status_code not in (422, 502)} == set()
    assert inside.requests == []


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://x:99999/", "http://x:y/", "[" * 5000, "http://" + "a." * 5000, "http://\ud800/"]
)
def test_an_address_that_is_none_is_refused_in_a_sentence(client_of, owner, team, url):
    run = make_run(team, owner, key=team.keys.get())

    for body in (json.dumps({"url": url}), "[" * 100_000, json.dumps({"url": [url]}), "null"):
        answer = client_of(OWNER).post(f"/runs/{run.uuid}/picture", body, content_type="application/json")
        assert answer.status_code in (422, 502)


def test_the_hosts_own_name_is_no_way_inside(client_of, owner, team, inside, settings):
    """The sandbox's pictures are fetched from this very server, whatever a request says its own name is."""
    settings.ALLOWED_HOSTS = ["*"]
    run = make_run(team, owner, key=team.keys.get())
    host = inside.url.removeprefix("http://")

    answer = client_of(OWNER).post(
        f"/runs/{run.uuid}/picture", json.dumps({"url": f"http://{host}/sandbox/x.png"}),
        content_type="application/json", headers={"host": host},
    )  # fmt: skip

    assert answer.status_code in (422, 502)
    assert inside.requests == []


def test_the_result_of_a_task_is_fetched_from_nowhere_inside(db, inside):
    """Even where the gateway that names it is trusted: trust does not reach past its own address."""
    route, task = Route("https://gateway.example", "sk-secret0123", trusted=True), Task(kind=Task.Kind.MIDJOURNEY)

    async def fetch(link: str) -> None:
        door = gateway.Door()
        try:
            (result,) = results_of(task, [link], route)
            async with fetched(result, _quick(), door):
                pytest.fail(f"{link} was fetched")
        finally:
            await door.close()

    for url in disguised(inside).values():
        with pytest.raises((GatewayError, Refused)):
            async_to_sync(fetch)(f"{url}/x.png")
    assert inside.requests == []


async def test_a_name_that_changes_its_address_meanwhile_is_called_where_it_was_checked(inside, monkeypatch):
    """DNS rebinding: what is checked is what is connected to, and each connection is checked anew."""
    answers = ["203.0.114.8", "127.0.0.1", "127.0.0.1"]
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def changing(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebinding.example":
            return look_up(host, port, *rest, **more)
        asked.append(host)
        return look_up(answers[min(len(asked), len(answers)) - 1], port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    door, call = gateway.Door(), Call("", "", "none", "GET", "/x.png", streaming=True)
    port, told = inside.url.rpartition(":")[2], []
    for _ in range(3):
        try:
            async with gateway.send(call, Route(f"http://rebinding.example:{port}", "", False), _quick(), door):
                told.append("called")
        except GatewayError as error:
            told.append(error.code)
    await door.close()

    assert told[1:] == ["address_refused", "address_refused"]
    assert told[0] in ("timeout", "unreachable")
    assert len(asked) == 3
    assert inside.requests == []


async def test_of_a_name_with_two_addresses_only_the_outer_is_called(inside, monkeypatch):
    look_up = socket.getaddrinfo

    def both(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "both.example":
            return look_up(host, port, *rest, **more)
        return [*look_up("127.0.0.1", port, *rest, **more), *look_up("203.0.114.8", port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    door, call = gateway.Door(), Call("", "", "none", "GET", "/", streaming=True)
    port = inside.url.rpartition(":")[2]
    with pytest.raises(GatewayError):
        async with gateway.send(call, Route(f"http://both.example:{port}", "", False), _quick(), door):
            pytest.fail("the inner one was called")
    await door.close()

    assert inside.requests == []


def test_no_other_room_opens_a_connection():
    """What could reach the network stands in one room; beside it are the server's own door and the database's."""
    root = Path(site_settings.BASE_DIR)
    ours = {
        "playground/server.py",
        "playground/starting.py",
        "playground/postgres.py",
        "playground/sandbox/transport.py",
    }
    opens = re.compile(
        r"^\s*(?:import|from) (?:httpx|aiohttp|requests|urllib3?\.request|http\.client|socket|ftplib)\b"
        r"|asyncio\.open_connection|urlopen\(",
        re.MULTILINE,
    )

    found = {
        str(path.relative_to(root))
        for room in ("playground", "accounts")
        for path in (root / room).rglob("*.py")
        if opens.search(path.read_text()) and "management/commands" not in str(path)
    }

    assert {name for name in found - ours if not name.startswith("playground/gateway")} == set()


def _untrusted(url: str) -> Route:
    return Route(url, "sk-secret0123", trusted=False)


def _quick() -> Limits:
    return Limits(lookup=2, connect=0.3, first_byte=2, silence=2, total=3)
