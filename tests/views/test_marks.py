"""Stars, tags and notes on a run, its deletion, and the team's rule of keeping."""

from accounts.demo import MEMBER
from accounts.models import Membership, Role
from playground.models import Keeping, Run, RunFrames
from playground.models.runs import State
from playground.runs.keeping import keep_rules
from tests.views.runs_made import make_run, spoken
from tests.views.test_history import text_of, titles


def test_star_tags_and_note_are_kept_and_filtered_by(client, team, owner):
    run = make_run(team, owner, summary="marked")
    make_run(team, owner, summary="plain")

    client.post(f"/runs/{run.uuid}/marks/", {"tags": "#red, blue red", "note": " keep this\0 ", "starred": "1"})
    page = client.get(f"/runs/{run.uuid}/").content.decode()

    assert 'value="red blue"' in page
    assert ">keep this<" in page
    for asked in ({"tag": "red"}, {"starred": "1"}):
        assert titles(client.get("/history/", asked)) == ["marked"]


def test_a_viewer_marks_nothing_and_a_stranger_sees_nothing(client_of, stranger_client, team, owner, member):
    Membership.objects.filter(user=member).update(role=Role.VIEWER)
    run = make_run(team, owner)

    client_of(MEMBER).post(f"/runs/{run.uuid}/marks/", {"starred": "1"})

    assert not Run.objects.get().is_starred
    assert stranger_client.post(f"/runs/{run.uuid}/marks/", {"starred": "1"}).status_code == 404
    assert stranger_client.post(f"/runs/{run.uuid}/delete/", {"name": str(run.uuid)[:8]}).status_code == 404


def test_a_run_is_deleted_once_its_name_was_typed(client, team, owner):
    run = make_run(team, owner, frames=spoken("text", "said"))

    wrong = client.post(f"/runs/{run.uuid}/delete/", {"name": "nonsense"}, follow=True)
    assert "Nothing was deleted" in text_of(wrong)
    right = client.post(f"/runs/{run.uuid}/delete/", {"name": str(run.uuid)[:8]}, follow=True)

    assert "was deleted" in text_of(right)
    assert not Run.objects.exists()
    assert not RunFrames.objects.exists()


def test_a_run_under_way_is_not_deleted(client, team, owner):
    run = make_run(team, owner, state=State.RUNNING)

    page = client.post(f"/runs/{run.uuid}/delete/", {"name": str(run.uuid)[:8]}, follow=True)

    assert "Stop it first" in text_of(page)
    assert Run.objects.exists()


def test_a_member_deletes_their_own_runs_only(client_of, team, owner, member):
    own, other = make_run(team, member), make_run(team, owner)

    for run in (own, other):
        client_of(MEMBER).post(f"/runs/{run.uuid}/delete/", {"name": str(run.uuid)[:8]})

    assert list(Run.objects.all()) == [other]


def test_an_admin_makes_the_rule_and_everybody_reads_it(client, client_of, team, owner):
    make_run(team, owner)

    client.post("/history/keeping/", {"what": "figures", "days": "30", "mebibytes": ""})

    for browser in (client, client_of(MEMBER)):
        assert "This team keeps figures only" in text_of(browser.get("/history/"))
        assert "for 30 days" in text_of(browser.get("/history/"))


def test_a_member_makes_no_rule_and_nonsense_is_none(client, client_of, team, owner):
    client_of(MEMBER).post("/history/keeping/", {"what": "figures"})
    client.post("/history/keeping/", {"what": "everything", "days": "0"})
    client.post("/history/keeping/", {"what": "everything", "days": "-3"})

    assert not Keeping.objects.exists()


def test_the_page_of_an_emptied_run_says_why_nothing_is_there(client, team, owner):
    run = make_run(team, owner, minutes_ago=10, frames=spoken("text", "said"))
    Run.objects.update(ended_at=run.started_at)
    Keeping.objects.create(team=team, what=Keeping.What.FIGURES)

    keep_rules()

    page = client.get(f"/runs/{run.uuid}/").content.decode()
    assert "were not kept" in page.partition('<div class="run-answer">')[2].partition("run-side")[0]
    assert not [way for way in ("Open in builder", "Run again", "do=save") if way in page]
    assert client.get(f"/runs/{run.uuid}/request.json").json()["call"]["body_text"] is None
