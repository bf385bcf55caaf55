"""What a team keeps: deleting really deletes, rules are kept slice by slice, packing changes nothing that is read."""

import json
import zlib
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from accounts.models import Team, User
from playground.jobs import keeping as keeping_jobs
from playground.jobs.uploads import remove_unused_uploads
from playground.models import Attachment, Incoming, Keeping, Run, RunCall, RunFrames, RunWords, State
from playground.runs.finding import Filters, find
from playground.runs.keeping import NOTHING, delete_runs, keep_rules
from playground.runs.log import MESSAGE_BYTES
from playground.runs.packing import loose_runs, pack
from playground.runs.store import Store, unpacked_lines, unpacked_reads
from playground.runs.wording import make_words
from tests.views.runs_made import make_run, spoken


@pytest.fixture
def person(db):
    return User.objects.create(email="p@example.com", name="P")


@pytest.fixture
def team(person):
    return Team.objects.create(name="Ours")


def ended(team, person, minutes_ago=10.0, **fields):
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    run = make_run(team, person, minutes_ago=minutes_ago, ended_at=moment, frames=spoken("text", "said"), **fields)
    make_words([run.id])
    return run


def test_a_deleted_run_leaves_nothing_and_its_retries_stay(team, person):
    run = ended(team, person)
    retry = ended(team, person, retry_of=run, minutes_ago=5)

    assert delete_runs([run.id]) == 1

    for table in (RunCall, RunFrames, RunWords):
        assert set(table.objects.values_list("run", flat=True)) == {retry.id}
    assert Run.objects.get().retry_of is None


def test_a_run_under_way_is_not_deleted(team, person):
    run = ended(team, person, state=State.RUNNING)

    assert delete_runs([run.id]) == 0
    assert Run.objects.filter(pk=run.pk).exists()


def test_runs_older_than_the_teams_days_go_and_those_of_others_stay(team, person):
    Keeping.objects.create(team=team, days=30)
    other = Team.objects.create(name="Others")
    ended(team, person, minutes_ago=31 * 24 * 60)
    young = ended(team, person, minutes_ago=29 * 24 * 60)
    theirs = ended(other, person, minutes_ago=90 * 24 * 60)

    assert keep_rules() == 1
    assert set(Run.objects.values_list("id", flat=True)) == {young.id, theirs.id}


def test_what_is_over_the_teams_size_goes_oldest_first(team, person):
    Keeping.objects.create(team=team, mebibytes=1)
    runs = [ended(team, person, minutes_ago=age, summary="x" * 200) for age in (30, 20, 10)]
    for run in runs:
        RunCall.objects.filter(run=run).update(body=b"x" * 400_000)

    keep_rules()

    assert set(Run.objects.values_list("id", flat=True)) == {runs[1].id, runs[2].id}


def file_of(team, size, **more):
    incoming = Incoming()
    incoming.write(b"x" * size)
    return incoming.keep(Attachment(team=team, name="a.png", mime="image/png", **more))


def test_files_count_into_the_size_and_go_with_their_runs(team, person):
    Keeping.objects.create(team=team, mebibytes=1)
    runs = [ended(team, person, minutes_ago=age) for age in (40, 30, 20, 10)]
    brought = [file_of(team, 400_000, run=run, kind=Attachment.Kind.RESULT, source="s") for run in runs[:3]]
    sent = file_of(team, 300_000)
    sent.runs.set([runs[0], runs[3]])

    keep_rules()

    assert set(Run.objects.values_list("id", flat=True)) == {runs[2].id, runs[3].id}
    assert set(Attachment.objects.all()) == {brought[2], sent}


def test_where_figures_only_are_kept_no_file_remains(team, person, settings, django_capture_on_commit_callbacks):
    Keeping.objects.create(team=team, what=Keeping.What.FIGURES)
    settings.UPLOAD_UNUSED_HOURS = 0
    run = ended(team, person)
    brought, sent = file_of(team, 9, run=run, kind=Attachment.Kind.RESULT, source="s"), file_of(team, 9)
    sent.runs.add(run)

    with django_capture_on_commit_callbacks(execute=True):
        keep_rules()
        remove_unused_uploads()

    assert not Attachment.objects.exists()
    assert not (brought.path.exists() or sent.path.exists())


def test_where_figures_only_are_kept_no_text_remains_a_minute_after_the_end(team, person):
    Keeping.objects.create(team=team, what=Keeping.What.FIGURES)
    run, fresh = ended(team, person, summary="secret"), ended(team, person, minutes_ago=0.2, summary="fresh")

    assert keep_rules() == 1

    run.refresh_from_db()
    assert (run.summary, run.last_seq, run.is_emptied, run.total_ms) == ("", 0, True, 7420)
    call = RunCall.objects.get(run=run)
    assert (call.body, bytes(call.given), bytes(call.sent)) == (None, NOTHING, NOTHING)
    assert set(RunFrames.objects.values_list("run", flat=True)) == {fresh.id}
    assert find(team, Filters(q="secret")).rows == []
    assert len(find(team, Filters(operation="chat-stream", model="gpt-5.1")).rows) == 2


def test_a_team_without_a_rule_keeps_everything(team, person):
    ended(team, person, minutes_ago=900 * 24 * 60)

    assert keep_rules() == 0
    assert Run.objects.count() == 1


def test_packing_makes_one_row_and_changes_nothing_that_is_read(team, person):
    run = ended(team, person, minutes_ago=120)
    RunFrames.objects.all().delete()
    lines = [json.dumps({"seq": seq, "at": seq, "kind": "text", "text": "a"}).encode() for seq in range(1, 8)]
    plain = b"1 3\nabc"
    RunFrames.objects.create(run=run, first=1, last=4, frames=b"\n".join(lines[:4]), events=zlib.compress(plain))
    later = zlib.compressobj(1, zdict=plain)
    RunFrames.objects.create(
        run=run, first=5, last=7, frames=b"\n".join(lines[4:]), events=later.compress(b"2 2\nde") + later.flush()
    )

    assert [pack(run) for run in loose_runs(200)] == [True]

    row = RunFrames.objects.get()
    assert (row.first, row.last, row.packed) == (1, 7, True)
    assert unpacked_lines(bytes(row.frames), row.packed, 0) == lines
    assert unpacked_reads([bytes(row.events)]) == [(1, b"abc"), (2, b"de")]
    assert not pack(run.id)
    assert loose_runs(200) == []


async def test_a_long_run_becomes_rows_of_one_message_each(transactional_db):
    """A reader unpacks a row for each message: one row of many megabytes would hold up the loop each time."""
    run = await database_sync_to_async(_long_loose_run)()
    lines = [
        line async for row in RunFrames.objects.filter(run=run).order_by("last") for line in row.frames.split(b"\n")
    ]

    assert await database_sync_to_async(pack)(run)

    rows = [(row.first, row.last) async for row in RunFrames.objects.filter(run=run).order_by("last")]
    assert len(rows) == 4
    assert [first for first, _ in rows] == [1, *(last + 1 for _, last in rows[:-1])]
    store = Store()
    await store.open()
    try:
        position, told = 0, []
        for _ in rows:
            after, found = await store.lines_after(run, position)
            assert after == position + 1
            assert len(b"".join(found)) <= MESSAGE_BYTES
            told, position = told + found, position + len(found)
        assert told == lines
        assert (await store.lines_after(run, 2))[1][0] == lines[2]
        assert (await store.lines_after(run, len(lines)))[1] == []
    finally:
        await store.close()


def _long_loose_run() -> int:
    person = User.objects.create(email="long@example.com", name="L")
    team = Team.objects.create(name="Long")
    run = ended(team, person, minutes_ago=120)
    RunFrames.objects.filter(run=run).delete()
    lines = [json.dumps({"seq": seq, "kind": "text", "text": "a" * 1000}).encode() for seq in range(1, 421)]
    for at in range(0, len(lines), 20):
        RunFrames.objects.create(run=run, first=at + 1, last=at + 20, frames=b"\n".join(lines[at : at + 20]))
    return run.id


async def test_the_job_packs_all_that_have_come_to_rest_slice_by_slice(transactional_db, monkeypatch):
    monkeypatch.setattr(keeping_jobs, "AT_ONCE", 2)
    runs = await database_sync_to_async(_five_loose_runs)()

    await keeping_jobs.pack_runs(timestamp=0)

    packed = RunFrames.objects.filter(run__in=runs, packed=True)
    assert await packed.acount() == len(runs) == 5


def _five_loose_runs() -> list[int]:
    person = User.objects.create(email="five@example.com", name="F")
    team = Team.objects.create(name="Five")
    return [ended(team, person, minutes_ago=120 + number).id for number in range(5)]
