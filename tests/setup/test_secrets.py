"""What the site must know before it starts: its secrets, its database, its mail."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from playground import secrets
from playground.starting import CannotStart


def test_a_generated_secret_stays_the_same(tmp_path):
    assert secrets.site_secret(tmp_path) == secrets.site_secret(tmp_path)


def test_only_the_owner_may_read_a_generated_secret(tmp_path):
    secrets.site_secret(tmp_path)
    secrets.encryption_keys(tmp_path)

    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_many_that_ask_at_once_get_one_secret(tmp_path):
    with ThreadPoolExecutor(16) as asking:
        told = set(asking.map(lambda _: secrets.site_secret(tmp_path), range(64)))

    assert len(told) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_given_secret_is_used_and_kept_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    new, old = (f"{number}:{base64.b64encode(bytes(32)).decode()}" for number in (2, 1))
    monkeypatch.setenv("KEY_ENCRYPTION_KEYS", f"{new},{old}")

    assert (secrets.site_secret(tmp_path), secrets.encryption_keys(tmp_path)) == ("given", [new, old])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["a-secret-word", "1:c2hvcnQ=", f"x:{'A' * 43}=", f"1:{'A' * 43}=,2:§", ","])
def test_what_is_no_master_key_is_refused_and_not_repeated(tmp_path, monkeypatch, key):
    monkeypatch.setenv("KEY_ENCRYPTION_KEYS", key)

    with pytest.raises(CannotStart, match="KEY_ENCRYPTION_KEYS is not of the form number:base64") as refused:
        secrets.encryption_keys(tmp_path)

    assert key.partition(",")[0] not in str(refused.value) or key == ","


def test_a_database_url_is_taken_apart(tmp_path):
    place = secrets.database(tmp_path, "postgresql://me:p%40ss@db.example.com:6432/our%20site?sslmode=require")

    assert {name: place[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")} == {
        "NAME": "our site",
        "HOST": "db.example.com",
        "PORT": "6432",
        "USER": "me",
        "PASSWORD": "p@ss",
    }
    assert place["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("hosts", "ports"), [("a,b", ","), ("a:5432,b:6432", "5432,6432"), ("a,b:6432", ",6432"), ("[::1]:1,b:2", "1,2")]
)
def test_a_database_may_have_several_addresses(tmp_path, hosts, ports):
    place = secrets.database(tmp_path, f"postgresql://me@{hosts}/site?target_session_attrs=read-write")

    assert (place["HOST"].count(","), place["PORT"]) == (1, ports)
    assert place["OPTIONS"]["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    "url", ["sqlite:///site.db", "postgres://", "db.example.com/site", "postgres://me@host:port/site"]
)
def test_any_other_database_url_is_refused(tmp_path, url):
    with pytest.raises(CannotStart, match="DATABASE_URL is not of the form"):
        secrets.database(tmp_path, url)


def test_mail_goes_to_the_console_or_by_smtp():
    told = secrets.mail("smtp+tls://me%40example.com:p%2Fss@mail.example.com")

    assert secrets.mail("console:") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert (told["EMAIL_HOST"], told["EMAIL_PORT"], told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == (
        "mail.example.com",
        587,
        "me@example.com",
        "p/ss",
    )
    assert (told["EMAIL_USE_TLS"], told["EMAIL_USE_SSL"]) == (True, False)


def test_any_other_mail_url_is_refused():
    with pytest.raises(CannotStart, match="EMAIL_URL is neither"):
        secrets.mail("mail.example.com")
