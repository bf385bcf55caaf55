"""What programs can do with a personal token: read keys and balances, start and follow runs."""

import time
import uuid
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Key, Membership, PersonalToken, Role, User
from tests.api.conftest import token_of
from tests.conftest import Site
from tests.people import MEMBER, OWNER

CHAT = {
    "model": "gpt-4o-mini:fast",
    "stream": True,
    "stream_options": {"include_usage": True},
    "messages": [{"role": "user", "content": "Name three rivers"}],
}
START = {"operation": "chat-stream", "call": {"body": CHAT}}


def finished(program: httpx.Client, run: str) -> dict[str, Any]:
    """The run once it has ended."""
    for _ in range(200):
        told = program.get(f"/api/runs/{run}").json()
        if told["state"] != "running":
            return told
        time.sleep(0.05)
    raise AssertionError("the run does not end")


def test_the_command_prints_the_token_alone_and_only_its_hash_is_kept(demo: None) -> None:
    text = token_of(OWNER)

    kept = PersonalToken.objects.get()
    assert text.split() == [text]
    assert text.startswith("tp_") and len(text) > 40
    assert text not in str(vars(kept))
    assert PersonalToken.objects.by_token(text).get() == kept


def test_the_command_refuses_people_without_a_team(demo: None) -> None:
    with pytest.raises(CommandError, match="belongs to no team"):
        call_command("token", "nobody@example.com")


def test_keys_are_listed_with_the_default_one_first_and_no_secret(owner: httpx.Client) -> None:
    default = Key.objects.get(team__name="Demo team")
    other = Key.objects.create(
        team=default.team, owner=default.owner, gateway=default.gateway, name="A", secret="sk-other-0123456789"
    )
    other.switch_off()

    told = owner.get("/api/keys").json()

    assert [(key["name"], key["usable"], key["is_default"]) for key in told["items"]] == [
        ("Demo key", True, True),
        ("A", False, False),
    ]
    assert told["items"][1]["mask"] == "sk-…6789"
    assert told["next"] is None
    assert "0123456789" not in str(told)


def test_a_balance_names_its_unit_and_moves_with_a_run(owner: httpx.Client) -> None:
    key = owner.get("/api/keys").json()["items"][0]["id"]
    before = owner.get(f"/api/keys/{key}/balance").json()

    finished(owner, owner.post("/api/runs", json=START).json()["id"])
    time.sleep(2.2)  # a reading is good for two seconds
    after = owner.get(f"/api/keys/{key}/balance").json()

    assert (before["unit"], before["of"], before["problem"], before["unlimited"]) == ("USD", "key", "", False)
    assert float(after["left"]) < float(before["left"])


def test_a_run_is_started_followed_and_told_whole(owner: httpx.Client) -> None:
    name = str(uuid.uuid4())

    begun = owner.post("/api/runs", json={**START, "run": name})
    told = finished(owner, name)

    assert begun.status_code == 201
    assert begun.json()["id"] == name
    assert told["state"] == "succeeded"
    assert "river" in told["text"].lower()
    assert told["trouble"] is None
    assert told["metrics"]["output_tokens"] > 0
    assert told["key"]["mask"].startswith("sk-…")


def test_starting_the_same_run_twice_starts_it_once(owner: httpx.Client) -> None:
    start = {**START, "run": str(uuid.uuid4())}

    statuses = [owner.post("/api/runs", json=start).status_code for _ in range(3)]

    assert statuses == [201, 200, 200]
    assert len(owner.get("/api/runs").json()["items"]) == 1


def test_a_run_is_stopped(owner: httpx.Client) -> None:
    slow = {"operation": "chat-stream", "call": {"body": {**CHAT, "model": "gpt-4o-mini:slow"}}}
    name = owner.post("/api/runs", json=slow).json()["id"]

    assert owner.post(f"/api/runs/{name}/stop").status_code == 200

    assert finished(owner, name)["state"] == "stopped"


def test_what_went_wrong_is_told_with_whose_fault_it_is(owner: httpx.Client) -> None:
    broken = {"operation": "chat-stream", "call": {"body": {**CHAT, "model": "gpt-4o-mini:fault-401"}}}

    told = finished(owner, owner.post("/api/runs", json=broken).json()["id"])

    assert (told["state"], told["status"], told["trouble"]["fault"]) == ("failed", 401, "key")
    assert told["problem"] == told["trouble"]["code"]


def test_lists_are_paged_by_a_cursor_and_found_by_words(owner: httpx.Client) -> None:
    prompts = ["one", "two", "three"]
    for prompt in prompts:
        call = {"body": {**CHAT, "messages": [{"role": "user", "content": f"The number {prompt}"}]}}
        finished(owner, owner.post("/api/runs", json={"operation": "chat-stream", "call": call}).json()["id"])

    first = owner.get("/api/runs", params={"limit": 2}).json()
    second = owner.get("/api/runs", params={"limit": 2, "after": first["next"]}).json()
    found = owner.get("/api/runs", params={"q": "number two"}).json()

    assert [run["summary"] for run in first["items"] + second["items"]] == [
        f"The number {prompt}" for prompt in reversed(prompts)
    ]
    assert second["next"] is None
    assert [run["summary"] for run in found["items"]] == ["The number two"]


def test_strangers_cannot_tell_what_exists_from_what_does_not(owner: httpx.Client, stranger: httpx.Client) -> None:
    run = owner.post("/api/runs", json=START).json()["id"]
    key = owner.get("/api/keys").json()["items"][0]["id"]
    missing = uuid.uuid4()

    for foreign, nothing in [
        (stranger.get(f"/api/runs/{run}"), stranger.get(f"/api/runs/{missing}")),
        (stranger.post(f"/api/runs/{run}/stop"), stranger.post(f"/api/runs/{missing}/stop")),
        (stranger.get(f"/api/keys/{key}/balance"), stranger.get(f"/api/keys/{missing}/balance")),
    ]:
        assert (foreign.status_code, foreign.json()) == (404, nothing.json())
    assert stranger.post("/api/runs", json={**START, "run": run}).status_code == 404
    assert stranger.post("/api/runs", json={**START, "key": key}).json()["code"] == "not_found"
    assert stranger.get("/api/runs").json() == {"items": [], "next": None}


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer tp_nonsense", "Basic dXNlcjpwYXNz", "Bearer \xff"])
def test_without_a_good_token_nothing_is_told(demo: None, site: Site, header: str | None) -> None:
    headers = {"Authorization": header.encode("latin-1")} if header else {}

    answers = [httpx.get(site.url + path, headers=headers) for path in ("/api/keys", "/api/runs")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "unauthorized")] * 2


def test_a_cookie_opens_nothing(demo: None, site: Site) -> None:
    from tests.people import Person

    assert Person(site.url).http.get("/api/keys").status_code == 401


def test_a_token_may_only_what_it_was_made_for(program: Any) -> None:
    reader, starter = program(OWNER, "--scope", "read"), program(OWNER, "--scope", "run")

    refused = reader.post("/api/runs", json=START)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert starter.get("/api/keys").status_code == 403
    assert starter.post("/api/runs", json=START).status_code == 201


def test_a_token_ends_when_it_is_revoked_expires_or_its_person_leaves(program: Any) -> None:
    def revoke() -> None:
        PersonalToken.objects.latest("id").revoke()

    def expire() -> None:
        PersonalToken.objects.filter(pk=PersonalToken.objects.latest("id").pk).update(expires_at=timezone.now())

    def leave() -> None:
        Membership.objects.filter(user__email=MEMBER).delete()

    for end in (revoke, expire, leave):
        client = program(MEMBER)
        assert client.get("/api/keys").status_code == 200

        end()

        assert client.get("/api/keys").status_code == 401


def test_a_viewer_reads_but_starts_and_stops_nothing(owner: httpx.Client, program: Any) -> None:
    viewer = User.objects.create_user("viewer@example.com", "x")
    Membership.objects.create(team=User.objects.get(email=OWNER).memberships.get().team, user=viewer, role=Role.VIEWER)
    client = program("viewer@example.com")
    run = owner.post("/api/runs", json=START).json()["id"]

    assert client.get(f"/api/runs/{run}").status_code == 200
    assert client.post("/api/runs", json=START).json()["code"] == "forbidden"
    assert client.post(f"/api/runs/{run}/stop").status_code == 403
    assert not any(key["usable"] for key in client.get("/api/keys").json()["items"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("", ""),
        ("[]", ""),
        ('{"operation":1,"call":{}}', "operation"),
        ('{"operation":"chat-stream"}', "call"),
        ('{"operation":"chat-stream","call":[]}', "call"),
        ('{"operation":"chat-stream","call":{"boddy":1}}', "call.boddy"),
        ('{"operation":"nonsense","call":{}}', "operation"),
        ('{"operation":"chat-stream","call":{"body":{"a":1,"a":2}}}', ""),
        ('{"operation":"chat-stream","call":{},"run":"x"}', "run"),
        ('{"operation":"chat-stream","call":{},"key":"x"}', "key"),
    ],
)
def test_a_start_that_cannot_be_understood_is_refused_by_a_sentence(owner: httpx.Client, body: str, field: str) -> None:
    refused = owner.post("/api/runs", content=body, headers={"Content-Type": "application/json"})

    told = refused.json()
    assert (refused.status_code, told["field"]) == (422, field)
    assert told["message"].endswith(".") and len(told["message"]) > 10


@pytest.mark.parametrize("query", ["after=x", "after=-1", "limit=0", "limit=x", "state=odd", "key=x", "q=%00"])
def test_a_list_that_cannot_be_understood_is_refused_by_a_sentence(owner: httpx.Client, query: str) -> None:
    refused = owner.get(f"/api/runs?{query}")

    assert (refused.status_code, refused.json()["code"]) == (422, "bad_request")


def test_the_page_and_the_description_name_every_operation(demo: None, site: Site) -> None:
    from tests.people import Person

    described = httpx.get(site.url + "/api/openapi.json").json()["paths"]
    page = Person(site.url).http.get("/api/")

    ours = {"/api/keys", "/api/keys/{id}/balance", "/api/runs", "/api/runs/{id}", "/api/runs/{id}/stop"}
    assert ours <= set(described)
    assert all(path in page.text for path in described)
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/runs/x", "/api/runs/a%0Ab/stop", "/api/runs/%00", "/api/keys/"])
def test_any_other_address_is_answered_in_the_same_shape(owner: httpx.Client, path: str) -> None:
    answer = owner.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
