"""Gateways by their pages: added where addresses may be called, tested, changed, deleted."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.demo import MEMBER, OWNER, make_demo
from accounts.gateways import sandbox
from accounts.models import AuditEvent, Gateway, Key, Team, User
from tests.conftest import Site
from tests.people import PASSWORD, Person
from tests.upstream import says, upstream


@pytest.fixture(autouse=True)
def demo(transactional_db: None) -> None:
    make_demo(PASSWORD)


@pytest.fixture
def team() -> Team:
    return User.objects.get(email=OWNER).memberships.get().team


def browser(email: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def made(team: Team, **fields: Any) -> Gateway:
    return Gateway.objects.create(**{"team": team, "name": "Own", "base_url": "https://203.0.114.8", **fields})


def test_a_gateway_is_added_at_its_root(team: Team) -> None:
    browser(MEMBER).post("/gateways/new/", {"name": "Ours", "base_url": "https://203.0.114.9:8443/v1/"})

    gateway = Gateway.objects.get(name="Ours")
    assert (gateway.base_url, gateway.team, gateway.trusted, gateway.kind) == (
        "https://203.0.114.9:8443", team, False, "unknown",
    )  # fmt: skip
    assert AuditEvent.objects.get(what="gateway.added").details == {"base_url": "https://203.0.114.9:8443"}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000", "http://localhost/", "http://169.254.169.254/latest", "http://[::1]/", "http://0x7f.1/",
        "http://10.0.0.8/v1", "http://[::ffff:127.0.0.1]/", "ftp://example.com", "https://", "example.com",
        "https://user:pass@example.com", "https://example.com/?a=1", "https://exam\u200bple.com", "https://еxample.com",
        "https://example.com/#x", "https://a b.com", "https://example.com:99999", "https://x/\r\nHost: y", "\0",
    ],
)  # fmt: skip
def test_addresses_inside_and_odd_ones_are_refused(url: str) -> None:
    answer = browser(MEMBER).post("/gateways/new/", {"name": "Odd", "base_url": url})

    assert answer.status_code == 422
    assert not Gateway.objects.filter(name="Odd").exists()


def test_others_keys_never_follow_a_gateway_to_another_address(team: Team) -> None:
    gateway = made(team)
    Key.objects.create(
        team=team, owner=User.objects.get(email=MEMBER), gateway=gateway, name="K", secret="sk-other-0123456789"
    )
    client = browser(OWNER)

    client.post(f"/gateways/{gateway.pk}/", {"name": "Own", "base_url": "https://203.0.114.66"})
    page = client.get(f"/gateways/{gateway.pk}/").content.decode()
    client.post(f"/gateways/{gateway.pk}/", {"name": "Renamed", "base_url": gateway.base_url})

    gateway.refresh_from_db()
    assert "secrets would be sent to the new address" in page
    assert (gateway.name, gateway.base_url) == ("Renamed", "https://203.0.114.8")


def test_a_gateway_without_others_keys_may_move_and_is_asked_its_kind_anew(team: Team) -> None:
    gateway = made(team, kind="new-api")

    browser(OWNER).post(f"/gateways/{gateway.pk}/", {"name": "Own", "base_url": "https://203.0.114.66"})

    gateway.refresh_from_db()
    assert (gateway.base_url, gateway.kind) == ("https://203.0.114.66", "unknown")


def test_the_operators_gateway_and_a_members_wish_change_nothing(team: Team) -> None:
    gateway = made(team)

    browser(OWNER).post(f"/gateways/{sandbox().pk}/", {"name": "X", "base_url": "https://203.0.114.66"})
    browser(OWNER).post(f"/gateways/{sandbox().pk}/delete/", {"name": "Sandbox"})
    browser(MEMBER).post(f"/gateways/{gateway.pk}/", {"name": "X", "base_url": "https://203.0.114.66"})
    browser(MEMBER).post(f"/gateways/{gateway.pk}/delete/", {"name": "Own"})

    assert sorted(Gateway.objects.values_list("name", flat=True)) == ["Own", "Sandbox"]


def test_a_gateway_is_deleted_by_name_once_no_key_stands_at_it(team: Team) -> None:
    gateway = made(team)
    key = Key.objects.create(
        team=team, owner=User.objects.get(email=OWNER), gateway=gateway, name="K", secret="sk-other-0123456789"
    )
    client = browser(OWNER)

    client.post(f"/gateways/{gateway.pk}/delete/", {"name": "Own"})
    assert "Keys stand at this gateway: K." in client.get("/gateways/").content.decode()
    key.delete()
    client.post(f"/gateways/{gateway.pk}/delete/", {"name": "Wrong"})
    assert Gateway.objects.filter(pk=gateway.pk).exists()
    client.post(f"/gateways/{gateway.pk}/delete/", {"name": "Own"})

    assert not Gateway.objects.filter(pk=gateway.pk).exists()


def test_testing_tells_each_step_and_where_it_ends(site: Site, team: Team, settings: Any) -> None:
    http = Person(site.url, OWNER).http
    http.cookies.set("django_language", "en")
    http.headers.update({"X-CSRFToken": http.cookies["csrftoken"], "Referer": site.url + "/keys/"})

    def steps(gateway: Gateway) -> list[tuple[str, str]]:
        lines = map(json.loads, http.post(f"/gateways/{gateway.pk}/test/").text.splitlines())
        return [(line["step"], line["state"]) for line in lines]

    with upstream(says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as there:
        inside = made(team, base_url=there.url)
        refused = steps(inside)
        settings.GATEWAY_ALLOWED_NETWORKS = ["127.0.0.0/8"]
        allowed = steps(inside)
        no_tls = steps(made(team, base_url=there.url.replace("http", "https")))
    nowhere = steps(made(team, base_url="https://nothing.invalid"))

    assert refused == [("resolved", "bad"), ("verdict", "bad")]
    assert allowed == [("resolved", "ok"), ("connected", "ok"), ("verdict", "ok")]
    assert no_tls == [("resolved", "ok"), ("connected", "ok"), ("tls", "bad"), ("verdict", "bad")]
    assert nowhere == [("resolved", "bad"), ("verdict", "bad")]
    assert there.requests == []
