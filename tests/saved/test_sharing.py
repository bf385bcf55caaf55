"""Sharing with a teammate: decided per person, told to them, and run with a key of theirs."""

import pytest

from accounts.demo import MEMBER
from accounts.models import AuditEvent, Key
from playground.models import Notice, Right, SavedRequest
from playground.saved.standing import standing_of
from tests.saved.conftest import page_text, save_version, sent, share


def test_a_named_person_sees_it_is_told_by_mail_and_by_the_bell(client, client_of, saved, member):
    share(client, saved, "people", **{f"right-{member.pk}": "run"})

    theirs = client_of(MEMBER)
    assert [message.to for message in sent()] == [[MEMBER]]
    assert f"/saved/{saved.pk}/" in sent()[0].body
    assert 'class="bell-count"' in theirs.get("/notices/").content.decode()
    assert "Invoice check" in theirs.get("/notices/").content.decode()
    assert theirs.get(f"/saved/{saved.pk}/").status_code == 200
    assert 'class="bell-count"' not in theirs.get("/notices/").content.decode()


def test_everybody_learns_by_mail_and_notice_of_what_is_shared_with_the_whole_team(client, saved, member, viewer):
    share(client, saved, "team")

    assert sorted(message.to[0] for message in sent()) == sorted([member.email, viewer.email])
    assert {notice.user for notice in Notice.objects.all()} == {member, viewer}


def test_nobody_is_told_twice_of_one_sharing(client, saved, member):
    for right in ("run", "edit"):
        share(client, saved, "people", **{f"right-{member.pk}": right})

    assert len(sent()) == 1
    assert Notice.objects.count() == 1
    saved.refresh_from_db()
    assert saved.right_of(member) is Right.EDIT


def test_a_right_taken_away_is_gone_at_the_next_question_and_kept_in_the_audit(client, client_of, saved, member):
    share(client, saved, "people", **{f"right-{member.pk}": "run"})
    share(client, saved, "me")

    assert client_of(MEMBER).get(f"/saved/{saved.pk}/").status_code == 404
    assert "Invoice check" not in client_of(MEMBER).get("/notices/").content.decode()
    deeds = AuditEvent.objects.filter(what__startswith="share.").order_by("id").values_list("what", flat=True)
    assert list(deeds) == ["share.made", "share.revoked"]


def test_people_of_other_teams_cannot_be_named(client, stranger_client, saved):
    stranger = int(stranger_client.session["_auth_user_id"])

    share(client, saved, "people", **{f"right-{stranger}": "edit"})

    assert saved.shares.count() == 0
    assert sent() == []


@pytest.mark.parametrize("right", ["view", "run", "edit"])
def test_the_whole_team_gets_the_right_that_was_chosen(client, client_of, saved, member, right):
    share(client, saved, "team", team_right=right)
    saved.refresh_from_db()

    assert saved.right_of(member) == right
    changed = save_version(client_of(MEMBER), saved, page_text("{}"), 1).status_code
    assert changed == (201 if right == "edit" else 404)


def test_a_viewer_of_the_team_only_looks_whatever_was_shared(client, saved, viewer):
    share(client, saved, "people", **{f"right-{viewer.pk}": "edit"})
    saved.refresh_from_db()

    assert saved.right_of(viewer) is Right.VIEW
    assert not standing_of(saved, viewer, Right.RUN).can_run


def test_each_persons_row_says_whether_they_have_a_key(client, saved, member, team):
    assert "can run it with Demo key" in client.get(f"/saved/{saved.pk}/").content.decode()

    Key.objects.filter(team=team).update(allowed_models=["claude-*"])

    assert "has no key for gpt-5.1" in client.get(f"/saved/{saved.pk}/").content.decode()


def test_only_the_owner_decides_who_sees_it_until_they_leave(client, client_of, saved, owner, member):
    share(client, saved, "people", **{f"right-{member.pk}": "edit"})

    share(client_of(MEMBER), saved, "team")
    saved.refresh_from_db()
    assert saved.visibility == "people"

    SavedRequest.objects.filter(pk=saved.pk).update(owner=None)
    share(client_of(MEMBER), saved, "team")
    saved.refresh_from_db()
    assert saved.visibility == "team"


def test_somebody_who_left_the_team_sees_nothing_of_it(client, saved, member, team):
    share(client, saved, "people", **{f"right-{member.pk}": "run"})
    team.memberships.filter(user=member).delete()
    saved.refresh_from_db()

    assert saved.right_of(member) is None
    assert not SavedRequest.objects.visible_to(member).exists()
