"""Forms change what they show and nothing else, and what they take in stays text wherever it goes out again."""

import csv
import io
import re
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import ModelForm
from django.test import Client
from django.urls import get_resolver

from accounts.demo import MEMBER, OWNER
from accounts.gateways import sandbox
from accounts.models import Gateway, Key, Team, User
from playground.models import Attachment, SavedRequest
from playground.models.attachments import folder
from tests.people import PASSWORD
from tests.views.runs_made import make_run, spoken

# What no form may set: whose it is, what it is trusted with, what only deeds of their own may change.
GUARDED = {
    "id", "uuid", "is_active", "is_staff", "is_superuser", "email", "password", "owner", "user", "team", "trusted",
    "from_settings", "public_id", "mask", "former_mask", "former_secret", "is_default", "requires_second_factor", "version",
    "state", "token_hash",
}  # fmt: skip
# What is filled in beside what is asked: every field of every model, by its name, with a tempting value.
TEMPTING = {
    "id": "1", "pk": "1", "is_active": "", "is_staff": "on", "is_superuser": "on", "email": "evil@example.com",
    "password": "x", "role": "owner", "owner": "1", "user": "1", "team": "1", "team_id": "1", "trusted": "on",
    "from_settings": "on", "kind": "sandbox", "requires_second_factor": "on", "public_id": "x", "mask": "sk-evil",
    "is_default": "on", "secret": "", "former_secret": "sk-x", "visibility": "team", "version": "99", "state": "succeeded",
}  # fmt: skip


def test_a_form_of_a_model_sets_named_fields_only():
    """Else every new field of a model could be set by whoever guesses its name."""
    ours = {form for form in _below(ModelForm) if form.__module__.startswith(("accounts.", "playground."))}

    assert len(ours) >= 6
    assert [form.__name__ for form in ours if not isinstance(form._meta.fields, list | tuple)] == []
    assert {form.__name__: set(form._meta.fields) & GUARDED for form in ours if set(form._meta.fields) & GUARDED} == {}


def _below(form: type) -> set[type]:
    get_resolver().url_patterns  # noqa: B018  loads every view with its forms
    return {one for child in form.__subclasses__() for one in ({child} | _below(child))}


def test_nothing_tempting_beside_a_form_is_taken(client_of, owner, team):
    key = Key.objects.create(team=team, owner=owner, gateway=sandbox(), name="Mine", secret="sk-mine-0123456789")
    gateway = Gateway.objects.create(team=team, name="Own", base_url="https://203.0.114.8")
    client = client_of(OWNER)
    saved = client.post(
        "/saved/new/",
        {"operation": "chat-stream", "name": "S", "call": '{"text":"{}"}', "owner": 9,
         "team": 9, "version": 99},
        content_type="application/json",
    )  # fmt: skip
    assert saved.status_code == 201, saved.content
    request = SavedRequest.objects.get()
    before = _state(owner, team, key, gateway, request)

    client.post("/account/", {**TEMPTING, "name": "N", "language": "en", "theme": "dark", "timezone": ""})
    client.post("/team/rename/", {**TEMPTING, "name": "Renamed"})
    client.post(f"/keys/{key.pk}/", {**TEMPTING, "name": "Renamed", "shared_with": "me"})
    client.post(f"/gateways/{gateway.pk}/", {**TEMPTING, "name": "Renamed", "base_url": "https://203.0.114.8"})
    client.post(f"/saved/{request.pk}/describe/", {**TEMPTING, "name": "Renamed"})

    after = _state(owner, team, key, gateway, request)
    assert {name for row in after for name in row if row["name"] not in ("Renamed", "N")} == set()
    assert [_without_name(row) for row in after] == [_without_name(row) for row in before]
    assert User.objects.get(pk=owner.pk).check_password(PASSWORD)


CHANGES = {
    "name",
    "theme",
    "language",
    "timezone",
    "last_login",
    "note",
    "tags",
    "description",
    "folder",
    "edited_at",
    "updated",
}


def _state(*things: Any) -> list[dict[str, Any]]:
    return [type(thing)._default_manager.filter(pk=thing.pk).values()[0] for thing in things]


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in row.items() if name not in CHANGES}


def test_signing_up_makes_an_ordinary_person(db, settings):
    settings.SIGN_UP = "open"
    form = {"email": "new@example.com", "password1": "a quite long one", "password2": "a quite long one", "name": "N"}

    Client().post("/accounts/signup/", {**TEMPTING, **form})

    person = User.objects.get()
    assert (person.email, person.memberships.count()) == ("new@example.com", 0)
    assert {field.name for field in User._meta.get_fields()} & {"is_staff", "is_superuser"} == set()


def test_there_is_no_admin_site_to_get_into():
    assert "django.contrib.admin" not in {config.name for config in apps.get_app_configs()}


# --- out again: headers, mail, tables -------------------------------------------------------------------------------

BREAKS = ["a\r\nX-Evil: 1", "a\nBcc: evil@example.com", "a\rX: 1", "a\u2028b", "a\x85b", "a\0b"]


@pytest.mark.parametrize("text", BREAKS)
def test_no_name_breaks_a_line_of_a_mail_or_of_a_header(client_of, owner, team, text):
    """Names stand in subjects of mails; addresses of the invited stand in To."""
    client = client_of(OWNER)

    client.post("/team/rename/", {"name": text})
    client.post("/account/", {"name": text, "language": "en", "theme": "dark", "timezone": ""})
    client.post("/team/invitations/", {"email": f"x{text}@example.com", "role": "member"})
    client.post("/team/invitations/", {"email": "new@example.com", "role": "member"})

    assert Team.objects.get(pk=team.pk).name == team.name
    assert User.objects.get(pk=owner.pk).name == owner.name
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    assert "\n" not in message.subject and "\r" not in message.subject
    assert not [name for name in ("X-Evil", "Bcc") if name in message.message()]


@pytest.mark.parametrize(
    "name", ['a".png', "a\r\nX-Evil: 1.png", "a;b.png", "../../x.png", "a\u202egnp.exe.png", "a%00.png", "猫.png"]
)
def test_no_file_name_breaks_a_header_or_leaves_its_folder(client_of, demo, name):
    png = b"\x89PNG\r\n\x1a\n" + bytes(32)
    client = client_of(OWNER)
    answer = client.post("/attachments/", {"file": SimpleUploadedFile(name, png, "image/png")})
    if answer.status_code == 400:
        return

    for address in (answer.json()["url"], answer.json()["url"] + "?download"):
        given = client.get(address)
        assert "X-Evil" not in given.headers
        assert re.fullmatch(
            r"(inline|attachment); filename(\*=utf-8''[\w%.()+-]+|=\"[^\"\\/\r\n]*\")", given["Content-Disposition"]
        )
    kept = Attachment.objects.get()
    assert kept.path.is_relative_to(folder())
    assert "\u202e" not in kept.name


def test_a_host_that_is_not_ours_is_refused(db, settings):
    settings.ALLOWED_HOSTS = ["play.example"]

    for host in ("evil.example", "play.example.evil.example", "play.example@evil.example", "play.example\r\nX: 1"):
        answer = Client().get("/accounts/login/", headers={"host": host})
        assert answer.status_code == 400, host
        assert "evil.example" not in answer.content.decode()


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://evil.example","x")',
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_any_table_is_a_formula(client_of, owner, team, formula):
    """A table program runs a cell that begins so. All four tables are asked for, each with the formula where it can be."""
    User.objects.filter(pk=owner.pk).update(name=formula)
    Team.objects.filter(pk=team.pk).update(name=formula)
    Key.objects.filter(team=team).update(name=formula[:80], note=formula, tags=[formula[:40]])
    Gateway.objects.update(name=formula[:80])
    make_run(
        team, owner, frames=spoken("text", "x"), model=formula, summary=formula, note=formula, tags=[formula],
        key_name=formula[:80], gateway_name=formula[:80],
    )  # fmt: skip
    team.audit_events.create(what="team.renamed", person_email=formula, thing_name=formula, details={"before": formula})
    client, seen = client_of(OWNER), 0

    for path in ("/history/export.csv", "/team/audit/?as=csv", "/balances/?as=csv", "/usage/?as=csv&by=model"):
        text = b"".join(client.get(path).streaming_content).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        seen += sum(formula.strip() in cell for cell in cells)
        assert [
            cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and not re.fullmatch(r"-?\d[\d.,]*", cell)
        ] == [], path
    assert seen >= 8


def test_every_form_of_ours_limits_its_texts():
    """A field without a limit is a way to fill the disk."""
    loose = []
    for form in _below(forms.BaseForm):
        if not form.__module__.startswith(("accounts.", "playground.")):
            continue
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and field.max_length is None and not _limits_itself(field):
                loose.append(f"{form.__module__}.{form.__name__}.{name}")

    assert loose == []


def _limits_itself(field: forms.Field) -> bool:
    return type(field).__name__ == "SecretField" or any(
        "refuse" in getattr(one, "__name__", "") for one in field.validators
    )


def test_people_of_other_teams_are_no_choice_in_any_form(client_of, demo, team):
    client = client_of(MEMBER)
    foreign = Gateway.objects.create(
        team=Team.objects.exclude(pk=team.pk).first(), name="Foreign", base_url="https://203.0.114.9"
    )

    answer = client.post(
        "/keys/new/", {"name": "N", "gateway": foreign.pk, "secret": "sk-new-0123456789", "shared_with": "me"}
    )

    assert answer.status_code == 422
    assert not Key.objects.filter(name="N").exists()
