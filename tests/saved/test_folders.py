"""Folders of saved requests: a tree that people make, rename, move and take away; nothing in it is ever lost."""

import pytest

from accounts.demo import MEMBER
from playground.models import SavedFolder, SavedRequest, SavedRun
from playground.saved.folders import NoFolder, tidied, tree_of
from tests.saved.conftest import save
from tests.views.runs_made import make_run


def folders_of(client):
    return dict(SavedRequest.objects.values_list("name", "folder"))


@pytest.fixture
def shelf(client):
    save(client, name="Invoice", folder="Finance", tags="pdf")
    save(client, name="VAT", folder="Finance/Q4")
    save(client, name="Tone", folder="Support")


def test_paths_become_a_tree_that_counts_what_stands_below():
    (finance,) = tree_of([("Finance/Q4", 2), ("", 5), ("Finance", 1)])

    assert (finance.path, finance.count) == ("Finance", 3)
    assert [(each.path, each.name, each.count) for each in finance.within] == [("Finance/Q4", "Q4", 2)]


def test_an_empty_folder_is_made_shown_and_deleted(client):
    client.post("/saved/folders/", {"name": "Suite / Night", "within": ""})

    page = client.get("/saved/?folder=Suite").content.decode()
    assert SavedFolder.objects.get().path == "Suite/Night"
    assert "Night" in page

    client.post("/saved/folders/remove/", {"path": "Suite/Night"})
    assert not SavedFolder.objects.exists()


def test_a_folder_is_renamed_and_moved_with_all_within_it(client, shelf):
    client.post("/saved/folders/rename/", {"path": "Finance", "name": "Money / Books"})

    assert folders_of(client) == {"Invoice": "Money/Books", "VAT": "Money/Books/Q4", "Tone": "Support"}


def test_a_folder_that_is_taken_away_leaves_its_contents_one_up(client, shelf):
    client.post("/saved/folders/remove/", {"path": "Finance"})

    assert folders_of(client) == {"Invoice": "", "VAT": "Q4", "Tone": "Support"}


def test_a_request_is_moved_by_its_menu(client, shelf):
    moved = SavedRequest.objects.get(name="Tone")

    client.post(f"/saved/{moved.pk}/move/", {"folder": "Finance/Q4"})

    assert folders_of(client)["Tone"] == "Finance/Q4"


def test_what_one_may_not_edit_stays_where_it_is(client, client_of, shelf, member):
    SavedRequest.objects.filter(name="Invoice").update(visibility="team", team_right="run")
    SavedRequest.objects.filter(name="VAT").update(visibility="team", team_right="edit")
    theirs = client_of(MEMBER)

    page = theirs.post("/saved/folders/rename/", {"path": "Finance", "name": "Mine"}, follow=True).content.decode()

    assert folders_of(client) == {"Invoice": "Finance", "VAT": "Mine/Q4", "Tone": "Support"}
    assert "1 request stays where it is" in page
    assert (
        theirs.post(f"/saved/{SavedRequest.objects.get(name='Invoice').pk}/move/", {"folder": "x"}).status_code == 404
    )


def test_names_that_no_folder_can_have_change_nothing(client, shelf):
    before = folders_of(client)
    for name in ("Finance/Q4/deeper", "", " / ", "a/b/c/d/e/f/g", "x" * 201, "a\u200bb"):
        client.post("/saved/folders/rename/", {"path": "Finance", "name": name})
    client.post("/saved/folders/", {"name": "\0"})

    assert folders_of(client) == before
    with pytest.raises(NoFolder):
        tidied("x" * 201)


def test_viewers_change_no_folder(client, client_of, shelf, viewer):
    theirs = client_of(viewer.email)

    theirs.post("/saved/folders/", {"name": "Mine"})
    theirs.post("/saved/folders/remove/", {"path": "Finance"})

    assert not SavedFolder.objects.exists()
    assert folders_of(client)["Invoice"] == "Finance"


def test_the_list_is_narrowed_to_a_folder_with_those_within_and_to_a_tag(client, shelf):
    def names(asked):
        shown = client.get(f"/saved/?{asked}").content.decode().partition('class="saved-list"')[2]
        return [name for name in ("Invoice", "VAT", "Tone") if f">{name}</a>" in shown]

    assert names("folder=Finance") == ["Invoice", "VAT"]
    assert names("folder=Finance/Q4") == ["VAT"]
    assert names("tag=pdf") == ["Invoice"]
    assert names("folder=Finance&q=vat") == ["VAT"]
    assert names("folder=Fin") == []


def test_the_last_results_stand_beside_each_request(client, team, owner, shelf):
    saved = SavedRequest.objects.get(name="Tone")
    runs = [make_run(team, owner, minutes_ago=9 - n, state="failed" if n == 6 else "succeeded") for n in range(7)]
    for run in runs:
        SavedRun.objects.create(run=run, request=saved, version=1)

    page = client.get("/saved/").content.decode()

    shown = [run.uuid for run in reversed(runs) if f"/runs/{run.uuid}/" in page]
    assert shown == [run.uuid for run in reversed(runs)][:5]
    assert page.index(f"/runs/{runs[6].uuid}/") < page.index(f"/runs/{runs[5].uuid}/")
    assert "state-failed" in page
    assert "7 runs" in page
