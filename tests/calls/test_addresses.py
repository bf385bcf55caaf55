"""Path and query: what goes into an address, and what never does."""

from typing import Any

import pytest

from playground.calls import BadCall
from playground.calls.bad_call import SENTENCES
from tests.calls.made import call, refused


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-2.5-flash:fast", "gemini-2.5-flash:fast:generateContent"),
        ("gemini-2.5-flash:fast:fault-reset", "gemini-2.5-flash:fast:fault-reset:generateContent"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash:generateContent"),
        ("模型 1%2F", "%E6%A8%A1%E5%9E%8B%201%252F:generateContent"),
    ],
)
def test_a_path_value_is_percent_encoded_but_keeps_its_colons(model: str, path: str):
    assert call("gemini-chat", path={"model": model}).path == f"/v1beta/models/{path}"


def test_the_model_is_read_from_the_body_or_the_path():
    assert [call("chat-basic").model, call("gemini-chat").model, call("token-balance").model] == [
        "gpt-4.1-mini",
        "gemini-2.5-flash",
        "",
    ]


@pytest.mark.parametrize("value", [None, "", "."])
def test_a_path_without_its_value_is_refused(value: Any):
    assert refused("video-status", path={"video_id": value}) == (
        "path_missing",
        "path.video_id",
        "The path needs a value for video_id. Fill it in.",
    )


@pytest.mark.parametrize(
    "value", ["a/b", "..", "../api", "a\\b", "a?b", "a#b", "a\nb", "a\0", "a\x7f", "a\x85b", "models/"]
)
def test_a_path_value_that_would_lead_elsewhere_is_refused(value: str):
    assert refused("video-status", path={"video_id": value})[:2] == ("path_value", "path.video_id")


def test_a_path_value_without_a_place_is_refused():
    assert refused("chat-basic", path={"model": "m"})[:2] == ("path_unknown", "path.model")


def test_query_values_become_text_pairs():
    made = call("list-models-gemini", query={"pageSize": 10, "tags": ["a", "b c"], "deep": True})

    assert made.query == (("pageSize", "10"), ("tags", "a"), ("tags", "b c"), ("deep", "true"))


def test_the_query_of_the_document_gives_way_to_ones_own():
    assert call("gemini-stream").query == (("alt", "sse"),)
    assert call("gemini-stream", query={"alt": "json"}).query == (("alt", "json"),)


@pytest.mark.parametrize("name", ["key", "KEY", "api_key", "access_token"])
def test_a_key_never_stands_in_the_address(name: str):
    assert refused("list-models-gemini", query={name: "sk-secret"})[:2] == ("query_key", f"query.{name}")


@pytest.mark.parametrize("part", ["path", "query", "headers"])
def test_parts_of_the_wrong_shape_are_refused(part: str):
    assert refused("video-status", **{part: ["x"]}) == ("wrong_shape", part, f"{part} must be an object.")


def test_a_query_value_of_the_wrong_shape_is_refused():
    assert refused("list-models", query={"a": {"b": 1}})[:2] == ("wrong_shape", "query.a")


def test_a_refusal_is_told_in_the_readers_language():
    chinese = {SENTENCES["path_missing"]: "路径缺少 {name} 的值。"}

    with pytest.raises(BadCall) as bad:
        call("video-status", path={})

    assert bad.value.told(lambda text: chinese[text]) == "路径缺少 video_id 的值。"
