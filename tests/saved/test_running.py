"""A teammate runs what was shared with them, with a key of their own; others cannot."""

import uuid

import httpx
import pytest

from accounts.demo import make_demo
from accounts.models import Team, User
from playground.models import Run, SavedRequest, SavedRun, SavedShare, SavedVersion
from tests.api.conftest import token_of
from tests.people import MEMBER, OWNER, PASSWORD, STRANGER, Person, chat
from tests.saved.conftest import page_text

BODY = '{"model": "gpt-4o-mini:fast", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'


@pytest.fixture
def shared(transactional_db) -> SavedRequest:
    """The owner's request, shared with the member, who may run it."""
    make_demo(PASSWORD)
    owner, member = User.objects.get(email=OWNER), User.objects.get(email=MEMBER)
    team = Team.objects.get(memberships__user=owner)
    saved = SavedRequest.objects.create(
        team=team, owner=owner, name="Hello", operation="chat-stream", visibility="people"
    )
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=page_text(BODY))
    SavedShare.objects.create(request=saved, user=member, right="run")
    return saved


def program(site, email):
    return httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {token_of(email)}"}, timeout=30)


def test_a_run_started_from_it_is_linked_to_its_version(site, shared):
    seen = Person(site.url, MEMBER).run("chat-stream", chat(), saved=str(shared.pk))

    assert seen.state == "succeeded"
    link = SavedRun.objects.get(request=shared)
    assert (str(link.run.uuid), link.version) == (seen.run, 1)


def test_who_may_only_look_starts_nothing_from_it(site, shared):
    SavedShare.objects.update(right="view")

    seen = Person(site.url, MEMBER).run("chat-stream", chat(), saved=str(shared.pk))

    assert seen.error["code"] == "forbidden"
    assert not Run.objects.exists()


def test_a_run_that_names_a_request_of_others_is_linked_to_nothing(site, shared):
    for named in (str(shared.pk), str(uuid.uuid4()), "no uuid", 7):
        seen = Person(site.url, STRANGER).run("chat-stream", chat(), saved=named)
        assert seen.state == "succeeded"
    assert not SavedRun.objects.exists()


def test_programs_list_and_run_what_their_people_see(site, shared):
    client = program(site, MEMBER)

    (told,) = client.get("/api/saved").json()["items"]
    answer = client.post(f"/api/saved/{shared.pk}/run", json={})

    assert (told["name"], told["right"], told["version"]) == ("Hello", "run", 1)
    assert answer.status_code == 201, answer.text
    assert SavedRun.objects.get().run.user.email == MEMBER
    assert bytes(SavedRun.objects.get().run.call.body).decode() == BODY


def test_programs_of_strangers_find_nothing(site, shared):
    client = program(site, STRANGER)

    assert client.get("/api/saved").json() == {"items": [], "next": None}
    missing, theirs = (client.post(f"/api/saved/{id}/run", json={}) for id in (uuid.uuid4(), shared.pk))
    assert (missing.status_code, missing.json()) == (theirs.status_code, theirs.json())
    assert theirs.status_code == 404


def test_lists_of_saved_requests_are_paged(site, shared):
    for number in range(3):
        copy = SavedRequest.objects.create(
            team=shared.team, owner=shared.owner, name=str(number), operation="chat-stream"
        )
        SavedVersion.objects.create(request=copy, number=1, author=shared.owner, call=page_text(BODY))
    client, found, after = program(site, OWNER), [], None
    while True:
        page = client.get("/api/saved", params={"limit": 2, **({"after": after} if after else {})}).json()
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break

    assert len(found) == len(set(found)) == 4
