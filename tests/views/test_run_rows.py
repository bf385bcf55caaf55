"""Rows of lists, drawn from looks that were rendered once: letter for letter what the template gives."""

import random
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from playground.models import Run
from playground.models.runs import State
from playground.search.excerpts import Excerpt
from playground.templatetags.rows import run_row
from playground.views.run_rows import COLUMNS, row_of
from tests.views.runs_made import make_run

WORDS = (
    "",
    "plain",
    "<b>&\"'</b>",
    "紫薇花",
    "\ud83c\udf0d".encode("utf-16", "surrogatepass").decode("utf-16"),
    "{{ row }}",
)


@pytest.fixture
def row(team, owner):
    run = make_run(team, owner)
    return row_of(Run.objects.values(*COLUMNS).get(pk=run.pk), ZoneInfo("UTC"))


def other_looks(row, chance):
    """The row with anything else in it."""
    hit = Excerpt("answer", (("before <", False), (chance.choice(WORDS) or "hit", True), (" after", False)))
    return replace(
        row,
        state=(state := chance.choice(State.values)),
        state_icon="" if state == State.RUNNING else "circle-check",
        mark=chance.choice(("", "brand-openai")),
        cost=chance.choice(("—", "$0.12", "<free>")),
        is_starred=chance.random() < 0.5,
        has_media=chance.random() < 0.5,
        tags=[chance.choice(WORDS) for _ in range(chance.randrange(3))],
        hit=chance.choice(((), hit.parts)),
        **{name: chance.choice(WORDS) for name in ("summary", "model", "letter", "person", "place", "title", "tokens")},
    )


def test_every_look_is_drawn_as_the_template_draws_it(row):
    chance = random.Random(1)

    for _ in range(300):
        row = other_looks(row, chance)
        assert run_row(row) == render_to_string("history/row.html", {"row": row})


def test_the_words_of_one_row_never_stand_in_another(row):
    first = run_row(replace(row, summary="mine <1>", hit=(("found", True),), place="user"))
    second = run_row(replace(row, summary="yours", hit=(("other", True),), place="answer"))

    assert "<mark>found</mark>" in first
    assert "<mark>other</mark>" in second
    assert "found" not in second
