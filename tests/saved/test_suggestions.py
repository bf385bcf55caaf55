"""Suggesting a change: whoever sees a request may, those who edit it accept or decline, both learn of it."""

import json

import pytest

from accounts.demo import MEMBER, OWNER
from playground.models import Notice, Suggestion
from tests.saved.conftest import BODY, page_text, save_version, sent, share

OTHER = page_text(BODY.replace("1.0", "0.2"))


def suggest(client, saved, call=OTHER, after=1, message="Cooler is steadier"):
    given = {"call": call, "after": after, "message": message}
    return client.post(f"/saved/{saved.pk}/suggestions/", json.dumps(given), content_type="application/json")


@pytest.fixture
def theirs(client, client_of, saved, member):
    """The browser of the member, who may run the owner's request."""
    share(client, saved, "people", **{f"right-{member.pk}": "run"})
    sent().clear()
    return client_of(MEMBER)


def test_an_editor_sees_the_difference_and_accepts_it_as_a_version_of_the_proposer(client, theirs, saved, member):
    assert suggest(theirs, saved).status_code == 201

    page = client.get(f"/saved/{saved.pk}/").content.decode()
    assert "Cooler is steadier" in page
    assert "temperature" in page
    assert "Accept as v2" in page
    assert [message.to for message in sent()] == [[OWNER]]
    client.post(f"/saved/{saved.pk}/suggestions/{Suggestion.objects.get().pk}/accept/", {"after": "1"})

    saved.refresh_from_db()
    version = saved.current
    assert (version.number, version.author, version.call, version.note) == (2, member, OTHER, "Cooler is steadier")
    assert [message.to for message in sent()] == [[OWNER], [MEMBER]]
    assert "accepted your change" in theirs.get("/notices/").content.decode()


def test_a_suggestion_is_declined_with_a_word(client, theirs, saved):
    suggest(theirs, saved)

    client.post(f"/saved/{saved.pk}/suggestions/{Suggestion.objects.get().pk}/decline/", {"word": "We need it warm"})

    saved.refresh_from_db()
    assert saved.version == 1
    assert "We need it warm" in theirs.get("/notices/").content.decode()
    assert "We need it warm" in theirs.get(f"/saved/{saved.pk}/").content.decode()
    assert "We need it warm" in sent()[-1].body


def test_it_is_answered_once(client, theirs, saved):
    suggest(theirs, saved)
    address = f"/saved/{saved.pk}/suggestions/{Suggestion.objects.get().pk}/"

    client.post(address + "decline/", {})
    client.post(address + "accept/", {"after": "1"})

    saved.refresh_from_db()
    assert (saved.version, Suggestion.objects.get().state) == (1, "declined")


def test_it_is_not_accepted_over_a_version_that_the_editor_has_not_seen(client, theirs, saved):
    suggest(theirs, saved)
    save_version(client, saved, page_text("{}"), 1)

    client.post(f"/saved/{saved.pk}/suggestions/{Suggestion.objects.get().pk}/accept/", {"after": "1"})

    saved.refresh_from_db()
    assert (saved.version, Suggestion.objects.get().state) == (2, "open")


def test_only_editors_answer_and_the_proposer_may_take_it_back(client, theirs, stranger_client, saved):
    suggest(theirs, saved)
    address = f"/saved/{saved.pk}/suggestions/{Suggestion.objects.get().pk}/"

    assert theirs.post(address + "accept/", {"after": "1"}).status_code == 404
    assert stranger_client.post(address + "decline/").status_code == 404
    assert theirs.post(address + "decline/").status_code == 302
    assert Suggestion.objects.get().state == "declined"
    assert not Notice.objects.filter(kind="declined").exists()


def test_what_is_no_change_or_says_nothing_is_not_suggested(theirs, saved):
    assert suggest(theirs, saved, page_text()).status_code == 422
    assert suggest(theirs, saved, message="  ").status_code == 422
    assert suggest(theirs, saved, call="[]").status_code == 400
    assert suggest(theirs, saved, after=2).status_code == 400
    assert not Suggestion.objects.exists()


def test_who_does_not_see_it_suggests_nothing(client_of, stranger_client, saved):
    assert suggest(client_of(MEMBER), saved).status_code == 404
    assert suggest(stranger_client, saved).status_code == 404
