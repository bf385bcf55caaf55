"""Doors that are closed unless somebody opened them: to forms of other sites, and to people who are not signed in."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.demo import OWNER
from accounts.models import Team
from tests.people import PASSWORD
from tests.security.addresses import Address, addresses
from tests.security.test_code import found

# What people see before they are somebody: the ways in, sentences about them, the texts of scripts, signs of life.
OPEN = {
    "healthz", "readyz", "texts", "set_language", "team_join", "account_login", "account_inactive", "account_signup",
    "account_email_verification_sent", "account_confirm_email", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_login_webauthn",
    "socialaccount_login_cancelled", "socialaccount_login_error", "accounts/social/login/cancelled/",
    "accounts/social/login/error/", "accounts/social/connections/", "accounts/social/signup/", "openapi-json",
}  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_cookie_alone_writes_nothing_anywhere(client_of, team, method):
    """Signed in as the owner, but without the token of a page: what a form of another site could send."""
    client = client_of(OWNER, checks=True)

    answers = {
        address: getattr(client, method)(address.path, {"name": "forged"}).status_code for address in addresses()
    }

    assert len(answers) > 100
    assert {address.path: status for address, status in answers.items() if status not in refusals(address)} == {}
    assert Team.objects.filter(pk=team.pk, name=team.name).exists()


def refusals(address: Address) -> tuple[int, ...]:
    """Below /api/ a cookie is nobody; everywhere else the token is asked for before anything is done."""
    return (401, 403, 404, 405) if address.path.startswith("/api/") else (403, 405)


def test_a_token_sent_from_a_foreign_page_is_refused(client_of, team):
    client = client_of(OWNER, checks=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/team/").content.decode())[1]

    def renamed(origin: str) -> int:
        headers = {"Origin": origin, "X-CSRFToken": token}
        return client.post("/team/rename/", {"name": "Renamed"}, headers=headers).status_code

    assert renamed("https://evil.example") == renamed("null") == renamed("http://testserver:81") == 403
    assert renamed("http://testserver") == 302
    assert Team.objects.get(pk=team.pk).name == "Renamed"


@pytest.mark.parametrize("method", ["get", "post"])
def test_people_who_are_not_signed_in_stay_outside(db, method):
    let_in = {}
    for address in addresses():
        if address.name in OPEN:
            continue
        answer = getattr(Client(), method)(address.path)
        where = answer.headers.get("Location", "")
        if answer.status_code not in (401, 404, 405) and not where.startswith("/accounts/login/"):
            let_in[address.path] = (answer.status_code, where)

    assert let_in == {}


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(client_of, demo):
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": OWNER, "password": PASSWORD})
    session, token = (client.cookies[name] for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))

    assert (session["httponly"], session["samesite"], token["samesite"]) == (True, "Lax", "Lax")
    assert {cookie["domain"] for cookie in client.cookies.values()} == {""}


def test_asking_for_a_page_changes_nothing(client_of, team):
    """GET and HEAD only show: no row of any table but those of sessions and of what was looked at differs."""
    client, before = client_of(OWNER), rows()
    for address in addresses():
        for method in ("get", "head", "options"):
            getattr(client, method)(address.path)

    assert rows() == before


LOOKING = {"django_session", "usersessions_usersession", "django_content_type"}


def rows() -> dict[str, str]:
    """How many rows each table has, and what they say together."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - LOOKING)
        said = "count(*) || ':' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '')"
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', {said} FROM {table} t" for table in tables))
        return dict(cursor.fetchall())


def test_every_answer_says_what_it_is_and_lets_no_other_site_read_it(client_of, demo):
    client = client_of(OWNER)
    for address in addresses():
        answer = client.get(address.path, headers={"origin": "https://evil.example"})
        kind = answer.headers.get("Content-Type", "")
        assert "Access-Control-Allow-Origin" not in answer.headers, address.path
        if kind.startswith("text/") and address.name not in ("healthz", "readyz"):
            assert "charset=utf-8" in kind, (address.path, kind)


def test_methods_that_nobody_needs_are_refused(client_of, demo):
    client = client_of(OWNER)

    answers = {
        address.path: client.generic("TRACE", address.path, headers={"x-asked": "echo-of-this"})
        for address in addresses()
    }

    assert {path for path, answer in answers.items() if answer.status_code == 200} == set()
    assert {path for path, answer in answers.items() if b"echo-of-this" in answer.content} == set()


# What leaves the site otherwise than as a page or as JSON of ours, by the file that sends it, and the test that tries it.
WAYS_OUT = {
    "tables": ({"balances/board", "export", "tables", "team/audit", "usage"}, "test_no_cell_of_any_table_is_a_formula"),
    "streams": ({"attachments", "tables", "trials"}, "test_every_answer_carries_the_strict_policy"),
    "files": ({"attachments", "export", "imports", "schemas", "tables"}, "test_no_file_name_breaks_a_header_or_leaves_its_folder"),
}  # fmt: skip
SPELLED = {
    "tables": r"csv_response\(|csv\.writer|text/csv",
    "streams": r"StreamingHttpResponse\(|FileResponse\(",
    "files": r"Content-Disposition|content_disposition_header|as_attachment",
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_other_way_out_of_the_site_stands_in_a_list_with_its_test(way):
    """A table of its own, another stream, another download: say here which test tries it."""
    files, test = WAYS_OUT[way]

    sending = {
        line.partition(".py:")[0].removeprefix("playground/views/")
        for line in found(SPELLED[way], "playground/views/**/*.py", "playground/api/*.py", "accounts/*.py")
    }

    assert sending == files
    assert found(rf"def {test}\(", "tests/security/*.py")
