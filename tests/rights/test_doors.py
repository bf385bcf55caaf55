"""Sockets and programs tell and do by the same rights as pages."""

import json
import uuid
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from accounts.models import (
    PersonalToken,
    Scope,
    User,
)
from tests.conftest import Site
from tests.people import Person, chat, start, tell, watch_until_end
from tests.rights.everybody import ADMINS, EMAILS, EVERYBODY, OUTSIDERS, WRITERS
from tests.rights.things import Things


@pytest.mark.django_db(transaction=True)
def test_sockets_open_and_tell_by_the_same_rights(site: Site, things: Things) -> None:
    seen: dict[str, Any] = {}
    for who in EMAILS:
        person = Person(site.url, EMAILS[who])
        try:
            with person.socket() as socket:
                seen[who] = _socket_rights(socket, things)
        except InvalidStatus as refused:
            seen[who] = refused.response.status_code

    missing = ("not_found", "not_found")
    assert seen == {
        "removed": 403,
        "stranger": {"watch": missing, "stop": missing, "private key": "not_found", "start": "succeeded"},
        "viewer": {"watch": ("succeeded", "not_found"), "stop": ("forbidden", "not_found"), "private key": "forbidden", "start": "forbidden"},
        "member": {"watch": ("succeeded", "not_found"), "stop": ("forbidden", "not_found"), "private key": "not_found", "start": "succeeded"},
        "admin": {"watch": ("succeeded", "not_found"), "stop": ("", "not_found"), "private key": "not_found", "start": "succeeded"},
        "owner": {"watch": ("succeeded", "not_found"), "stop": ("", "not_found"), "private key": "not_found", "start": "succeeded"},
    }  # fmt: skip


def _socket_rights(socket: Any, things: Things) -> dict[str, Any]:
    run, missing = str(things.run.uuid), str(uuid.uuid4())

    def watched(name: str) -> str:
        tell(socket, type="watch", run=name, after=0)
        told = watch_until_end(socket, name, 10)
        return told.error.get("code") or told.state

    def stopped(name: str) -> str:
        tell(socket, type="stop", run=name)
        tell(socket, type="watch", run="no uuid")  # is refused, so that something comes back in any case
        codes = []
        while not codes or codes[-1] != "bad_message":
            message = json.loads(socket.recv(timeout=10))
            if message["type"] == "error":
                codes.append(message["code"])
        return codes[0] if len(codes) > 1 else ""

    def started(key: str | None) -> str:
        name = start(socket, "chat-stream", chat(), key=key)
        told = watch_until_end(socket, name, 20)
        return told.error.get("code") or told.state

    return {
        "watch": (watched(run), watched(missing)),
        "stop": (stopped(run), stopped(missing)),
        "private key": started(str(things.private.pk)),
        "start": started(None),
    }


@pytest.mark.django_db(transaction=True)
def test_programs_have_the_rights_of_their_people(site: Site, things: Things) -> None:
    run, missing = things.run.uuid, uuid.uuid4()

    for who in EVERYBODY:
        client = _program(site, things, who)
        for pair in [
            [client.get(f"/api/runs/{name}") for name in (run, missing)],
            [client.post(f"/api/runs/{name}/stop") for name in (run, missing)],
            [client.get(f"/api/keys/{name}/balance") for name in (things.private.pk, missing)],
        ]:
            if who in OUTSIDERS:
                assert (pair[0].status_code, pair[0].json()) == (pair[1].status_code, pair[1].json())
                assert pair[0].status_code == (404 if who == "stranger" else 401)
            else:
                assert pair[1].status_code == 404
        seen = client.get(f"/api/keys/{things.private.pk}/balance").status_code
        assert (seen == 200) == (who in ADMINS), who
        begun = client.post("/api/runs", json={"operation": "chat-stream", "call": chat()}).status_code
        assert (begun == 201) == (who in (*WRITERS, "stranger")), who


def _program(site: Site, things: Things, who: str) -> httpx.Client:
    text = "tp_none"
    if who in EMAILS:
        person = User.objects.get(email=EMAILS[who])
        team = things.team if who != "stranger" else person.memberships.get().team
        _token, text = PersonalToken.make(person, team, name="t", scopes=list(Scope), expires_at=None)
    return httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {text}"}, timeout=30)
