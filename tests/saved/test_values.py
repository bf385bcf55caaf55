"""The page of values: kept for oneself or the team, replaced, forgotten; secret ones are never shown again."""

from accounts.demo import MEMBER
from accounts.models import AuditEvent
from playground.models import Variable

SECRET = "moon-river-7731"


def keep(client, name="country", value="France", **more):
    return client.post("/saved/variables/keep/", {"name": name, "value": value, "whose": "mine", **more}, follow=True)


def test_a_value_is_kept_shown_replaced_and_forgotten(client):
    assert "France" in keep(client).content.decode()
    keep(client, value="Spain")
    assert [each.value for each in Variable.objects.all()] == ["Spain"]

    client.post(f"/saved/variables/{Variable.objects.get().pk}/forget/")
    assert not Variable.objects.exists()


def test_ones_own_values_are_seen_by_nobody_else_and_win_over_the_teams(client, client_of, stranger_client):
    keep(client, value="Mine alone")
    keep(client, value="For all", whose="team")

    assert client.get("/saved/variables.json").json()["known"]["country"]["value"] == "Mine alone"
    theirs = client_of(MEMBER)
    assert theirs.get("/saved/variables.json").json()["known"]["country"]["value"] == "For all"
    assert "Mine alone" not in theirs.get("/saved/variables/").content.decode()
    assert stranger_client.get("/saved/variables.json").json() == {"known": {}}
    own = Variable.objects.exclude(owner=None).get()
    assert theirs.post(f"/saved/variables/{own.pk}/forget/").status_code == 404


def test_a_secret_value_is_never_shown_again_and_lies_encrypted(client):
    page = keep(client, "token", SECRET, secret="on", whose="team").content.decode()

    assert SECRET not in page
    assert SECRET not in client.get("/saved/variables.json").content.decode()
    row = Variable.objects.values().get()
    assert (row["value"], SECRET in str(row)) == ("", False)
    assert Variable.objects.get().reveal() == SECRET
    assert SECRET not in str(AuditEvent.objects.values())


def test_an_open_value_that_becomes_secret_leaves_nothing_in_the_open(client):
    keep(client, "token", SECRET)
    keep(client, "token", SECRET, secret="on")

    assert SECRET not in str(Variable.objects.values())


def test_what_cannot_be_kept_is_told_and_not_kept(client):
    for name, value, more in (
        ("2", "x", {}),
        ("url", "x", {}),
        ("a b", "x", {}),
        ("", "x", {}),
        ("a", "", {}),
        ("a", "x" * 20_001, {}),
        ("a", "a\0b", {}),
        ("a", "short", {"secret": "on"}),
        ("a", "two\nlines of it", {"secret": "on"}),
    ):
        assert "is-bad" in keep(client, name, value, **more).content.decode(), (name, value[:9])
    assert not Variable.objects.exists()


def test_viewers_keep_and_forget_nothing_of_the_team(client, client_of, viewer):
    keep(client, whose="team")
    theirs = client_of(viewer.email)

    keep(theirs)
    theirs.post(f"/saved/variables/{Variable.objects.get().pk}/forget/")

    assert Variable.objects.count() == 1
