"""A run's page, its request as JSON, and the newest run of an operation."""

import uuid

from playground.models.runs import State
from tests.views.runs_made import make_run


def test_the_page_tells_who_when_with_which_key_and_what_came_of_it(client, team, owner):
    run = make_run(team, owner)

    page = client.get(f"/runs/{run.uuid}/").content.decode()

    for words in (
        "What is the exchange rate?",
        "Olivia Owner",
        "Team main",
        "sk-…3f9a",
        "gpt-5.1",
        "7.42 s",
        "1,042 → 413",
    ):
        assert words in page
    assert f'data-run="{run.uuid}"' in page
    assert f"/?run={run.uuid}" in page


def test_the_page_leads_to_the_runs_before_and_after(client, team, owner):
    older, middle, newer = (make_run(team, owner, minutes_ago=age) for age in (30, 20, 10))

    page = client.get(f"/runs/{middle.uuid}/").content.decode()
    last = client.get(f"/runs/{newer.uuid}/").content.decode()

    assert f"/runs/{older.uuid}/" in page and f"/runs/{newer.uuid}/" in page
    assert f"/runs/{middle.uuid}/" in last and "data-newer" not in last


def test_a_run_opened_from_a_narrowed_list_leads_on_within_it_and_back_to_its_place(client, team, owner):
    failed = [make_run(team, owner, minutes_ago=age, state=State.FAILED) for age in (50, 30, 10)]
    between = [make_run(team, owner, minutes_ago=age) for age in (60, 40, 20, 5)]
    within = "state=failed&model=gpt-5.1"

    row = client.get(f"/history/?{within}").content.decode()
    assert f'href="/runs/{failed[1].uuid}/?state=failed&amp;model=gpt-5.1"' in row
    page = client.get(f"/runs/{failed[1].uuid}/?{within}")
    assert (page.context["newer"], page.context["older"]) == (failed[2].uuid, failed[0].uuid)
    ends = [client.get(f"/runs/{run.uuid}/?{within}").context for run in (failed[2], failed[0])]
    assert (ends[0]["newer"], ends[1]["older"]) == (None, None)
    kept = client.post(f"/runs/{failed[1].uuid}/marks/?{within}", {"starred": "1", "tags": "", "note": "Look"})
    assert kept["Location"] == f"/runs/{failed[1].uuid}/?{within}"

    back = f"/history/?{within}&at={failed[1].uuid}"
    assert f'href="{back.replace("&", "&amp;")}#run-{failed[1].uuid}"' in page.content.decode()
    listed = client.get(back).content.decode()
    assert f"/runs/{failed[1].uuid}/" in listed and f"/runs/{failed[0].uuid}/" in listed
    assert f"/runs/{failed[2].uuid}/" not in listed and "Newer runs" in listed
    assert "does not exist" in client.get(f"/history/?at={uuid.uuid4()}").content.decode()
    assert not [run for run in between if f"/runs/{run.uuid}/" in listed]


def test_a_failed_run_says_its_status(client, team, owner):
    run = make_run(team, owner, state=State.FAILED, status=429, problem="rate_limited")

    assert "Failed · 429" in client.get(f"/runs/{run.uuid}/").content.decode()


def test_a_foreign_run_is_answered_like_a_missing_one(stranger_client, team, owner):
    run = make_run(team, owner)

    for path in ("", "request.json"):
        foreign = stranger_client.get(f"/runs/{run.uuid}/{path}")
        missing = stranger_client.get(f"/runs/{uuid.uuid4()}/{path}")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert foreign.content == missing.content


def test_the_request_is_given_as_it_was_filled_in_and_as_it_was_sent(client, team, owner):
    run = make_run(team, owner)

    told = client.get(f"/runs/{run.uuid}/request.json").json()

    body = '{"model": "gpt-5.1", "messages": [{"role": "user", "content": "What is the exchange rate?"}]}'
    assert told["operation"] == "chat-stream"
    assert told["call"] == {"path": {}, "query": {}, "headers": {}, "body_text": body}
    assert told["sent"] == {
        "method": "POST",
        "url": "http://gateway.example/v1/chat/completions",
        "headers": [["Authorization", "Bearer sk-…3f9a"]],
        "body_text": body,
    }
    assert told["key"] == {"id": None, "name": "Team main", "mask": "sk-…3f9a"}
    assert (told["person"], told["state"]) == ("Olivia Owner", "succeeded")


def test_the_newest_run_of_an_operation_is_the_persons_own(client, team, owner, member):
    make_run(team, owner, minutes_ago=30)
    mine = make_run(team, owner, minutes_ago=20, state=State.RUNNING)
    make_run(team, owner, minutes_ago=5, operation="claude-chat")
    make_run(team, member, minutes_ago=1)

    latest = client.get("/runs/latest", {"operation": "chat-stream"})

    assert latest.json() == {"run": str(mine.uuid), "state": "running"}
    assert client.get("/runs/latest", {"operation": "none"}).json() == {"run": None, "state": None}
