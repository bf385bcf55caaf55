"""Every form, part and JSON door, sent once as it should be and once with fields beside: the database holds the same after both.

The wishes are those of the tables of rights; what they leave out stands here. A door that is in neither fails the last test.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from accounts.models import Invitation, User
from playground.api import api
from tests.people import PASSWORD
from tests.rights.conftest import room, things
from tests.rights.everybody import browser
from tests.rights.test_shared_things import WISHES
from tests.rights.test_team_things import DEEDS
from tests.rights.things import CALL, Room
from tests.security.addresses import Address, addresses

__all__ = ["room", "things"]

MARK = "planted"
UUID = "f0f0f0f0-f0f0-4f0f-8f0f-f0f0f0f0f0f0"
NUMBER = 770077007
MOMENT = "2031-03-04T05:06:07Z"


def foreign_fields() -> dict[str, str]:
    """Every column of every model of ours, by its name and by that of its row, with a value that would be seen."""
    given = {"pk": UUID, "is_staff": "on", "is_superuser": "on", "groups": "1", "user_permissions": "1"}
    for model in apps.get_models():
        if model._meta.app_label not in ("accounts", "playground"):
            continue
        for field in model._meta.concrete_fields:
            given[field.name] = given[field.attname] = _tempting(field)
    return given


def _tempting(field: Any) -> str:
    match type(field).__name__:
        case "BooleanField":
            return "" if field.default is True else "on"
        case "UUIDField":
            return UUID
        case "DateTimeField" | "DateField":
            return MOMENT
        case "ForeignKey" | "OneToOneField":
            return str(NUMBER)
        case name if "Integer" in name or "Auto" in name or name in ("DecimalField", "FloatField"):
            return str(NUMBER)
    choices = [value for value, _label in field.choices or () if value]
    return str(choices[-1]) if choices else MARK


# Fields beside those of its example that a door has by right, so that they are none of the planted ones.
DETAILS = {"name", "folder", "description", "tags"}
BY_RIGHT: dict[str, set[str]] = {
    "saved_describe": DETAILS, "saved_new": DETAILS | {"visibility"}, "saved_version": {"note"}, "check_add": {"path"},
    "run_marks": {"tags", "note"}, "suggestion_decline": {"word"}, "checks_run": {"folder"},
}  # fmt: skip

Posted = tuple[str, dict[str, Any], bool, str]


def asked(room: Room) -> dict[str, Posted]:
    """Every wish: where, with what, as JSON or as a form, by which verb. All of them are the owner's own to make."""
    found: dict[str, Posted] = {}
    for name, deed in DEEDS.items():
        found[name] = (deed.address(room.things), deed.form(room.things), False, "post")
    for name, wish in WISHES.items():
        if not name.endswith(REFUSED):
            found[name] = (wish.address(room), wish.form(room), wish.json, wish.verb)
    return {**found, **_more(room)}


REFUSED = ("(private)", "(to be run only)", "(by another request)")


def _more(room: Room) -> dict[str, Posted]:
    t = room.things
    invited = Invitation(team=t.team, email="", role="member")
    token = invited.renew_token()
    invited.save()
    forms: dict[str, tuple[str, dict[str, Any]]] = {
        "profile": ("/account/", {"name": "N", "language": "en", "theme": "dark", "timezone": ""}),
        "tokens": ("/account/tokens/", {"name": "T", "scopes": ["read"], "days": "7"}),
        "team_new": ("/team/new/", {"name": "Another"}),
        "team_leave": ("/team/leave/", {}),
        "team_join": (f"/team/join/{token}/", {}),
        "switch_team": ("/team/switch/", {"team": str(t.team.public_id)}),
        "set_language": ("/language/", {"language": "en"}),
        "key_on": (f"/keys/{t.private.pk}/on/", {}),
        "key_bring_back": (f"/keys/{t.private.pk}/bring-back/", {}),
        "notices_seen": ("/notices/seen/", {}),
        "alert_key_follow": (f"/alerts/keys/{t.private.pk}/follow/", {}),
        "balances_cancel": (f"/balances/refresh/{t.refresh.pk}/cancel/", {}),
        "account_change_password": (
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "a quite other one 7", "password2": "a quite other one 7"},
        ),
        "account_email": ("/accounts/email/", {"email": "second@example.com", "action_add": ""}),
        "account_reauthenticate": ("/accounts/reauthenticate/", {"password": PASSWORD}),
        "usersessions_list": ("/accounts/sessions/", {}),
        "account_logout": ("/accounts/logout/", {}),
    }  # fmt: skip
    jsons: dict[str, tuple[str, dict[str, Any], str]] = {
        "draft": ("/drafts/chat-stream/", {"version": 0, "call": CALL}, "put"),
        "draft (left)": ("/drafts/chat-stream/", {"version": 0, "call": CALL}, "post"),
        "import": ("/import/", {"text": "curl https://x.example/v1/chat/completions -d '{}'"}, "post"),
        "turn": ("/operations/chat-stream/turn/", {"call": {"body_text": "{}"}, "to": "messages"}, "post"),
        "operation_problems": ("/operations/chat-stream/problems", {"body_text": "{}"}, "post"),
        "sample": ("/operations/chat-stream/samples/python", {"call": {"body_text": "{}"}}, "post"),
        "export": ("/operations/chat-stream/export/curl", {"call": {"body_text": "{}"}}, "post"),
        "run_picture": (f"/runs/{t.run.uuid}/picture", {"url": "nowhere"}, "post"),
    }
    return {name: (path, form, False, "post") for name, (path, form) in forms.items()} | {
        name: (path, body, True, verb) for name, (path, body, verb) in jsons.items()
    }


@pytest.mark.django_db
def test_fields_beside_those_of_a_door_change_nothing(room: Room, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    planted = foreign_fields()
    changed: dict[str, list[str]] = {}
    wishes, moved, base = asked(room), 0, rows()

    for name, wish in wishes.items():
        who = "holder" if name.endswith("(private)") or _is_own(name) else "owner"
        plain = after(who, wish, {}, base)
        moved += plain != {}
        taken = {*wish[1], *BY_RIGHT.get(name.partition(" ")[0], ())}
        with_more = after(who, wish, _without(planted, taken), base)
        if not _told(plain, plain, with_more):
            continue
        # What differs between two plain ones is random; what the door's own page asks for is no foreign field.
        again, with_more = (
            after(who, wish, {}, base),
            after(who, wish, _without(planted, taken | _shown(who, wish[0])), base),
        )
        if differences := _told(plain, again, with_more):
            changed[name] = [str(one)[:300] for one in differences]

    assert not changed, "\n".join(f"{name}: {what}" for name, what in changed.items())
    assert len(wishes) > 90
    assert moved > 60, "most wishes came to nothing, so that nothing was tried"


# What only the one whose it is may do.
OWN = {
    "saved_describe", "saved_restore", "saved_share", "saved_delete", "comparison_document", "comparison_share", "comparison_delete",
    "comparison_waiting", "comment_reword", "comment_remove", "token_revoke", "check_round_stop", "saved_differences",
}  # fmt: skip


def _is_own(name: str) -> bool:
    return name in OWN


def _without(planted: dict[str, str], taken: set[str]) -> dict[str, str]:
    return {field: value for field, value in planted.items() if field not in taken}


def _shown(who: str, path: str) -> set[str]:
    """The fields of the forms on the page that the door itself shows."""
    page = _client(who).get(path)
    shown = page.content.decode() if page.status_code == 200 and not page.streaming else ""
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', shown))


def after(who: str, wish: Posted, more: dict[str, str], base: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the wish changes: the rows that are new or other, and those that are gone. It is taken back again."""
    path, form, is_json, verb = wish
    with _taken_back():
        client = _client(who)
        given = {**more, **form}
        for value in form.values():
            if hasattr(value, "seek"):
                value.seek(0)
        if is_json:
            answer = getattr(client, verb)(path, json.dumps(given), content_type="application/json")
        else:
            answer = client.post(path, given)
        assert answer.status_code < 500, (path, answer.status_code)
        now = rows()
        return {
            name: json.loads(now[name]) if name in now else {}
            for name in base.keys() | now.keys()
            if base.get(name) != now.get(name)
        }


def _client(who: str) -> Client:
    if who != "holder":
        return browser(who)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(email="holder@example.com"), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Sessions and what is counted of them differ from one request to the next.
PASSING = (
    "django_session",
    "usersessions_usersession",
    "procrastinate_",
    "django_migrations",
    "auth_permission",
    "django_content_type",
)


def rows() -> dict[str, str]:
    """Every row of every table as JSON, by table and key."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(PASSING)]
        union = " UNION ALL ".join(f"SELECT '{name}', to_jsonb(t)::text FROM {name} t" for name in sorted(tables))
        cursor.execute(union)
        return {f"{table} {_key(row)}": row for table, row in cursor.fetchall()}


def _key(row: str) -> str:
    found = re.search(r'"(?:id|uuid)": ("[^"]+"|\d+)', row)
    return found[1] if found else row


def _told(plain: dict[str, Any], again: dict[str, Any], with_more: dict[str, Any]) -> list[str]:
    """Where the wish with more fields did what neither of two plain ones did."""
    told = [f"{name}: {value}" for name, value in with_more.items() if _plants(value)]
    told += [
        f"{table}.{column}"
        for table, columns in _columns(with_more).items()
        for column, values in columns.items()
        if values != _columns(plain).get(table, {}).get(column)
        and _columns(plain).get(table, {}).get(column) == _columns(again).get(table, {}).get(column)
    ]
    return told


def _plants(row: dict[str, Any]) -> bool:
    text = json.dumps(row)
    return any(value in text for value in (MARK, UUID, str(NUMBER), "2031-03-04"))


def _columns(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    told: dict[str, dict[str, list[str]]] = {}
    for name, row in found.items():
        for column, value in (row or {"": "gone"}).items():
            told.setdefault(name.partition(" ")[0], {}).setdefault(column, []).append(json.dumps(value, sort_keys=True))
    return {table: {column: sorted(values) for column, values in columns.items()} for table, columns in told.items()}


# Doors that take a POST and are tried neither above nor by the tables of rights, and why they need not be.
WITHOUT_FIELDS = {
    # start what they name: runs take named fields of the seam (`runs/test_socket.py`), questions to a gateway keep nothing of a form
    "saved_run", "run_again", "models_refresh", "balances_refresh", "balance_read",
    "key_test", "key_test_new", "gateway_test", "alert_webhook_test",
    # before somebody is signed in; `test_signing_up_makes_an_ordinary_person`
    "account_login", "account_signup", "account_reset_password", "account_reset_password_from_key", "account_confirm_email",
    "account_set_password", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
    # allauth's, of one field: a code or what a passkey says
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    # shut, or they lead to the issuer of single sign-on and back
    "socialaccount_signup", "socialaccount_connections", "accounts/social/signup/", "accounts/social/connections/",
    "openid_connect_login", "openid_connect_callback", "accounts/social/login/cancelled/", "accounts/social/login/error/",
    # show the same however they are asked
    "texts", "mfa_download_recovery_codes",
}  # fmt: skip


@pytest.mark.django_db
def test_no_door_that_takes_something_is_left_out(room: Room) -> None:
    tried = {name.partition(" ")[0] for name in asked(room)}

    taking = {address.name for address in addresses() if not address.path.startswith("/api/") and _takes(address)}

    assert sorted(taking - tried - WITHOUT_FIELDS) == []
    assert tried - taking == {"comparison_document"}  # which is PUT


def _takes(address: Address) -> bool:
    with _taken_back():
        return browser("owner").post(address.path).status_code != 405


def test_programs_hand_over_named_fields_only() -> None:
    """What the API reads, by its own description: none of it says whose something is or what state it has."""
    described = api.get_openapi_schema()
    taken: dict[str, set[str]] = {}
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if name := body.get("$ref", "").rpartition("/")[2]:
                taken[f"{verb} {path}"] = set(described["components"]["schemas"][name]["properties"])

    assert taken == {
        "post /api/runs": {"run", "operation", "key", "call", "stream", "retry_of"},
        "post /api/saved/{id}/run": {"run", "key", "variables"},
    }
