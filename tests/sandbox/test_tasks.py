"""Films and Midjourney: tasks that move over time, though nothing is kept of them."""

import io
import time
from typing import Any

import av
import httpx
import openai
import pytest
from PIL import Image

from playground.sandbox import tickets
from playground.sandbox.midjourney import task as midjourney

from .conftest import PNG, leftovers

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

IMAGINE = "/mj/submit/imagine"


class Clock:
    """The time as the sandbox, which runs in this process, sees it: it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(tickets, "time", clock := Clock())
    return clock


def test_a_film_waits_then_grows_then_is_done(gpt: openai.OpenAI, clock: Clock) -> None:
    begun = gpt.videos.create(model="sora-2", prompt="a hat", seconds="8", size="1280x720")
    clock.now += 4
    grown = gpt.videos.retrieve(begun.id)
    clock.now += 6
    done = gpt.videos.retrieve(begun.id)

    assert [(v.status, v.progress > 0) for v in (begun, grown, done)] == [
        ("queued", False),
        ("in_progress", True),
        ("completed", True),
    ]
    assert (done.id, done.model, done.seconds, done.size, done.progress) == (begun.id, "sora-2", "8", "1280x720", 100)
    assert done.completed_at >= done.created_at and [leftovers(v) for v in (begun, grown, done)] == [[], [], []]


def test_the_film_is_one_of_the_size_and_length_that_were_asked_for(gpt: openai.OpenAI) -> None:
    begun = gpt.videos.create(model="sora-2:fast", prompt="a hat", seconds="4", size="320x180")

    data = gpt.videos.download_content(begun.id).content

    with av.open(io.BytesIO(data)) as film:
        video = film.streams.video[0]
        assert (film.format.name, video.width, video.height, round(film.duration / av.time_base)) == (
            "mov,mp4,m4a,3gp,3g2,mj2",
            320,
            180,
            4,
        )


def test_parts_of_a_film_can_be_had(http: httpx.Client) -> None:
    id = http.post("/v1/videos", json={"model": "sora-2:fast", "prompt": "a", "size": "64x64"}).json()["id"]
    path = f"/v1/videos/{id}/content"
    whole = http.get(path).content

    part = http.get(path, headers={"range": "bytes=100-199"})
    last = http.get(path, headers={"range": "bytes=-50"})
    beyond = http.get(path, headers={"range": f"bytes={len(whole)}-"})

    assert (part.status_code, part.headers["content-range"], part.content) == (
        206,
        f"bytes 100-199/{len(whole)}",
        whole[100:200],
    )
    assert last.content == whole[-50:] and beyond.status_code == 416


@pytest.mark.parametrize(("variant", "form"), [("thumbnail", "WEBP"), ("spritesheet", "JPEG")])
def test_a_film_has_stills(http: httpx.Client, variant: str, form: str) -> None:
    answer = http.get("/v1/videos/video_123/content", params={"variant": variant})

    assert Image.open(io.BytesIO(answer.content)).format == form


def test_a_film_that_is_not_done_has_no_content(http: httpx.Client) -> None:
    id = http.post("/v1/videos", json={"model": "sora-2:slow", "prompt": "a"}).json()["id"]

    answer = http.get(f"/v1/videos/{id}/content")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Task is not completed yet, current status: queued"


def test_a_film_from_a_form_with_its_first_picture(http: httpx.Client) -> None:
    files = {"input_reference": ("a.png", PNG.encode(), "image/png")}

    answer = http.post("/v1/videos", data={"model": "sora-2:fast", "prompt": "a", "seconds": "12"}, files=files)

    assert (answer.json()["status"], answer.json()["seconds"]) == ("completed", "12")


def test_a_film_may_fail(gpt: openai.OpenAI) -> None:
    video = gpt.videos.create(model="sora-2-fails:fast", prompt="a hat")

    assert (video.status, video.error.code) == ("failed", "moderation_blocked")


def test_an_id_that_was_never_given_out_is_a_finished_film(gpt: openai.OpenAI) -> None:
    assert gpt.videos.retrieve("video_123").status == "completed"


def test_a_film_is_made_from_another(gpt: openai.OpenAI) -> None:
    source = gpt.videos.create(model="sora-2:fast", prompt="a hat", size="320x180")

    remixed = gpt.videos.remix(source.id, prompt="a red hat")

    assert (remixed.remixed_from_video_id, remixed.size, remixed.model) == (source.id, "320x180", "sora-2:fast")
    assert gpt.videos.retrieve(remixed.id).remixed_from_video_id == source.id


def test_the_older_route_tells_where_the_film_is(http: httpx.Client) -> None:
    submitted = http.post(
        "/v1/video/generations", json={"model": "kling:fast", "prompt": "a", "width": 64, "height": 64}
    )
    told = http.get(f"/v1/video/generations/{submitted.json()['task_id']}").json()

    assert submitted.json().keys() == {"task_id", "status"} and told["status"] == "completed"
    assert httpx.get(told["url"]).headers["content-type"] == "video/mp4"


def submitted(http: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = http.post(path, json=body).json()
    assert answer.keys() == {"code", "description", "result", "properties"}
    return answer


def fetched(http: httpx.Client, id: str) -> dict[str, Any]:
    return http.get(f"/mj/task/{id}/fetch").json()


def test_a_picture_is_submitted_then_in_progress_then_there(http: httpx.Client, clock: Clock) -> None:
    id = submitted(http, IMAGINE, {"prompt": "a cat --ar 16:9", "state": "mine"})["result"]
    first = fetched(http, id)
    clock.now += 4
    second = fetched(http, id)
    clock.now += 6
    third = fetched(http, id)

    assert [task["status"] for task in (first, second, third)] == ["SUBMITTED", "IN_PROGRESS", "SUCCESS"]
    assert [task["progress"] for task in (first, second, third)] == ["0%", "40%", "100%"]
    assert (third["prompt"], third["state"], third["action"]) == ("a cat --ar 16:9", "mine", "IMAGINE")
    assert [button["label"] for button in third["buttons"]] == ["U1", "U2", "U3", "U4", "", "V1", "V2", "V3", "V4"]
    assert first["buttons"] == [] and first["imageUrl"] == ""
    with Image.open(io.BytesIO(httpx.get(third["imageUrl"]).content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1024, 576))


def test_every_button_under_a_picture_starts_what_it_says(http: httpx.Client) -> None:
    id = submitted(http, IMAGINE, {"prompt": "a cat --turbo"})["result"]
    pressed = {
        button["label"] or button["emoji"]: submitted(
            http, "/mj/submit/action", {"taskId": id, "customId": button["customId"]}
        )
        for button in fetched(http, id)["buttons"]
    }

    actions = {label: fetched(http, answer["result"])["action"] for label, answer in pressed.items()}

    assert actions == {
        **dict.fromkeys(("U1", "U2", "U3", "U4"), "UPSCALE"),
        **dict.fromkeys(("V1", "V2", "V3", "V4"), "VARIATION"),
        "🔄": "REROLL",
    }


def test_a_region_is_varied_after_a_window_was_answered(http: httpx.Client) -> None:
    one = submitted(http, "/mj/submit/change", {"taskId": "1320098173412546", "action": "UPSCALE", "index": 1})
    source = midjourney.begun("00" * 8, "UPSCALE", "a cat --turbo").id
    region = next(b for b in fetched(http, source)["buttons"] if b["label"] == "Vary (Region)")

    opened = submitted(http, "/mj/submit/action", {"taskId": source, "customId": region["customId"]})
    waiting = fetched(http, opened["result"])
    answered = submitted(http, "/mj/submit/modal", {"taskId": opened["result"], "prompt": "a hat --turbo"})

    assert (one["code"], opened["code"], waiting["status"]) == (1, 21, "MODAL")
    assert fetched(http, answered["result"])["action"] == "INPAINT"


def test_a_described_picture_gives_four_prompts(http: httpx.Client) -> None:
    id = submitted(http, "/mj/submit/describe", {"base64": f"data:image/png;base64,{PNG}"})["result"]
    task = midjourney.begun("00" * 8, "DESCRIBE", "a square --turbo")

    assert fetched(http, id)["prompt"].startswith("image (image/png, 16 × 16")
    assert fetched(http, task.id)["properties"]["finalPrompt"].count("a square") == 4


@pytest.mark.parametrize(
    ("prompt", "code", "word"), [("a nude", 24, "nude"), ("", 4, None)], ids=["a banned word", "nothing"]
)
def test_a_prompt_may_be_refused(http: httpx.Client, prompt: str, code: int, word: str | None) -> None:
    answer = http.post(IMAGINE, json={"prompt": prompt})

    assert answer.json()["code"] == code
    assert answer.json().get("properties", {}).get("bannedWord") == word


def test_a_task_may_fail(http: httpx.Client) -> None:
    id = submitted(http, IMAGINE, {"prompt": "a cat --turbo --fail"})["result"]

    assert fetched(http, id)["status"] == "FAILURE" and fetched(http, id)["failReason"]


def test_several_tasks_are_asked_for_at_once(http: httpx.Client) -> None:
    told = http.post("/mj/task/list-by-condition", json={"ids": ["1320098173412546", "1320098173412547"]}).json()

    assert [(task["id"], task["status"]) for task in told] == [
        ("1320098173412546", "SUCCESS"),
        ("1320098173412547", "SUCCESS"),
    ]


def test_a_picture_has_a_seed_and_a_speed_before_the_path_changes_nothing(http: httpx.Client) -> None:
    plain = http.get("/mj/task/1320098173412546/image-seed").json()
    fast = http.get("/mj-fast/mj/task/1320098173412546/image-seed").json()

    assert plain == fast and plain["result"].isdigit()
