"""A blind vote is blind for what a voter's page receives, until their votes are in."""

import json

from django.urls import reverse

from accounts.demo import MEMBER
from playground.models import Comparison
from tests.comparing.conftest import a_document
from tests.comparing.test_pages import told, vote

NAMES = ("gpt-5.1", "deepseek-v3.2", "Votes key")


def blind(comparison, **changes):
    document = json.loads(comparison.document) | {"blind": True} | changes
    comparison.document, comparison.is_shared = json.dumps(document), True
    comparison.save()
    return document


def page_of(client, comparison):
    return told(client.get(reverse("comparison", args=[comparison.pk])))


def test_a_voters_page_is_told_no_model_key_or_order_before_the_vote_and_all_after_it(client_of, comparison):
    mate = client_of(MEMBER)
    document = blind(comparison)

    before = page_of(mate, comparison)
    after = vote(mate, comparison, "c2/r1").json()

    shown = before["document"]["columns"]
    assert before["is_blinded"] and before["models"] == []
    assert not [name for name in NAMES if name in json.dumps(shown) + mate.get("/compare/").content.decode()]
    assert {column["id"] for column in shown} == {"c1", "c2"}
    assert (after["is_blinded"], after["document"]["columns"]) == (False, document["columns"])
    assert page_of(mate, comparison)["document"] == document


def test_nobody_learns_how_others_voted_before_they_have_voted(client, client_of, comparison):
    mate = client_of(MEMBER)
    blind(comparison)
    vote(client, comparison, "c1/r1")

    assert page_of(mate, comparison)["votes"] == []
    assert len(vote(mate, comparison, "c1/r1").json()["votes"]) == 2


def test_names_stay_hidden_until_every_row_with_a_choice_has_a_vote(client_of, comparison):
    mate = client_of(MEMBER)
    runs = {
        f"c{column}/r{row}": f"00000000-0000-4000-8000-0000000000{column}{row}" for column in (1, 2) for row in (1, 2)
    }
    blind(comparison, rows=[{"id": "r1", "values": {}}, {"id": "r2", "values": {}}], runs=runs)

    assert vote(mate, comparison, "c1/r1").json()["is_blinded"]
    assert not vote(mate, comparison, "c1/r2").json()["is_blinded"]


def test_an_answer_that_was_made_anew_is_voted_on_blindly_again(client_of, comparison):
    mate = client_of(MEMBER)
    document = blind(comparison)
    vote(mate, comparison, "c1/r1")

    blind(comparison, runs=document["runs"] | {"c1/r1": "00000000-0000-4000-8000-0000000000aa"})

    assert page_of(mate, comparison)["is_blinded"]


def test_its_owner_and_votes_in_the_open_hide_nothing(client, client_of, comparison):
    blind(comparison)
    assert not page_of(client, comparison)["is_blinded"]

    Comparison.objects.update(document=json.dumps(a_document()))

    assert not page_of(client_of(MEMBER), comparison)["is_blinded"]
