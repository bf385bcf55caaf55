"""Searching the history: hits in their place, filters as chips, both ways through pages, whatever is typed."""

import csv
import io
import json
import re
from html import unescape

from playground.models.runs import State
from playground.runs.wording import make_words
from tests.views.runs_made import make_run, spoken
from tests.views.test_history import HTMX, older_than, text_of, titles


def make_found(team, owner, **fields):
    run = make_run(team, owner, **fields)
    make_words([run.id])
    return run


def hits(response):
    found = re.findall(r'run-hit">(.*?)</td>', response.content.decode())
    return [" ".join(unescape(re.sub(r"<(?!/?mark)[^>]+>", " ", hit)).split()) for hit in found]


def test_a_hit_is_shown_in_its_place_with_where_it_stood(client, team, owner):
    make_found(team, owner, summary="请谈谈紫薇花与星河", frames=spoken("text", "Of <crape> ", "myrtle"))
    make_found(team, owner, summary="nothing of it", minutes_ago=9)

    assert hits(client.get("/history/", {"q": "紫薇花"})) == ["user 请谈谈<mark>紫薇花</mark>与星河"]
    assert hits(client.get("/history/", {"q": "myrtle"})) == ["answer Of <crape> <mark>myrtle</mark>"]
    assert "1 run" in text_of(client.get("/history/", {"q": "myrtle"}))


def test_another_form_of_an_english_word_is_one_click_away(client, team, owner):
    make_found(team, owner, summary="Name a river")
    nothing = client.get("/history/", {"q": "rivers", "state": "succeeded"}).content.decode()

    wider = re.search(r'href="(/history/\?[^"]+)"[^>]*>(?:(?!</a>).)*Look for river\*</a>', nothing, re.S)

    assert wider
    assert hits(client.get(unescape(wider[1]))) == ["user Name a <mark>river</mark>"]
    assert "state=succeeded" in wider[1]


def test_a_stranger_finds_nothing(stranger_client, team, owner):
    make_found(team, owner, summary="secret plans")

    assert "secret plans" not in stranger_client.get("/history/", {"q": "secret"}).content.decode()


def test_whatever_is_typed_is_answered_plainly(client, team, owner):
    make_found(team, owner, summary="still there")

    for question in ("%%%%", "'\"\\", "& | ! <->", "\0", "。，"):
        page = client.get("/history/", {"q": question})
        assert (page.status_code, titles(page)) == (200, ["still there"]), question
    assert "Punctuation alone finds nothing" in text_of(client.get("/history/", {"q": "%%%%"}))
    for question in ("there OR 1=1", "x" * 10_000, "nowhere' --", "t:1"):
        assert "No run fits these filters" in text_of(client.get("/history/", {"q": question})), question


def test_set_filters_stand_as_chips_that_take_them_away(client, team, owner):
    make_found(team, owner, model="gpt-5.1", state=State.FAILED, tags=["red"], cost="0.5", is_starred=True)
    given = {
        "q": "exchange", "state": "failed", "model": "gpt-5.1", "person": owner.pk, "time": 7, "tokens": 100, "cost": "0.1",
        "tag": "red", "starred": 1, "from": "2020-01-01", "to": "2100-01-01",
    }  # fmt: skip

    page = client.get("/history/", given)

    chips = re.findall(r'class="chip is-on" href="([^"]+)"[^>]*>([^<]+)<', page.content.decode())
    assert [words for _address, words in chips] == [
        "Failed", "Olivia Owner", "gpt-5.1", "Last 7 days", "from 2020-01-01", "to 2100-01-01", "at least 100 tokens",
        "cost at least 0.1", "#red", "starred",
    ]  # fmt: skip
    assert len(hits(page)) == 1
    assert "state=" not in chips[0][0]
    assert "model=gpt-5.1" in chips[0][0]


def test_htmx_gets_the_chips_beside_the_rows(client, team, owner):
    make_found(team, owner)

    part = client.get("/history/", {"state": "succeeded"}, **HTMX).content.decode()

    assert 'id="run-filters" hx-swap-oob="true"' in part
    assert 'name="state" value="succeeded"' in part
    assert 'name="q"' not in part


def test_a_page_in_the_middle_leads_back_to_newer_runs(client, team, owner):
    runs = [make_run(team, owner, summary=f"run {age}", minutes_ago=1 + age) for age in range(3)]

    page = client.get("/history/", {"before": runs[1].id})
    newer = re.search(r'href="([^"]+after=[^"]+)"', page.content.decode())

    assert titles(page) == ["run 2"]
    assert titles(client.get(unescape(newer[1]))) == ["run 0", "run 1"]


def test_hits_follow_page_by_page_and_none_is_doubled_or_missing(client, team, owner):
    names = [f"rate {number} asked" if number % 3 else f"asked a rate {number}" for number in range(70)]
    make_words([make_run(team, owner, summary=name, minutes_ago=1 + age).id for age, name in enumerate(names)])

    pages = [client.get("/history/", {"q": '"a rate"'})]
    while (older := older_than(pages[-1])) and len(pages) < 9:
        pages.append(client.get(older, **HTMX))

    shown = [[int(hit.split()[-1]) for hit in hits(page)] for page in pages]
    assert shown == [list(range(0, 60, 3)), list(range(60, 70, 3))]


def test_a_forged_place_is_told_and_the_beginning_shown(client, team, owner):
    make_run(team, owner, summary="there")

    for place in ("x", "-1", "1e9", "9" * 40, "²"):
        page = client.get("/history/", {"before": place})
        assert "That place in the list does not exist" in text_of(page), place
        assert titles(page) == ["there"]


def test_runs_are_exported_as_rows_that_run_no_formula(client, team, owner):
    make_run(team, owner, summary='=HYPERLINK("http://evil")', tags=["a", "b"])
    make_run(team, owner, summary="other", state=State.FAILED)

    answer = client.get("/history/export.csv", {"state": "succeeded"})

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["summary"], row["tags"], row["state"]) for row in rows] == [
        ('\'=HYPERLINK("http://evil")', "a b", "succeeded")
    ]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="runs-')


def test_runs_are_exported_with_request_and_answer_the_key_a_mask(client, team, owner):
    run = make_run(team, owner, summary="汇率", frames=[*spoken("reasoning", "hm"), *spoken("text", "7", ".1")])

    answer = client.get("/history/export.jsonl")

    (line,) = b"".join(answer.streaming_content).decode().splitlines()
    told = json.loads(line)
    assert told["id"] == str(run.uuid)
    assert told["request"]["messages"] == [{"role": "user", "content": "汇率"}]
    assert told["answer"] == [{"where": "thinking", "text": "hm"}, {"where": "answer", "text": "7.1"}]
    assert told["key_mask"] == "sk-…3f9a"


def test_chosen_runs_alone_are_exported_and_never_those_of_strangers(client, stranger_client, team, owner):
    one, _other = make_run(team, owner, summary="one"), make_run(team, owner, summary="other")

    def summaries(browser):
        text = b"".join(
            browser.get("/history/export.jsonl", {"runs": f"{one.uuid},nonsense"}).streaming_content
        ).decode()
        return [json.loads(line)["summary"] for line in text.splitlines()]

    assert summaries(client) == ["one"]
    assert summaries(stranger_client) == []
