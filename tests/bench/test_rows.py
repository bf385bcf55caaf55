"""Made-up runs are runs like any other."""

import io

import pytest
from django.db import connection

from accounts.demo import OWNER, make_demo
from accounts.models import User
from bench.make_runs import crowd, invite_people, team_of
from bench.rows import Crowd, Rows, write
from playground.models import Run, RunWords
from playground.models.runs import State
from playground.runs.finding import Filters, ids_of
from playground.runs.wording import make_words


@pytest.mark.django_db
def test_made_up_runs_are_read_by_the_site_as_its_own(settings):
    settings.DEMO = True
    make_demo("password-of-the-bench")
    team = team_of(OWNER)
    invite_people(team)

    with connection.cursor() as cursor:
        write(cursor, Rows(crowd(team), crowd(team), 300, 1_763_805_600_000))

    runs = list(Run.objects.visible_to(User.objects.get(email=OWNER)).newest_first())
    assert len(runs) == 300
    assert {run.state for run in runs} <= set(State.values)
    assert [run.started_at for run in runs] == sorted((run.started_at for run in runs), reverse=True)
    assert runs[0].frames.get().last == runs[0].last_seq


@pytest.mark.django_db
def test_made_up_runs_are_found_by_their_words_and_facts(settings):
    settings.DEMO = True
    make_demo("password-of-the-bench")
    team = team_of(OWNER)

    with connection.cursor() as cursor:
        write(cursor, Rows(crowd(team), crowd(team), 60, 1_763_805_600_000))

    for run in Run.objects.all():
        words = run.summary.split()[-1]
        asked = Filters(q=words, model=run.model, operation=run.operation, state=run.state, person=run.user_id)
        assert run.id in list(ids_of(team, asked))


@pytest.mark.django_db
def test_the_words_of_made_up_runs_are_those_of_their_texts(settings):
    settings.DEMO = True
    make_demo("password-of-the-bench")
    team = team_of(OWNER)
    with connection.cursor() as cursor:
        write(cursor, Rows(crowd(team), crowd(team), 60, 1_763_805_600_000))
    runs = list(Run.objects.values_list("id", flat=True))
    kept = dict(RunWords.objects.values_list("run_id", "words"))

    make_words(runs)

    for run, words in RunWords.objects.values_list("run_id", "words"):
        assert set(words.split()) - set(kept[run].split()) <= {"'gpt'", "'5'"}, "of the model in the request"


def test_the_same_rows_are_made_every_time_but_for_their_names():
    someone = Crowd(1, [1, 2], ("key", "name", "mask", "gateway"))

    one, other = (
        ["\t".join(row.split("\t")[2:]) for row in io.StringIO("".join(Rows(someone, someone, 50, 10**12)))]
        for _ in "ab"
    )

    assert one == other
