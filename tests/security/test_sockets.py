"""The websocket's door. Who gets in at all and what is refused inside stands in `runs/test_socket.py` and in `tests/rights`."""

import json
import time

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from accounts.demo import make_demo
from accounts.models import User
from tests.conftest import Site
from tests.people import OWNER, PASSWORD, Person, chat, start, watch_until_end
from tests.upstream import chat as streams


@pytest.fixture
def demo(transactional_db: None) -> None:
    make_demo(PASSWORD)


@pytest.fixture
def visitor(site: Site, demo: None) -> Person:
    """The owner of the demo team, signed in by the form."""
    return Person(site.url, OWNER)


def status_of(person: Person, **more) -> int:
    """How opening a socket is answered."""
    try:
        with person.socket(**more):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example",
     "http://127.0.0.1:{port}@evil.example", "http://localhost:{port}", "file://", "http://evil.example:{port}", None],
)  # fmt: skip
def test_a_socket_from_a_foreign_origin_is_refused(visitor, origin):
    port = visitor.url.rpartition(":")[2]

    assert status_of(visitor, origin=origin and origin.format(port=port)) == 403
    assert status_of(visitor) == 101


def test_with_a_site_url_only_its_own_pages_open_sockets(visitor, settings):
    settings.SITE_URL = "https://play.example"

    assert status_of(visitor, origin="https://play.example") == 101
    for origin in ("http://play.example", "https://play.example.evil.example", "https://evil.example", visitor.url):
        assert status_of(visitor, origin=origin) == 403


def test_a_session_that_ended_opens_no_socket(visitor):
    for end in (_expire, _sign_out_elsewhere, _forge):
        assert status_of(visitor) == 101
        end(visitor)
        assert status_of(visitor) == 403, end
        visitor = Person(visitor.url, OWNER)


def _expire(person: Person) -> None:
    Session.objects.update(expire_date=timezone.now())


def _sign_out_elsewhere(person: Person) -> None:
    Session.objects.all().delete()


def _forge(person: Person) -> None:
    person.http.cookies.set("sessionid", "a" * 32, domain="127.0.0.1")
    for cookie in list(person.http.cookies.jar):
        if cookie.name == "sessionid" and cookie.value != "a" * 32:
            person.http.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def _change_password(person: Person) -> None:
    """By another browser, as a person does whose password was stolen."""
    other = Person(person.url, OWNER)
    headers = {"X-CSRFToken": other.http.cookies["csrftoken"], "Referer": person.url}
    other.http.post("/accounts/reauthenticate/", data={"password": PASSWORD}, headers=headers)
    headers["X-CSRFToken"] = other.http.cookies["csrftoken"]
    form = {"oldpassword": PASSWORD, "password1": "a quite other one 7", "password2": "a quite other one 7"}
    other.http.post("/accounts/password/change/", data=form, headers=headers)
    assert User.objects.get(email=OWNER).check_password("a quite other one 7")


def _deactivate(person: Person) -> None:
    User.objects.filter(email=OWNER).update(is_active=False)


@pytest.mark.parametrize("end", [_expire, _sign_out_elsewhere, _change_password, _deactivate])
def test_a_session_that_ends_meanwhile_closes_what_it_had_opened(visitor, gateway, end):
    gateway(streams(*"abcdefghij" * 40, pause=0.05))
    with visitor.socket() as socket:
        name = start(socket, "chat-stream", chat())
        watch_until_end(socket, name, until=lambda seen: seen.text() != "")
        end(visitor)
        with pytest.raises(ConnectionClosed) as closed:
            watch_until_end(socket, name, 15)

    assert closed.value.rcvd.code == 4403


def test_a_socket_that_watches_nothing_is_asked_again_at_its_next_word(visitor):
    with visitor.socket() as socket:
        _sign_out_elsewhere(visitor)
        time.sleep(1.2)  # what is known of a right is remembered for a second
        start(socket, "chat-stream", chat())

        assert json.loads(socket.recv(timeout=10))["code"] == "forbidden"


def test_a_cookie_in_the_address_opens_nothing(visitor):
    session = visitor.http.cookies["sessionid"]
    for query in (f"?sessionid={session}", f"?token={session}"):
        with pytest.raises(InvalidStatus) as refused:
            connect(visitor.url.replace("http", "ws", 1) + "/ws/runs/" + query, origin=visitor.url)
        assert refused.value.response.status_code == 403


def test_there_is_no_other_socket(visitor):
    for path in ("/ws/", "/ws/runs", "/ws/other/", "/", "/sandbox/", "//ws/runs/"):
        with pytest.raises(InvalidStatus):
            connect(
                visitor.url.replace("http", "ws", 1) + path,
                origin=visitor.url,
                additional_headers={"Cookie": visitor.cookies()},
            )
