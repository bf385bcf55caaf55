"""What a gateway goes on working on is followed to its end, by the site, whoever looks on."""

import asyncio
import io
import json
import time
from typing import Any

import av
import pytest
from PIL import Image

from accounts.models import Key
from playground import tasks
from playground.models import Attachment, Run, Task
from tests.people import start, watch_until_end
from tests.tasks.following import IMAGINE, VIDEO, follow, submitted, watched

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


def answers(**by_path: list[Any]) -> Any:
    """A gateway that answers each path by its list in turn, the last one for ever; bytes are sent as they are."""
    turns = {name: iter(values) for name, values in by_path.items()}
    last: dict[str, Any] = {}

    async def script(request: Any, writer: asyncio.StreamWriter) -> None:
        name = "submit" if request.method == "POST" else "content" if request.path.endswith("/content") else "status"
        last[name] = next(turns[name], last.get(name))
        said = last[name]
        writer.write(said if isinstance(said, bytes) else JSON + json.dumps(said).encode())
        await writer.drain()

    return script


def video(status: str, progress: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": "video_1", "object": "video", "status": status, "progress": progress, **more}


FILM = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nConnection: close\r\n\r\n\0\0\0\x20ftypisom" + b"x" * 5000


def test_a_film_is_fetched_and_kept_when_it_is_done(owner):
    told = submitted(owner, "video-create", VIDEO)

    [result] = told.task["results"]
    film = owner.http.get(result["url"])
    assert (told.state, told.task["state"], result["mime"], result["name"]) == (
        "succeeded",
        "succeeded",
        "video/mp4",
        "video.mp4",
    )
    with av.open(io.BytesIO(film.content)) as opened:
        assert opened.streams.video[0].width == 64 and len(film.content) == result["size"]


def test_a_picture_comes_with_its_buttons(owner):
    told = submitted(owner, "mj-imagine", IMAGINE)

    [result] = told.task["results"]
    assert [button["label"] for button in told.task["buttons"]][:4] == ["U1", "U2", "U3", "U4"]
    assert Image.open(io.BytesIO(owner.http.get(result["url"]).content)).size == (1024, 1024)


def test_a_described_picture_brings_text(owner):
    call = {"body": {"base64": "data:image/png;base64,iVBORw0KGgo=", "botType": "MID_JOURNEY"}}
    told = submitted(owner, "mj-describe", call)

    assert told.task["text"].count("image/png") == 4 and told.task["results"] == []


def test_progress_is_told_to_everybody_who_watches_after_the_run_has_ended(owner, member, gateway):
    there = gateway(
        answers(
            submit=[video("queued")],
            status=[video("in_progress", 30), video("in_progress", 60), video("completed", 100)],
            content=[FILM],
        )
    )
    with member.socket() as socket, owner.socket() as mine:
        run = start(mine, "video-create", VIDEO)
        mine_told = follow(mine, run)
        again = watched(member, run)
        del socket

    seen = [(task["state"], task["progress"]) for task in mine_told.tasks if not task["over"]]
    assert seen[-3:] == [("running", "30"), ("running", "60"), ("succeeded", "100")]
    assert again.tasks == [mine_told.task]
    assert [request.method for request in there.requests] == ["POST", "GET", "GET", "GET", "GET"]


def test_polls_are_no_runs_and_each_submit_makes_one_task(owner):
    told = submitted(owner, "video-create", VIDEO)
    run = Run.objects.get()

    assert tasks.begin_of([run.id]) == tasks.begin_missed() == 0
    assert Task.objects.count() == 1 and str(run.uuid) == told.run


def test_a_start_that_is_said_twice_submits_once(owner, gateway):
    there = gateway(answers(submit=[video("queued")], status=[video("completed")], content=[FILM]))
    told = submitted(owner, "video-create", VIDEO)
    with owner.socket() as socket:
        start(socket, "video-create", VIDEO, run=told.run)
        again = follow(socket, told.run)

    assert again.task == told.task
    assert [request.path for request in there.requests if request.method == "POST"] == ["/v1/videos"]


def test_asking_for_a_task_by_hand_makes_none(owner):
    seen = owner.run("mj-fetch", {"path": {"id": "1320098173412546"}})

    assert seen.state == "succeeded" and not Task.objects.exists()


def test_a_task_of_a_run_whose_process_died_before_it_was_made_is_made_later(owner, settings, monkeypatch):
    monkeypatch.setattr(tasks, "begin_of", lambda runs: 0)
    with owner.socket() as socket:
        run = start(socket, "video-create", VIDEO)
        watch_until_end(socket, run)
    monkeypatch.undo()
    settings.TASK_POLL_SECONDS, settings.TASK_LOOK_SECONDS = 0.2, 0.1

    assert not Task.objects.exists()
    assert tasks.begin_missed() == 1
    assert watched(owner, run).task["results"]


def test_a_gateway_that_is_away_for_a_while_is_asked_again(owner, gateway):
    away = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>502</html>"
    gateway(answers(submit=[video("queued")], status=[away, away, video("completed")], content=[away, FILM]))

    told = submitted(owner, "video-create", VIDEO)

    assert told.task["state"] == "succeeded" and told.task["error"] == "" and len(told.task["results"]) == 1
    assert any("502" in task["error"] or "HTML" in task["error"] for task in told.tasks)


def test_a_task_that_failed_says_why(owner):
    call = {"body": {**VIDEO["body"], "model": "sora-2-fails:fast"}}
    told = submitted(owner, "video-create", call)

    assert (told.task["state"], told.task["error"]) == ("failed", "The film was asked to fail, so it failed.")


def test_an_open_window_waits_for_a_person(owner):
    upscaled = {"taskId": "1320098173412546", "customId": "MJ::CustomZoom::ab"}
    told = submitted(owner, "mj-action", {"body": upscaled}, until=lambda told: told.task.get("state") == "waiting")

    assert Task.objects.get().next_at is None and not told.task["over"]


def test_a_key_that_was_switched_off_is_not_used(owner, gateway):
    there = gateway(answers(submit=[video("queued")], status=[video("in_progress")], content=[FILM]))
    with owner.socket() as socket:
        run = start(socket, "video-create", VIDEO)
        follow(socket, run, until=lambda told: told.task.get("raw_state") == "in_progress")
        for key in Key.objects.all():
            key.switch_off()
        told = follow(socket, run, until=lambda told: "key" in told.task.get("error", ""))
        asked = len(there.requests)
        time.sleep(1)

    assert told.task["state"] == "running" and len(there.requests) == asked


def test_a_result_inside_our_network_is_not_fetched(owner, gateway):
    task = {"id": "1", "status": "SUCCESS", "progress": "100%", "imageUrl": "http://127.0.0.1:1/inside.png"}
    gateway(answers(submit=[{"code": 1, "result": "1", "description": ""}], status=[task], content=[]))

    told = submitted(owner, "mj-imagine", IMAGINE, until=lambda told: bool(told.task.get("error")))

    assert "inside this server's network" in told.task["error"] and not Attachment.objects.exists()


def test_a_key_repeated_in_an_answer_is_masked(owner, gateway):
    secret = Key.objects.filter(team__memberships__user__email="owner@example.com").first().secret.reveal()
    gateway(
        answers(submit=[video("queued")], status=[video("failed", error={"message": f"bad key {secret}"})], content=[])
    )

    told = submitted(owner, "video-create", VIDEO)

    assert told.task["error"] == "bad key sk-…"


@pytest.mark.parametrize("nasty", ["nul \0 in it", "half \ud83d of a pair"])
def test_nasty_text_is_kept_as_far_as_it_can_be(owner, gateway, nasty):
    gateway(answers(submit=[video("queued")], status=[video("failed", error={"message": nasty})], content=[]))

    told = submitted(owner, "video-create", VIDEO)

    assert told.task["error"].replace(" ", "").startswith(("nul", "half"))


def test_two_processes_never_ask_for_the_same_task_at_once(owner, settings):
    with owner.socket() as socket:
        run = start(socket, "video-create", {"body": {**VIDEO["body"], "model": "sora-2:slow"}})
        follow(socket, run, until=lambda told: bool(told.tasks))
    Task.objects.update(next_at="2020-01-01T00:00Z")

    first = Task.objects.take_due(10, lease=60)
    second = Task.objects.take_due(10, lease=60)

    assert len(first) <= 1 and second == []


def test_an_answer_that_comes_too_late_changes_nothing(owner):
    told = submitted(owner, "video-create", VIDEO)
    task = Task.objects.get()
    Task.objects.update(takings=task.takings + 1)

    assert not task.keep(state=Task.State.FAILED)
    assert watched(owner, told.run).task["state"] == "succeeded"
