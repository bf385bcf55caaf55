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
