"""Links to runs: a copy for whom it is meant, until it ends, whatever becomes of the run."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.demo import MEMBER
from accounts.models import AuditEvent, Key
from playground.models import LinkRule, RunShare
from tests.views.runs_made import make_run, spoken


@pytest.fixture
def run(team, owner):
    return make_run(
        team, owner, frames=spoken("text", "The total ", "is wrong."), key=Key.objects.filter(team=team).first()
    )


def signed_out():
    """A browser of somebody who is signed in nowhere, in English."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def link_to(client, run, audience="team", days="7"):
    """Make a link; its path."""
    page = client.post(f"/runs/{run.uuid}/share/", {"audience": audience, "days": days}, follow=True).content.decode()
    found = re.search(r'href="http://testserver(/shared/[^"]+)"', page)
    return found and found[1]


def test_the_link_is_told_once_and_only_its_hash_is_kept(client, run):
    path = link_to(client, run)

    token = path.split("/")[2]
    assert "does not open without" not in signed_out().get("/accounts/login/?next=/history/").content.decode()
    assert token not in client.get("/links/").content.decode()
    assert token not in str(RunShare.objects.values())


def test_people_of_the_team_open_it_and_are_counted(client, client_of, run):
    path = link_to(client, run)

    page = client_of(MEMBER).get(path)

    assert "The total " in page.content.decode()
    assert "sk-…3f9a" in page.content.decode()
    assert RunShare.objects.get().opened == 1


def test_others_are_answered_as_for_a_link_that_never_was(client, stranger_client, run):
    path = link_to(client, run)

    for wrong in (path, "/shared/guessed/", "/shared/" + "x" * 3000 + "/"):
        assert stranger_client.get(wrong).status_code == 404
        assert "This link does not open without signing in" in signed_out().get(wrong, follow=True).content.decode()
    assert stranger_client.get(path + "call.json").status_code == 404


def test_links_for_anyone_need_the_teams_leave(client, client_of, run, team):
    assert link_to(client, run, "anyone") is None
    client_of(MEMBER).post("/links/rule/", {"anyone": "on"})
    assert not LinkRule.lets_anyone(team)

    client.post("/links/rule/", {"anyone": "on"})
    path = link_to(client, run, "anyone")
    assert "is wrong." in Client().get(path).content.decode()

    client.post("/links/rule/", {"anyone": "off"})
    assert Client().get(path).status_code == 302
    assert client.get(path).status_code == 200


def test_it_still_shows_when_run_key_and_author_are_gone(client, client_of, run, owner):
    LinkRule.objects.create(team=run.team, allows_anyone=True)
    path = link_to(client, run, "anyone")
    RunShare.objects.update(author=None)
    run.key.delete()
    run.delete()

    page = Client().get(path).content.decode()

    assert "The total " in page
    assert "gpt-5.1" in page
    assert owner.display_name in page


def test_an_ended_or_expired_link_opens_nothing_and_shows_in_the_list(client, client_of, run):
    path, share = link_to(client, run), RunShare.objects.get()
    RunShare.objects.update(expires_at=timezone.now())
    assert client.get(path).status_code == 404

    RunShare.objects.update(expires_at=None)
    assert client_of(MEMBER).post(f"/links/{share.pk}/revoke/").status_code == 404
    client.post(f"/links/{share.pk}/revoke/")

    assert client.get(path).status_code == 404
    assert ">ended<" in client.get("/links/").content.decode()
    share.refresh_from_db()
    assert not share.frames
    deeds = AuditEvent.objects.filter(what__startswith="share.").order_by("id").values_list("what", flat=True)
    assert list(deeds) == ["share.made", "share.revoked"]


def test_the_request_behind_a_link_opens_in_the_builder(client, client_of, run):
    told = client_of(MEMBER).get(link_to(client, run) + "call.json").json()

    assert told["operation"] == "chat-stream"
    assert '"gpt-5.1"' in told["call"]["body_text"]


def test_a_run_that_goes_on_and_one_of_another_team_have_no_link(client, stranger_client, team, owner, run):
    running = make_run(team, owner, state="running")

    assert link_to(client, running) is None
    assert stranger_client.post(f"/runs/{run.uuid}/share/", {"audience": "team"}).status_code == 404
    assert not RunShare.objects.exists()


def test_viewers_share_no_runs(client_of, run, viewer):
    assert link_to(client_of(viewer.email), run) is None


def test_admins_see_and_end_all_links_of_the_team_and_others_only_theirs(client, client_of, run):
    path = link_to(client_of(MEMBER), run)
    theirs = RunShare.objects.get()

    assert theirs.title not in client.get("/links/").content.decode()
    page = client.get("/links/?whose=team").content.decode()
    assert f"/links/{theirs.pk}/revoke/" in page
    assert "Max Member" in page
    link_to(client, run)
    assert client_of(MEMBER).get("/links/?whose=team").content.decode().count("/revoke/") == 1

    client.post(f"/links/{theirs.pk}/revoke/")
    assert client.get(path).status_code == 404
