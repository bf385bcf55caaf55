"""A key that was typed once is found nowhere again: not on pages, in frames, exports, logs, mails, nor in the database.

What is searched is first shown to be searchable: a word of the prompt, planted the same way, is found in every place.
"""

import base64
import json
import logging
import os
import re
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from accounts.demo import OWNER, make_demo
from accounts.models import Key
from playground.models import Variable
from tests.conftest import Site
from tests.people import PASSWORD, Person, chat

OPERATION = "chat-stream"
LEFT_ALONE = ("/accounts/logout/", "/static/", "/ws/", "/sandbox/")


class Places:
    """All that the site said, by kind of place."""

    def __init__(self) -> None:
        self.said: dict[str, list[bytes]] = defaultdict(list)

    def keep(self, kind: str, what: str | bytes) -> None:
        self.said[kind].append(what.encode("utf-8", "surrogatepass") if isinstance(what, str) else what)

    def with_word(self, word: str) -> set[str]:
        """The kinds of place where `word` stands, plainly or spelled in another way."""
        spellings = list(_spellings(word))
        return {kind for kind, texts in self.said.items() if any(_holds(text, spellings) for text in texts)}


def _spellings(word: str) -> Iterator[bytes]:
    plain = word.encode()
    yield plain
    yield plain[::-1]
    yield plain.hex().encode()
    yield quote(word, safe="").encode()
    for shift in range(3):
        # What stands before it moves base64 by one or two letters; its edges mix with what is around.
        yield base64.b64encode(b"x" * shift + plain)[4:-4]


def _holds(text: bytes, spellings: Iterable[bytes]) -> bool:
    return any(spelling in text for spelling in spellings)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Every line that any logger writes, down to the smallest."""
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_planted_key_is_found_nowhere(transactional_db: None, site: Site, log: StringIO) -> None:
    make_demo(PASSWORD)
    middle, marker = uuid.uuid4().hex, f"marker{uuid.uuid4().hex}"
    secrets = [f"sk-first{middle}-0001", f"sk-second{middle}-0002"]
    person, places = Person(site.url, OWNER), Places()
    person.http.cookies.set("django_language", "en")

    key = _add_key(person, secrets, marker, places)
    _run(person, key, marker, places)
    _make_errors(person, key, secrets, marker, places)
    _export(person, key, marker, places)
    _ask_as_a_program(site, marker, places)
    _send_mail(person, marker, places)
    _walk(person, places)
    _read_database(places)
    places.keep("log", log.getvalue())

    everywhere = {"pages", "frames", "events", "requests", "errors", "exports", "api", "mail", "log", "database"}
    assert places.with_word(marker) == everywhere
    assert places.with_word(middle) == set()
    assert {Key.objects.get(pk=key).secret.reveal(), Key.objects.get(pk=key).former_secret.reveal()} == set(secrets)


def test_a_planted_secret_value_of_a_variable_is_found_nowhere(
    transactional_db: None, site: Site, log: StringIO
) -> None:
    make_demo(PASSWORD)
    middle, marker = uuid.uuid4().hex, f"marker{uuid.uuid4().hex}"
    secret = f"value-{middle}-0001"
    person, places = Person(site.url, OWNER), Places()
    person.http.cookies.set("django_language", "en")

    places.keep(
        "pages", _post(person, "/saved/variables/keep/", name="token", value=secret, whose="team", secret="on").text
    )
    places.keep("pages", _post(person, "/saved/variables/keep/", name="plain", value=marker, whose="team").text)
    saved = _save_with_variables(person)
    _run_with_variables(person, saved, places)
    _ask_as_a_program(site, marker, places)
    _walk(person, places)
    _read_database(places)
    places.keep("log", log.getvalue())

    everywhere = {"pages", "frames", "events", "requests", "api", "errors", "database"}
    assert places.with_word(marker) - {"log"} == everywhere
    assert places.with_word(middle) == set()
    assert places.with_word(secret[:12]) == set()
    assert Variable.objects.get(name="token").reveal() == secret


def _save_with_variables(person: Person) -> str:
    body = chat("Say {{plain}} and {{token}}, again {{token}}")["body"]
    rows = [{"name": "x-token", "value": "{{token}}", "sent": True}]
    call = {"text": json.dumps(body), "off": {}, "path": {}, "query": [], "headers": rows, "stream": None}
    given = {"operation": OPERATION, "name": "With values", "call": json.dumps(call), "visibility": "team"}
    token = re.search(r'name="csrf-token" content="([^"]+)"', person.http.get("/keys/").text)[1]
    headers = {"Referer": person.url + "/", "X-CSRFToken": token, "Content-Type": "application/json"}
    return person.http.post("/saved/new/", content=json.dumps(given), headers=headers).json()["id"]


def _run_with_variables(person: Person, saved: str, places: Places) -> None:
    call = json.loads(person.http.get(f"/saved/{saved}/call.json").json()["call"])
    for model in ("gpt-4o-mini:fast", "gpt-4o-mini:fault-400", "gpt-4o-mini:fast:fault-cut"):
        body = json.loads(call["text"]) | {"model": model}
        parts = {"body": body, "query": {"trace": "{{plain}}"}, "headers": {"x-token": "{{token}}"}}
        seen = person.run(OPERATION, parts, saved=saved, variables={}, raw=True)
        assert seen.frames, seen.error
        places.keep("frames", json.dumps([seen.frames, seen.error]))
        places.keep("events", json.dumps(seen.events))
        places.keep("requests", person.http.get(f"/runs/{seen.run}/request.json").text)
        places.keep("pages", _post(person, f"/runs/{seen.run}/share/", audience="team", days="1").text)
    places.keep("pages", _post(person, f"/saved/{saved}/run/").text)
    places.keep("pages", _post(person, f"/runs/{seen.run}/again/").text)


def _post(person: Person, path: str, **form: Any) -> httpx.Response:
    page = person.http.get("/keys/").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    headers = {"Referer": person.url + "/keys/", "X-CSRFToken": token}
    return person.http.post(path, data=form, headers=headers)


def _add_key(person: Person, secrets: list[str], marker: str, places: Places) -> str:
    gateway = re.search(r'name="gateway".*?<option value="(\d+)"', person.http.get("/keys/new/").text, re.DOTALL)[1]
    form = {"name": marker, "gateway": gateway, "shared_with": "team", "remind_days": "7"}
    places.keep("pages", _post(person, "/keys/test/", secret=secrets[1], gateway=gateway).text)
    places.keep("errors", _post(person, "/keys/new/", **form | {"note": "\x07"}, secret=secrets[1]).text)
    added = _post(person, "/keys/new/", **form, secret=secrets[1])
    key = str(added.url).rstrip("/").rpartition("/")[2]
    places.keep("pages", added.text)
    places.keep("pages", _post(person, f"/keys/{key}/replace/", secret=secrets[0], overlap="1").text)
    places.keep("pages", _post(person, f"/keys/{key}/test/").text)
    return key


def _run(person: Person, key: str, marker: str, places: Places) -> None:
    for model in (
        "gpt-4o-mini:fast",
        "gpt-4o-mini:fast:fault-echo-key",
        "gpt-4o-mini:fault-echo-key",
        "gpt-4o-mini:fault-401",
    ):
        seen = person.run(OPERATION, chat(f"Say {marker}", model=model), key=key, raw=True)
        assert seen.state == ("succeeded" if model == "gpt-4o-mini:fast" else "failed")
        places.keep("frames", json.dumps([seen.frames, seen.error]))
        places.keep("events", json.dumps(seen.events))
        places.keep("requests", person.http.get(f"/runs/{seen.run}/request.json").text)
        places.keep("pages", person.http.get(f"/runs/{seen.run}/").text)


def _make_errors(person: Person, key: str, secrets: list[str], marker: str, places: Places) -> None:
    places.keep("errors", person.http.get(f"/nothing/{marker}").text)
    places.keep("errors", _post(person, f"/keys/{key}/replace/", secret=secrets[0] + "\u200b", overlap="1").text)
    places.keep("errors", _post(person, f"/keys/{key}/", name="\x07", note=marker).text)
    places.keep("errors", _post(person, "/gateways/new/", name=marker, base_url="http://127.0.0.1:9/").text)
    with person.socket() as socket:
        socket.send(
            json.dumps({"type": "start", "run": str(uuid.uuid4()), "operation": marker, "key": key, "call": {}})
        )
        places.keep("frames", socket.recv(timeout=10))


def _export(person: Person, key: str, marker: str, places: Places) -> None:
    places.keep("exports", person.http.get("/team/audit/?as=csv").text)
    places.keep("exports", person.http.get("/balances/?as=csv").text)
    call = json.dumps({"call": chat(f"Say {marker}"), "key": key})
    token = re.search(r'name="csrf-token" content="([^"]+)"', person.http.get("/keys/").text)[1]
    headers = {"Referer": person.url + "/", "X-CSRFToken": token, "Content-Type": "application/json"}
    languages = re.findall(r'"id":\s*"([\w-]+)"', person.http.get(f"/operations/{OPERATION}/samples/").text)
    for path in [f"samples/{name}" for name in languages] + ["export/curl", "export/har", "export/postman"]:
        places.keep("exports", person.http.post(f"/operations/{OPERATION}/{path}", content=call, headers=headers).text)


def _ask_as_a_program(site: Site, marker: str, places: Places) -> None:
    out = StringIO()
    call_command("token", OWNER, stdout=out)
    with httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {out.getvalue().strip()}"}) as program:
        keys = program.get("/api/keys")
        places.keep("api", keys.text)
        for key in keys.json()["items"]:
            places.keep("api", program.get(f"/api/keys/{key['id']}/balance").text)
        for run in program.get("/api/runs").json()["items"]:
            places.keep("api", program.get(f"/api/runs/{run['id']}").text)
        places.keep("api", program.get("/api/openapi.json").text)
        places.keep("errors", program.post("/api/runs", json={"operation": marker, "call": {}}).text)


def _send_mail(person: Person, marker: str, places: Places) -> None:
    _post(person, "/team/invitations/", email=f"{marker}@example.com", role="member")
    for message in mail.outbox:
        places.keep("mail", message.message().as_bytes())
    assert mail.outbox


def _walk(person: Person, places: Places) -> None:
    """Every page that a link leads to, from the first one on."""
    seen, waiting = (
        set(),
        [
            "/",
            "/keys/",
            "/gateways/",
            "/balances/",
            "/history/",
            "/team/audit/",
            "/account/tokens/",
            "/saved/",
            "/saved/variables/",
            "/links/",
            "/notices/",
        ],
    )
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen or path.startswith(LEFT_ALONE) or len(seen) > 300:
            continue
        seen.add(path)
        answer = person.http.get(path)
        if "html" in answer.headers.get("content-type", ""):
            places.keep("pages", answer.text)
            waiting += re.findall(r'href="(/[^"]*)"', answer.text.replace("&amp;", "&"))
    assert len(seen) > 15


def _read_database(places: Places) -> None:
    """Every value of every column of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    places.keep("database", bytes(value) if isinstance(value, memoryview | bytes) else str(value))


# --- the master key -------------------------------------------------------------------------------------------------


def _master_key(number: int) -> str:
    return f"{number}:{base64.b64encode(os.urandom(32)).decode()}"


def test_the_master_key_is_changed_while_calls_run_and_none_fails(
    transactional_db: None, site: Site, settings: Any
) -> None:
    make_demo(PASSWORD)
    old, new = settings.KEY_ENCRYPTION_KEYS[0], _master_key(7)
    states: list[str] = []
    enough, over = threading.Event(), threading.Event()

    def call_again_and_again() -> None:
        person = Person(site.url, OWNER)
        while not over.is_set():
            states.append(person.run(OPERATION, chat("Hello")).state)
            if len(states) % 4 == 0:
                enough.set()

    def a_few_more() -> None:
        enough.clear()
        assert enough.wait(60)

    callers = [threading.Thread(target=call_again_and_again) for _ in range(3)]
    for caller in callers:
        caller.start()
    try:
        a_few_more()
        settings.KEY_ENCRYPTION_KEYS = [new, old]
        a_few_more()
        call_command("reseal", stdout=StringIO())
        a_few_more()
        settings.KEY_ENCRYPTION_KEYS = [new]
        a_few_more()
    finally:
        over.set()
        for caller in callers:
            caller.join(60)

    assert set(states) == {"succeeded"}
    assert {key.secret.sealed[:3] for key in Key.objects.all()} == {"v7:"}
