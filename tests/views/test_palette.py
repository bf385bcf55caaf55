"""What the palette finds: what the person who asks may see, and nothing else."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.demo import MEMBER, OWNER
from accounts.models import Key, Role, User
from playground.models import SavedRequest, SavedVersion, Visibility
from tests.views.runs_made import make_run


def asked(client, words=""):
    return client.get("/palette.json", {"q": words}).json()


def titles(entries):
    return [entry["title"] for entry in entries]


def save(team, owner, name, visibility=Visibility.TEAM, **fields):
    saved = SavedRequest.objects.create(
        team=team, owner=owner, name=name, operation="chat-stream", visibility=visibility, **fields
    )
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=json.dumps({"text": "{}"}))
    return saved


def test_saved_requests_are_found_by_name_folder_and_scattered_letters_those_as_typed_first(client, team, owner):
    check, vat = save(team, owner, "Invoice check", folder="Finance"), save(team, owner, "In vain or ice")

    found = asked(client, "invoice")

    assert titles(found["saved"]) == ["Invoice check", "In vain or ice"]
    assert found["saved"][0]["url"] == reverse("saved_request", args=[check.pk])
    assert found["saved"][0]["detail"] == "Finance · v1 · Streaming request"
    assert titles(asked(client, "finance")["saved"]) == ["Invoice check"]
    assert vat.name in titles(asked(client)["saved"])


def test_a_request_somebody_keeps_for_themselves_is_found_by_nobody_else(client, client_of, team, owner):
    save(team, owner, "Invoice check", Visibility.ME)

    assert titles(asked(client, "invoice")["saved"]) == ["Invoice check"]
    assert asked(client_of(MEMBER), "invoice")["saved"] == []


def test_runs_are_found_by_what_was_said_with_the_hit_in_its_place(client, client_of, stranger_client, team, owner):
    run = make_run(team, owner, minutes_ago=0.1, summary="Is the rate of the invoice right?")

    found = asked(client, "invoice")["runs"]

    assert [entry["url"] for entry in found] == [reverse("run", args=[run.uuid])]
    assert [text for text, fits in found[0]["hit"] if fits] == ["invoice"]
    assert asked(stranger_client, "invoice")["runs"] == []
    assert titles(asked(client)["runs"]) == ["Is the rate of the invoice right?"]


def test_keys_are_found_without_their_secret_by_those_who_see_them(client, client_of, team, member):
    Key.objects.create(
        team=team, owner=member, gateway=team.keys.get().gateway, name="Research", secret="sk-planted-0123456789"
    )

    seen = client.get("/palette.json", {"q": "research"})

    assert titles(seen.json()["keys"]) == ["Research"]
    assert "planted" not in seen.content.decode()
    assert titles(asked(client_of(OWNER), "planted")["keys"]) == []


def test_people_are_found_by_admins_alone(client, client_of, team, member):
    found = asked(client, "member@")["people"]

    assert found[0]["url"] == f"/history/?person={member.pk}"
    assert asked(client_of(MEMBER), "owner@")["people"] == []
    team.memberships.filter(user=member).update(role=Role.ADMIN)
    assert asked(client_of(MEMBER), "owner@")["people"] != []


@pytest.mark.parametrize("words", ["%%%%", "'; --", '"', "a" * 10_000, "\0", "....", ".*", "(", "\\", "&|!", "图"])
def test_whatever_is_typed_is_answered(client, team, owner, words):
    make_run(team, owner)

    assert client.get("/palette.json", {"q": words}).status_code == 200


def test_who_is_signed_out_finds_nothing(demo, client_of):
    client = client_of(OWNER)
    client.logout()

    assert client.get("/palette.json").status_code == 302


def test_each_kind_is_asked_for_once(client, team, owner, django_assert_max_num_queries):
    save(team, owner, "Invoice check")
    make_run(team, owner)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    asked(client)
    people = User.objects.count()

    # Session, person and team; saved requests and runs.
    with django_assert_max_num_queries(5):
        assert people and asked(client)["saved"]
