"""Finding runs: by words of request and answer, by facts, forwards and backwards, never those of another team."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Key, Membership, Team, User
from playground.models import Keeping, Run, RunWords, State
from playground.runs.finding import Filters, count, find, ids_of
from playground.runs.wording import make_missing_words, make_words
from tests.views.runs_made import make_run, spoken


@pytest.fixture
def person(db):
    return User.objects.create(email="p@example.com", name="P")


@pytest.fixture
def team(person):
    made = Team.objects.create(name="Ours")
    Membership.objects.create(team=made, user=person)
    return made


@pytest.fixture
def neighbours(person):
    return Team.objects.create(name="Theirs")


def made(team, person, *, summary="What is the exchange rate?", **fields):
    run = make_run(team, person, summary=summary, **fields)
    make_words([run.id])
    return run


def found(team, q="", **filters):
    return [row["id"] for row in find(team, Filters(q=q, **filters)).rows]


def shown(team, q):
    page = find(team, Filters(q=q))
    return [(page.excerpts[row["id"]].where, str(page.excerpts[row["id"]])) for row in page.rows]


def test_a_run_is_found_by_its_request_and_by_its_answer(team, person):
    run = made(team, person, summary="请谈谈紫薇花与星河", frames=spoken("text", "The crape ", "myrtle ", "银河"))
    made(team, person, summary="something else")

    for question in ("紫薇", "紫薇花与星河", "crape myrtle", "银河", "银", "MYRTLE 紫薇", "myr*", '"crape myrtle"'):
        assert found(team, question) == [run.id], question


def test_a_hit_tells_where_it_stood(team, person):
    made(
        team,
        person,
        summary="about 紫薇花",
        frames=[*spoken("reasoning", "think of stars"), *spoken("text", "a star map")],
    )

    assert shown(team, "紫薇花") == [("user", "about 紫薇花")]
    assert shown(team, "stars") == [("thinking", "think of stars")]
    assert shown(team, "map") == [("answer", "a star map")]


def test_characters_and_quoted_words_that_stand_apart_are_no_hit(team, person):
    made(team, person, summary="紫薇 与 薇花, rate of exchange")

    assert found(team, "紫薇花") == []
    assert found(team, '"exchange rate"') == []
    assert len(found(team, "exchange rate")) == 1


def test_a_page_is_full_though_words_stood_apart_in_many_runs(team, person):
    together = [made(team, person, summary="紫薇花", minutes_ago=500 + age).id for age in range(4)]
    for age in range(9):
        made(team, person, summary="紫薇 薇花", minutes_ago=1 + age)

    page = find(team, Filters(q="紫薇花"), limit=3)

    assert ([row["id"] for row in page.rows], page.has_older) == (together[:3], True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.from_regex(r"\A[a-z0-9]{1,12}\Z|\A[紫薇花与星河北京]{2,6}\Z"), min_size=1, max_size=6), st.data())
def test_a_run_is_found_by_any_words_of_its_text_and_by_no_other_team(team, neighbours, person, words, data):
    run = made(team, person, summary=" ".join(words), model="")
    question = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)))

    assert run.id in found(team, question)
    assert found(neighbours, question) == []


def test_a_stranger_cannot_reach_a_team_by_asking_for_its_word(team, neighbours, person):
    made(team, person)

    assert found(neighbours, f"t:{team.pk} exchange") == []
    assert found(neighbours, f"' | 't:{team.pk}' | '") == []


def test_questions_that_ask_for_nothing_or_too_much_are_answered(team, person):
    run = made(team, person)

    for question in ("%%%%", "\0", "'\"\\", "& | ! <-> :*", " "):
        assert found(team, question) == [run.id]
    assert found(team, "exchange \0 rate '; --") == [run.id]
    assert found(team, "nowhere " * 2000) == []


def test_each_fact_and_all_together_narrow_the_list(team, person):
    key = Key.objects.create(team=team, name="K", gateway=_gateway(), secret="sk-1")
    other = User.objects.create(email="o@example.com")
    facts = {
        "operation": ("operation", "images", "images"),
        "model": ("model", "it's a model", "it's a model"),
        "state": ("state", State.FAILED, "failed"),
        "user": ("person", other, other.pk),
        "key": ("key", key, str(key.pk)),
        "gateway_name": ("gateway", "Theirs", "Theirs"),
        "cost": ("cost", Decimal("0.5"), Decimal("0.4")),
        "input_tokens": ("tokens", 9000, 9100),
        "tags": ("tag", ["red", "blue"], "red"),
        "has_media": ("media", True, True),
        "is_starred": ("starred", True, True),
    }
    values = {name: value for name, (_filter, value, _asked) in facts.items()}
    fits = made(team, values["user"], **{name: value for name, value in values.items() if name != "user"})
    for name in values:
        rest = {other_name: value for other_name, value in values.items() if other_name not in (name, "user")}
        made(team, person if name == "user" else other, minutes_ago=5, **rest)
    everything = {filter: asked for filter, _value, asked in facts.values()}

    assert found(team, **everything) == [fits.id]
    assert found(team, "exchange", **everything) == [fits.id]
    for filter, asked in everything.items():
        assert len(found(team, **{filter: asked})) == len(facts), filter
        assert len(found(team, **{name: value for name, value in everything.items() if name != filter})) == 2, filter


def _gateway():
    from accounts.models import Gateway

    return Gateway.objects.create(name="Theirs", base_url="https://gateway.example")


def test_time_is_a_bound_on_both_sides(team, person):
    runs = [made(team, person, minutes_ago=60 * 24 * age + 1) for age in range(5)]
    now = timezone.now()
    since, until = now - timedelta(days=3), now - timedelta(days=1)

    assert found(team, since=since, until=until) == [runs[1].id, runs[2].id]
    assert found(team, "exchange", since=since, until=until) == [runs[1].id, runs[2].id]


def test_moments_that_no_run_can_have_are_answered(team, person):
    run = made(team, person)
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    assert found(team, since=first, until=last) == found(team, "exchange", since=first, until=last) == [run.id]
    assert found(team, since=last) == found(team, "exchange", since=last) == []
    assert found(team, until=first) == found(team, "exchange", until=first) == []


@pytest.mark.parametrize("filters", [{}, {"q": "exchange"}, {"operation": "chat-stream", "model": "gpt-5.1"}])
def test_pages_lead_both_ways_over_days_and_months_and_none_is_doubled_or_missing(team, person, filters):
    ages = [0.1, 0.5, 1, 2, 3, 9, 20, 33, 40, 70, 100, 200, 300, 420, 800]
    runs = [made(team, person, minutes_ago=days * 24 * 60).id for days in ages]
    asked = Filters(**filters)

    down, page = [], find(team, asked, limit=4)
    down.append([row["id"] for row in page.rows])
    while page.has_older:
        page = find(team, asked, before=page.rows[-1]["id"], limit=4)
        down.append([row["id"] for row in page.rows])
    up, page = [], find(team, asked, after=0, limit=4)
    up.append([row["id"] for row in page.rows])
    while page.has_newer:
        page = find(team, asked, after=page.rows[0]["id"], limit=4)
        up.append([row["id"] for row in page.rows])

    assert list(chain(*down)) == runs
    assert list(chain(*reversed(up))) == runs
    assert list(ids_of(team, asked)) == runs
    assert count(team, asked, find(team, asked)) == (len(runs), False)


def test_runs_under_way_and_just_ended_stand_in_lists_before_their_words_are_made(team, person):
    running = make_run(team, person, minutes_ago=600, state=State.RUNNING)
    ended = make_run(team, person, minutes_ago=0.1)
    known = made(team, person, minutes_ago=300)

    assert found(team, operation="chat-stream", model="gpt-5.1") == [ended.id, known.id, running.id]
    assert found(team, "exchange") == [ended.id, known.id, running.id]
    assert found(team, "exchange nowhere") == []


def test_words_that_were_missed_are_made_later(team, person):
    ended = make_run(team, person)
    make_run(team, person, summary="under way", state=State.RUNNING, minutes_ago=9)

    assert make_missing_words() == 1
    assert found(team, "exchange") == [ended.id]
    assert make_missing_words() == 0


def test_a_deleted_run_gets_no_words_and_leaves_none(team, person):
    run, other = made(team, person), make_run(team, person)
    gone = other.id
    run.delete()
    Run.objects.filter(pk=gone).delete()

    make_words([gone])

    assert not RunWords.objects.exists()


def test_a_team_that_keeps_figures_only_has_words_of_facts_only(team, person):
    Keeping.objects.create(team=team, what=Keeping.What.FIGURES)
    run = made(team, person)

    assert found(team, "exchange") == []
    assert found(team, operation="chat-stream", model="gpt-5.1") == [run.id]


def test_a_question_that_takes_too_long_shows_what_was_found_by_then(team, person, monkeypatch):
    made(team, person)
    monkeypatch.setattr("playground.runs.finding.pages.SECONDS", 0.0001)

    page = find(team, Filters(q="exchange"))

    assert page.given_up_at is not None


def test_a_huge_answer_and_a_picture_are_passed_by(team, person):
    picture = [(1, {"kind": "media", "mime": "image/png", "data": "QUJD" * 400_000})]
    run = made(team, person, summary="draw", frames=[*spoken("text", "here it is"), *picture])

    assert found(team, "here") == []
    assert found(team, "draw") == [run.id]
