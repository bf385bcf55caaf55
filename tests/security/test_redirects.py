"""Redirects lead to pages of this site only, whatever address is asked for."""

from urllib.parse import urlsplit

import pytest

from accounts.demo import OWNER
from tests.people import PASSWORD
from tests.security.addresses import addresses

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "/%5cevil.example", "//evil.example\\@testserver/",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "\thttps://evil.example", "\x00//evil.example",
    "/\t/evil.example", "https://evil.example#testserver", "https://EVIL.example", "//evil%E3%80%82example", "//①②⑦.0.0.1/",
]  # fmt: skip


def is_ours(location: str) -> bool:
    """Whether a browser would stay: it reads backslashes as slashes and leaves tabs and controls out."""
    text = "".join(letter for letter in location.replace("\\", "/") if letter > " ")
    parts = urlsplit(text)
    if not parts.scheme:
        return not parts.netloc and not text.startswith("//")
    return (parts.scheme, parts.netloc) == ("http", "testserver")


def test_the_look_at_locations_sees_an_evil_one():
    assert [url for url in ELSEWHERE if is_ours(url)] == ["/%5cevil.example"]
    assert is_ours("/team/")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_signing_in_leads_nowhere_else(demo, client, url):
    answer = client.post(f"/accounts/login/?next={url}", {"login": OWNER, "password": PASSWORD, "next": url})

    assert answer.status_code == 302
    assert is_ours(answer["Location"])


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_other_form_with_a_next_leads_elsewhere(client_of, demo, url):
    client = client_of(OWNER)
    team = str(client.get("/team/").wsgi_request.team.public_id)
    doors = {
        "/language/": {"language": "en", "next": url},
        "/team/switch/": {"team": team, "next": url},
        "/accounts/reauthenticate/": {"password": PASSWORD, "next": url},
        "/accounts/logout/": {"next": url},
    }

    for path, form in doors.items():
        answer = client.post(path, form, headers={"referer": url.encode("ascii", "ignore").decode().strip("\x00\t")})
        assert answer.status_code in (200, 204, 302), path
        assert is_ours(answer.headers.get("Location", "")), path


def test_signed_in_already_one_is_led_nowhere_else(client_of, demo):
    for url in ELSEWHERE:
        for path in ("/accounts/login/", "/accounts/signup/", "/accounts/reauthenticate/"):
            answer = client_of(OWNER).get(path, {"next": url})
            assert is_ours(answer.headers.get("Location", "")), (path, url)


def test_no_page_carries_a_foreign_next_on(db, client):
    for url in ELSEWHERE:
        page = client.get("/accounts/login/", {"next": url}).content.decode()
        assert f'href="{url}"' not in page and f'action="{url}"' not in page


NAMES = ("next", "return", "return_to", "url", "to", "back", "redirect", "redirect_to", "continue", "referer", "from")


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_door_at_all_leads_elsewhere(client_of, demo, method):
    """Every address the site answers to, whatever word a door may call the way back by, and wherever one says to come from."""
    evil = dict.fromkeys(NAMES, "//evil.example/")
    headers = {"referer": "https://evil.example/", "hx-current-url": "https://evil.example/"}
    led = {}
    for address in addresses():
        answer = getattr(client_of(OWNER), method)(address.path, evil, headers=headers)
        ways = [answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "Refresh")]
        if not all(is_ours(way) for way in ways):
            led[address.path] = ways

    assert led == {}
