"""The list of saved requests and the page of one: found, read, and missing for whom they are not."""

import uuid

from accounts.demo import MEMBER
from playground.models import SavedRequest, SavedRun
from tests.saved.conftest import page_text, save, save_version, share
from tests.views.runs_made import make_run


def test_an_empty_list_says_what_would_stand_there_and_where_to_go(client):
    page = client.get("/saved/").content.decode()

    assert "Requests you want again will stand here" in page
    assert "Open the builder" in page


def test_the_list_stands_by_folder_and_is_searched_by_all_words(client):
    save(client, name="Invoice check", folder="Finance", tags="pdf")
    save(client, name="Tone", folder="Support")

    whole, found = client.get("/saved/").content.decode(), client.get("/saved/?q=finance+invoice").content.decode()

    whole = whole.partition('class="saved-list"')[2]
    assert whole.index("Finance") < whole.index("Invoice check") < whole.index("Support") < whole.index("Tone")
    assert "Invoice check" in found
    assert "Tone" not in found
    assert "Invoice check" in client.get("/saved/?q=pdf").content.decode()


def test_searches_with_odd_letters_are_answered(client, saved):
    for words in ("%%%%", "'\"", "x" * 10_000, "\0", "(a OR b)", "。，"):
        assert client.get("/saved/", {"q": words}).status_code == 200
    assert "No saved request fits" in client.get("/saved/?q=%25%25").content.decode()


def test_the_page_shows_versions_their_difference_and_results(client, saved, team, owner):
    save_version(client, saved, page_text('{"model": "gpt-5.1", "temperature": 0.5, "messages": []}'), 1, note="Cooler")
    run = make_run(team, owner)
    SavedRun.objects.create(run=run, request=saved, version=2)

    page = client.get(f"/saved/{saved.pk}/").content.decode()

    assert "Cooler" in page
    assert "temperature" in page
    assert "0.5" in page
    assert f"/runs/{run.uuid}/" in page
    assert f'href="/?saved={saved.pk}"' in page


def test_whoever_opens_it_sees_what_a_version_sends_before_running_it(client, client_of, saved):
    told = page_text('{"model": "gpt-5.1", "temperature": 1.0, "messages": [{"role": "user", "content": "你好"}]}')
    save_version(client, saved, told, 1)
    share(client, saved, "team")

    first, second = (client_of(MEMBER).get(f"/saved/{saved.pk}/?version={number}") for number in (1, 2))

    assert ("messages[0].content", '"Hello"') in first.context["sent"].rows
    assert '<details class="saved-sends" open>' in first.content.decode()
    assert second.context["sent"].rows == [
        ("model", '"gpt-5.1"'), ("temperature", "1.0"), ("messages[0].role", '"user"'), ("messages[0].content", '"你好"'),
    ]  # fmt: skip
    assert '<details class="saved-sends">' in second.content.decode()
    # The first version can be restored like every other.
    assert "Restore v1" in client.get(f"/saved/{saved.pk}/?version=1").content.decode()


def test_a_strangers_address_is_answered_like_a_missing_one(stranger_client, client, client_of, saved):
    for other in (stranger_client, client_of(MEMBER)):
        for path in ("", "call.json"):
            theirs = other.get(f"/saved/{saved.pk}/{path}")
            missing = other.get(f"/saved/{uuid.uuid4()}/{path}")
            assert (theirs.status_code, missing.status_code) == (404, 404)
        for deed in ("versions", "restore", "describe", "share", "fork", "delete"):
            assert other.post(f"/saved/{saved.pk}/{deed}/", {}).status_code == 404, deed
    assert SavedRequest.objects.filter(pk=saved.pk).exists()


def test_somebody_who_may_run_changes_nothing_but_copies_it(client, client_of, saved, member):
    share(client, saved, "people", **{f"right-{member.pk}": "run"})
    theirs = client_of(MEMBER)

    assert save_version(theirs, saved, page_text("{}"), 1).status_code == 404
    assert theirs.post(f"/saved/{saved.pk}/describe/", {"name": "Mine now"}).status_code == 404
    theirs.post(f"/saved/{saved.pk}/delete/")
    theirs.post(f"/saved/{saved.pk}/fork/")

    copy = SavedRequest.objects.get(forked_from=saved)
    assert (copy.owner, copy.visibility, copy.current.call) == (member, "me", saved.current.call)


def test_details_are_changed_and_names_that_cannot_be_seen_refused(client, saved):
    client.post(f"/saved/{saved.pk}/describe/", {"name": "Better", "folder": "A", "description": "d", "tags": "x"})
    saved.refresh_from_db()
    assert (saved.name, saved.folder, saved.tags) == ("Better", "A", ["x"])

    client.post(f"/saved/{saved.pk}/describe/", {"name": "\u200b"})
    saved.refresh_from_db()
    assert saved.name == "Better"


def test_pages_speak_chinese(client_of, saved):
    for path in ("/saved/", f"/saved/{saved.pk}/", "/links/", "/notices/"):
        assert client_of("owner@example.com", "zh-hans").get(path).status_code == 200
