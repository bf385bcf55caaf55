"""Signing in by OpenID Connect, at a small issuer that signs its tokens."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from jwt.algorithms import RSAAlgorithm

from accounts.models import User
from playground.secrets import single_sign_on

CLIENT, SECRET = "playground", "a secret between both"


@dataclass
class Issuer:
    """An OpenID Connect issuer on this machine. `person` is who sits before it."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, path: str, form: dict[str, list[str]]) -> Any:
        match urlsplit(path).path:
            case "/.well-known/openid-configuration":
                ends = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
                return {"issuer": self.url, **{end: f"{self.url}/{end}" for end in ends}}
            case "/jwks_uri":
                return {"keys": [json.loads(RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": "1", "use": "sig"}]}
            case "/token_endpoint":
                self.asked.append(form)
                claims = {"iss": self.url, "aud": CLIENT, "iat": 1_700_000_000, "exp": 4_000_000_000, **self.person}
                token = jwt.encode(claims, self.key, "RS256", headers={"kid": "1"})
                return {"access_token": "theirs", "token_type": "Bearer", "expires_in": 60, "id_token": token}
            case "/userinfo_endpoint":
                return self.person
        return None


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    made = Issuer()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _answer(self, form: dict[str, list[str]]) -> None:
            where = urlsplit(self.path)
            if where.path == "/authorization_endpoint":
                asked = {name: values[0] for name, values in parse_qs(where.query).items()}
                self.send_response(302)
                self.send_header(
                    "Location", f"{asked['redirect_uri']}?{urlencode({'code': 'c', 'state': asked['state']})}"
                )
                self.end_headers()
                return
            body = json.dumps(made.answer(self.path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(made.url, CLIENT, SECRET, "Example Inc.")
    yield made
    server.shutdown()
    server.server_close()


def person(email: str, **claims: Any) -> dict[str, Any]:
    return {"sub": f"id of {email}", "email": email, "email_verified": True, "name": "Ada Lovelace", **claims}


def come_by(browser: Client) -> Any:
    """Press the button, sign in there, come back."""
    begun = browser.get("/accounts/oidc/oidc/login/?process=login")
    assert begun.status_code == 302, begun.content[:300]
    back = httpx.get(begun["Location"], follow_redirects=False).headers["Location"]
    where = urlsplit(back)
    return browser.get(f"{where.path}?{where.query}")


def who(browser: Client) -> str:
    id = browser.session.get("_auth_user_id")
    return User.objects.get(pk=id).email if id else ""


def test_the_button_is_there_only_when_an_issuer_is_set(db: None, issuer: Issuer, settings: Any) -> None:
    browser = Client(headers={"accept-language": "en"})
    assert "Sign in with Example Inc." in browser.get("/accounts/login/").content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on("", "", "", "Example Inc.")

    assert "Example Inc." not in browser.get("/accounts/login/").content.decode()
    assert browser.get("/accounts/oidc/oidc/login/").status_code == 404


def test_a_person_with_an_account_comes_to_it_by_their_verified_address(member: User, issuer: Issuer) -> None:
    EmailAddress.objects.get_or_create(user=member, email=member.email, defaults={"verified": True, "primary": True})
    issuer.person, browser = person(member.email.upper()), Client()

    answer = come_by(browser)

    assert (answer.status_code, who(browser)) == (302, member.email)
    assert SocialAccount.objects.get().user == member
    assert issuer.asked[0]["code_verifier"][0], "the code is bound to this browser by PKCE"
    assert member.memberships.count() == 1


def test_an_address_that_the_issuer_has_not_verified_opens_nobodys_account(member: User, issuer: Issuer) -> None:
    EmailAddress.objects.get_or_create(user=member, email=member.email, defaults={"verified": True, "primary": True})
    issuer.person, browser = person(member.email, email_verified=False), Client()

    come_by(browser)

    assert who(browser) == ""
    assert not SocialAccount.objects.filter(user=member).exists()


def test_somebody_unknown_needs_open_sign_up(demo: str, issuer: Issuer, settings: Any) -> None:
    issuer.person, browser = person("ada@example.com"), Client()

    come_by(browser)
    assert (who(browser), User.objects.filter(email="ada@example.com").exists()) == ("", False)

    settings.SIGN_UP = "open"
    come_by(browser)
    assert who(browser) == "ada@example.com"
    assert User.objects.get(email="ada@example.com").name == "Ada Lovelace"


def test_a_state_that_this_browser_did_not_ask_for_signs_nobody_in(member: User, issuer: Issuer) -> None:
    issuer.person, browser = person(member.email), Client()

    browser.get("/accounts/oidc/oidc/login/callback/?code=c&state=made-up")

    assert who(browser) == ""


def test_a_cancelled_sign_in_leads_back_with_a_page(db: None, issuer: Issuer) -> None:
    browser = Client()
    browser.get("/accounts/oidc/oidc/login/?process=login")

    answer = browser.get("/accounts/oidc/oidc/login/callback/?error=access_denied&state=x")

    assert answer.status_code in (200, 302, 401)
    assert who(browser) == ""
