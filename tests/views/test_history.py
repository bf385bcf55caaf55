"""The list of runs: the team's own, newest first, narrowed by filters, page by page."""

import re
from datetime import timedelta
from html import unescape

from django.utils import timezone

from accounts.demo import MEMBER
from playground.models.runs import State
from tests.views.runs_made import make_run

HTMX = {"HTTP_HX_REQUEST": "true"}


def titles(response):
    return [unescape(found) for found in re.findall(r'class="run-summary">([^<]*)<', response.content.decode())]


def older_than(response):
    found = re.search(r'class="older-row" hx-get="([^"]+)"', response.content.decode())
    return found and unescape(found[1])


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_team_without_runs_is_shown_what_would_stand_there_and_a_next_step(client):
    page = client.get("/history/")

    assert "Every run will stay here" in text_of(page)
    assert 'href="/"' in page.content.decode()
    assert '<form class="filter-bar"' not in page.content.decode()


def test_runs_stand_newest_first_with_their_figures(client, team, owner):
    make_run(team, owner, summary="the older", minutes_ago=20)
    make_run(team, owner, summary="the newer", minutes_ago=2)

    page = client.get("/history/")

    assert titles(page) == ["the newer", "the older"]
    for words in ("2 runs", "gpt-5.1", "Succeeded", "Olivia Owner", "312 ms", "7.42 s", "1,042 → 413"):
        assert words in text_of(page)


def test_a_member_sees_the_runs_of_the_whole_team(client_of, team, owner):
    make_run(team, owner, summary="the owner's")

    assert titles(client_of(MEMBER).get("/history/")) == ["the owner's"]


def test_a_stranger_sees_none_of_them(stranger_client, team, owner):
    run = make_run(team, owner, summary="secret plans", state=State.RUNNING)

    page = stranger_client.get("/history/")
    news = stranger_client.get("/history/news/", {"running": str(run.uuid)})

    assert "secret plans" not in page.content.decode()
    assert news.json() == {"rows": {}, "fresh": ""}


def test_a_person_signed_out_is_led_to_the_sign_in_page(client, db):
    client.logout()

    assert client.get("/history/").headers["Location"] == "/accounts/login/?next=/history/"


def test_each_filter_narrows_the_list(client, team, owner, member):
    make_run(team, owner, summary="fits")
    make_run(team, owner, summary="other operation", operation="claude-chat")
    make_run(team, owner, summary="other model", model="claude-sonnet-4-5")
    make_run(team, owner, summary="other state", state=State.STOPPED)
    make_run(team, member, summary="other person")
    every = {"operation": "chat-stream", "model": "gpt-5.1", "state": "succeeded", "person": owner.pk}

    assert titles(client.get("/history/", every)) == ["fits"]
    for name, other in (("operation", "operation"), ("model", "model"), ("state", "state"), ("person", "person")):
        without = {key: value for key, value in every.items() if key != name}
        assert sorted(titles(client.get("/history/", without))) == ["fits", f"other {other}"]


def test_filters_that_mean_nothing_are_left_out(client, team, owner):
    make_run(team, owner, summary="fits")

    assert titles(client.get("/history/", {"state": "sideways", "person": "x" * 40})) == ["fits"]


def test_filters_that_fit_nothing_say_so_and_lead_back(client, team, owner):
    make_run(team, owner)

    page = client.get("/history/", {"model": "none-such"})

    assert "No run fits these filters" in text_of(page)
    assert 'href="/history/"' in page.content.decode()


def test_htmx_is_given_the_list_alone(client, team, owner):
    make_run(team, owner, summary="fits")

    part = client.get("/history/", {"state": "succeeded"}, **HTMX)

    assert titles(part) == ["fits"]
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def test_older_runs_follow_page_by_page_and_none_is_doubled_or_missing(client, team, owner):
    names = [f"run {number}" for number in range(120)]
    for age, name in enumerate(names):
        make_run(team, owner, summary=name, minutes_ago=1 + age)

    pages = [client.get("/history/")]
    while (older := older_than(pages[-1])) and len(pages) < 9:
        pages.append(client.get(older, **HTMX))

    assert [titles(page) for page in pages] == [names[:50], names[50:100], names[100:]]


def test_a_run_that_begins_meanwhile_moves_nothing_on_the_pages_below(client, team, owner):
    for age in range(60):
        make_run(team, owner, summary=f"run {age}", minutes_ago=1 + age)
    first = client.get("/history/")
    make_run(team, owner, summary="meanwhile", minutes_ago=0)

    second = client.get(older_than(first), **HTMX)

    assert titles(first) + titles(second) == [f"run {age}" for age in range(60)]


def test_days_are_those_of_the_persons_own_calendar(client, team, owner):
    now = timezone.now()
    make_run(team, owner, minutes_ago=0, started_at=now)
    make_run(team, owner, minutes_ago=24 * 60, started_at=now - timedelta(days=1))
    client.cookies["timezone"] = "Asia%2FShanghai"

    shown = text_of(client.get("/history/"))

    assert shown.index("Today") < shown.index("Yesterday")


def test_a_time_zone_that_is_none_does_no_harm(client, team, owner):
    make_run(team, owner, summary="still there")
    client.cookies["timezone"] = "../../etc/passwd"

    assert titles(client.get("/history/")) == ["still there"]


def test_the_page_asks_the_database_equally_often_for_one_run_and_for_fifty(
    client, team, owner, django_assert_max_num_queries
):
    for age in range(50):
        make_run(team, owner, minutes_ago=age)

    with django_assert_max_num_queries(11):
        client.get("/history/")


def test_what_a_person_wrote_is_shown_and_never_run(client, team, owner):
    make_run(team, owner, summary="<script>alert(1)</script>", model="<b>m")

    page = client.get("/history/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_running_rows_are_told_anew_and_new_runs_are_counted(client, team, owner):
    old = make_run(team, owner, minutes_ago=9, state=State.RUNNING)
    make_run(team, owner, minutes_ago=1)

    news = client.get("/history/news/", {"after": old.id, "running": f"{old.uuid},not-a-uuid"}).json()

    assert news["fresh"] == "1 new run"
    assert list(news["rows"]) == [str(old.uuid)]
    assert "Running" in news["rows"][str(old.uuid)]


def test_a_run_of_somebody_who_has_left_keeps_its_place(client, team, owner, member):
    make_run(team, member, summary="still here")
    member.delete()

    page = client.get("/history/")

    assert titles(page) == ["still here"]
    assert "someone who has left" in text_of(page)
