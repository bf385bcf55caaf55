"""The pages of comparing: what they begin with, who sees and changes a comparison, votes."""

import json
import re

import pytest
from django.urls import reverse

from accounts.demo import MEMBER
from accounts.models import Role
from playground.models import Comparison, ComparisonVote, Draft, SavedRequest, SavedVersion, Visibility
from tests.comparing.conftest import a_document
from tests.views.runs_made import make_run

CALL = json.dumps({"text": '{"model": "qwen-max"}', "off": {}, "path": {}, "query": [], "headers": [], "stream": None})


def told(answer):
    """What the page's script is given."""
    assert answer.status_code == 200
    script = re.search(r'<script id="comparison" type="application/json">(.*?)</script>', answer.content.decode(), re.S)
    return json.loads(script[1])


def post(client, path, given):
    return client.post(path, json.dumps(given), content_type="application/json")


def put(client, comparison, **given):
    given = {"title": comparison.title, "document": comparison.document, "version": comparison.version} | given
    path = reverse("comparison_document", args=[comparison.pk])
    return client.put(path, json.dumps(given), content_type="application/json")


# --- beginning ------------------------------------------------------------------------------------------------------


def test_a_new_comparison_begins_with_what_the_person_is_writing(client, team, owner):
    Draft.objects.create(user=owner, team=team, operation="chat-stream", call=CALL)

    document = told(client.get("/compare/new/?operation=chat-stream"))["document"]

    assert document["call"] == CALL
    assert document["columns"][0]["model"] == "qwen-max"
    assert len({column["model"] for column in document["columns"]}) == 3
    assert Comparison.objects.count() == 0


def test_a_new_comparison_begins_with_a_saved_request_that_the_person_sees(client, client_of, team, owner):
    saved = SavedRequest.objects.create(
        team=team, owner=owner, name="Mine", operation="chat-stream", visibility=Visibility.ME
    )
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=CALL)

    assert told(client.get(f"/compare/new/?saved={saved.pk}"))["document"]["call"] == CALL
    assert client_of(MEMBER).get(f"/compare/new/?saved={saved.pk}").status_code == 404


def test_runs_that_were_picked_stand_in_columns_with_their_own_requests(client, stranger_client, team, owner):
    one, other = make_run(team, owner, model="gpt-5.1"), make_run(team, owner, model="deepseek-v3.2", minutes_ago=9)
    path = f"/compare/new/?run={other.uuid}&run={one.uuid}&run={other.uuid}"

    document = told(client.get(path))["document"]

    assert [column["model"] for column in document["columns"]] == ["deepseek-v3.2", "gpt-5.1"]
    assert document["runs"] == {"c1/r1": str(other.uuid), "c2/r1": str(one.uuid)}
    assert json.loads(json.loads(document["columns"][0]["call"])["text"])["model"] == "deepseek-v3.2"
    assert stranger_client.get(path).status_code == 404


@pytest.mark.parametrize("asked", ["operation=nothing", "saved=x", "run=x", "run=", "saved=%00", "operation=%00"])
def test_what_cannot_be_begun_with_is_missing(client, asked):
    assert client.get(f"/compare/new/?{asked}").status_code in ((200, 404) if asked == "run=" else (404,))


# --- keeping --------------------------------------------------------------------------------------------------------


def test_a_comparison_is_kept_and_opens_as_it_was(client):
    document = json.dumps(a_document(blind=True))

    made = post(client, "/compare/new/", {"title": "  Refund  policy ", "document": document})

    page = told(client.get(made.json()["url"]))
    assert made.status_code == 201
    assert (page["title"], page["document"], page["may_edit"]) == ("Refund policy", json.loads(document), True)
    assert "Refund policy" in client.get("/compare/").content.decode()


def test_two_windows_never_write_over_each_other(client, comparison):
    newer = json.dumps(a_document(view="json", page="tab-1"))

    first, second = put(client, comparison, document=newer), put(client, comparison, title="Other")

    assert (first.status_code, first.json()) == (200, {"version": 2})
    assert (second.status_code, second.json()["version"], second.json()["page"]) == (409, 2, "tab-1")
    comparison.refresh_from_db()
    assert (comparison.document, comparison.title) == (newer, "Refund policy")


@pytest.mark.parametrize(
    "given",
    [
        {"document": "{}"},
        {"document": 5},
        {"version": "1"},
        {"version": True},
        {"version": -1},
        {"title": "a\u202eb"},
        {"title": 5},
    ],
    ids=str,
)
def test_what_is_no_comparison_is_not_kept(client, comparison, given):
    assert put(client, comparison, **given).status_code == 400
    comparison.refresh_from_db()
    assert comparison.version == 1


def test_a_viewer_keeps_none(client_of, team, member):
    team.memberships.filter(user=member).update(role=Role.VIEWER)

    answer = post(client_of(MEMBER), "/compare/new/", {"title": "", "document": json.dumps(a_document())})

    assert (answer.status_code, Comparison.objects.count()) == (403, 0)


# --- sharing --------------------------------------------------------------------------------------------------------


def test_only_its_owner_sees_a_comparison_until_the_team_may(client, client_of, stranger_client, comparison):
    path, teammate = reverse("comparison", args=[comparison.pk]), client_of(MEMBER)
    assert [each.get(path).status_code for each in (client, teammate, stranger_client)] == [200, 404, 404]

    post(client, reverse("comparison_share", args=[comparison.pk]), {"is_shared": True})

    assert [each.get(path).status_code for each in (client, teammate, stranger_client)] == [200, 200, 404]
    assert told(teammate.get(path))["may_edit"] is False
    assert put(teammate, comparison, title="Mine now").status_code == 403
    assert post(teammate, reverse("comparison_share", args=[comparison.pk]), {"is_shared": False}).status_code == 403
    assert teammate.post(reverse("comparison_delete", args=[comparison.pk])).status_code == 404


def test_strangers_can_do_nothing_to_it(stranger_client, comparison):
    Comparison.objects.update(is_shared=True)
    for name in ("comparison_vote", "comparison_share", "comparison_fork", "comparison_delete"):
        assert stranger_client.post(reverse(name, args=[comparison.pk])).status_code == 404, name
    assert put(stranger_client, comparison).status_code == 404
    assert Comparison.objects.count() == 1


def test_a_teammate_makes_a_copy_of_their_own(client_of, comparison):
    Comparison.objects.update(is_shared=True)

    answer = client_of(MEMBER).post(reverse("comparison_fork", args=[comparison.pk]))

    copy = Comparison.objects.exclude(pk=comparison.pk).get()
    assert answer.url == reverse("comparison", args=[copy.pk])
    assert (copy.document, copy.is_shared, copy.owner.email) == (comparison.document, False, MEMBER)


def test_deleting_a_comparison_leaves_its_runs(client, team, owner, comparison):
    run = make_run(team, owner)

    client.post(reverse("comparison_delete", args=[comparison.pk]))

    assert Comparison.objects.count() == 0
    assert team.runs.filter(pk=run.pk).exists()


# --- voting ---------------------------------------------------------------------------------------------------------


def vote(client, comparison, place, is_blind=True):
    run = json.loads(comparison.document)["runs"][place]
    return post(client, reverse("comparison_vote", args=[comparison.pk]), {"run": run, "is_blind": is_blind})


def test_everybody_has_one_vote_a_row_and_a_changed_one_is_no_longer_blind(client, client_of, comparison):
    Comparison.objects.update(is_shared=True)
    vote(client, comparison, "c1/r1")
    vote(client_of(MEMBER), comparison, "c2/r1")

    votes = vote(client, comparison, "c2/r1").json()["votes"]

    assert [(each["person"], each["is_mine"], each["is_blind"]) for each in votes] == [
        ("Olivia Owner", True, False), (votes[1]["person"], False, True),
    ]  # fmt: skip
    assert len({each["run"] for each in votes}) == 1
    assert ComparisonVote.objects.count() == 2


def test_a_run_of_another_comparison_cannot_be_voted_for(client, comparison):
    path = reverse("comparison_vote", args=[comparison.pk])

    answers = [
        post(client, path, given) for given in ({"run": "00000000-0000-4000-8000-00000000000f"}, {"run": "x"}, {}, [])
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert ComparisonVote.objects.count() == 0
