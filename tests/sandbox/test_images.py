"""Pictures: real files of the kind and size that were asked for."""

import io
from base64 import b64decode
from typing import Any

import httpx
import openai
import pytest
from PIL import Image

from .conftest import PNG, leftovers


def opened(data: str | bytes) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(data) if isinstance(data, str) else data))


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "gif"])
def test_a_picture_has_the_kind_and_the_size_that_were_asked_for(gpt: openai.OpenAI, form: Any) -> None:
    answer = gpt.images.generate(model="gpt-image-1:fast", prompt="a hat", size="320x192", output_format=form, n=2)

    assert [(opened(each.b64_json).format, opened(each.b64_json).size) for each in answer.data] == [
        (form.upper(), (320, 192))
    ] * 2
    assert answer.data[0].b64_json != answer.data[1].b64_json
    assert answer.size == "320x192" and answer.usage.total_tokens > 0 and leftovers(answer) == []


def test_dall_e_gives_an_address_that_leads_to_the_picture(gpt: openai.OpenAI) -> None:
    answer = gpt.images.generate(model="dall-e-3:fast", prompt="a hat", size="256x256")

    picture = httpx.get(answer.data[0].url)
    assert answer.data[0].revised_prompt == "a hat"
    assert (picture.headers["content-type"], opened(picture.content).size) == ("image/png", (256, 256))
    assert picture.headers["x-content-type-options"] == "nosniff"


def test_a_transparent_picture_is_transparent(gpt: openai.OpenAI) -> None:
    answer = gpt.images.generate(model="gpt-image-1:fast", prompt="a hat", size="64x64", background="transparent")

    assert opened(answer.data[0].b64_json).getpixel((0, 0))[3] == 0 and answer.background == "transparent"


def test_previews_stream_before_the_picture(gpt: openai.OpenAI) -> None:
    stream = gpt.images.generate(model="gpt-image-1:fast", prompt="a hat", size="64x64", stream=True, partial_images=2)

    events = list(stream)

    assert [event.type for event in events] == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert [event.partial_image_index for event in events[:2]] == [0, 1]
    assert len({event.b64_json for event in events}) == 3
    assert {opened(event.b64_json).size for event in events} == {(64, 64)}
    assert [leftovers(event) for event in events] == [[]] * 3


def test_an_edit_counts_the_pictures_it_was_sent(gpt: openai.OpenAI) -> None:
    picture = ("a.png", b64decode(PNG), "image/png")

    one = gpt.images.edit(model="gpt-image-1:fast", prompt="a hat", image=picture, size="64x64")
    two = gpt.images.edit(model="gpt-image-1:fast", prompt="a hat", image=[picture, picture], size="64x64")

    assert two.usage.input_tokens_details.image_tokens == 2 * one.usage.input_tokens_details.image_tokens > 0


def test_an_edit_streams_its_own_events(gpt: openai.OpenAI) -> None:
    stream = gpt.images.edit(
        model="gpt-image-1:fast",
        prompt="a hat",
        image=("a.png", b64decode(PNG), "image/png"),
        stream=True,
        size="64x64",
    )

    assert [event.type for event in stream] == ["image_edit.completed"]


def test_a_size_that_is_none_is_refused(http: httpx.Client) -> None:
    answer = http.post("/v1/images/generations", json={"model": "gpt-image-1", "prompt": "a", "size": "huge x small"})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "size")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "prompt"),
        ({"prompt": "a", "n": 11}, "n"),
        ({"prompt": "a", "model": "dall-e-3", "n": 2}, "n"),
        ({"prompt": "a", "model": "gpt-image-1", "response_format": "url"}, "response_format"),
        ({"prompt": "a", "model": "dall-e-3", "stream": True}, "stream"),
        ({"prompt": "a", "background": "transparent", "output_format": "jpeg"}, "background"),
    ],
)
def test_strictness_refuses_what_the_vendor_refuses(http: httpx.Client, body: dict[str, Any], param: str) -> None:
    answer = http.post("/v1/images/generations", json=body, headers={"x-sandbox-strict": "1"})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("model", ["dall-e-3:fast", "flux-pro:fast"])
def test_a_picture_in_a_chat_is_a_link_that_works(gpt: openai.OpenAI, model: str) -> None:
    said = gpt.chat.completions.create(model=model, messages=[{"role": "user", "content": "a hat"}])

    address = said.choices[0].message.content.rpartition("![image](")[2].removesuffix(")")
    assert opened(httpx.get(address).content).format == "PNG"
