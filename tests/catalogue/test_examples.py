"""Full-parameter examples made sendable."""

import copy
from typing import Any

import pytest

from playground import catalogue
from playground.catalogue.examples import remove, sendable

FULL = ["full-chat", "full-responses", "full-messages", "full-v1beta"]


def without(path: str, body: dict[str, Any]) -> dict[str, Any]:
    remove(body, path)
    return body


def test_a_field_is_removed_by_its_name():
    assert without("a.b", {"a": {"b": 1, "c": 2}}) == {"a": {"c": 2}}


def test_a_field_is_removed_from_every_element():
    assert without("tools[].x", {"tools": [{"x": 1, "y": 2}, {"y": 3}]}) == {"tools": [{"y": 2}, {"y": 3}]}


def test_elements_are_removed_by_the_value_of_a_field():
    assert without("tools[type=a,b]", {"tools": [{"type": "a"}, {"type": "b"}, {"type": "c"}]}) == {
        "tools": [{"type": "c"}]
    }


def test_elements_are_removed_because_they_have_a_field():
    assert without("tools[search]", {"tools": [{"search": {}}, {"code": {}}]}) == {"tools": [{"code": {}}]}


def test_elements_are_removed_by_their_own_value():
    assert without("include[=a.b]", {"include": ["a.b", "c"]}) == {"include": ["c"]}


@pytest.mark.parametrize("path", ["x", "a.x.y", "a[].x", "a[type=q]"])
def test_a_path_that_names_nothing_changes_nothing(path: str):
    assert without(path, {"a": "text"}) == {"a": "text"}


def test_a_path_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="no such path"):
        remove({}, "a..b")


@pytest.mark.parametrize("id", FULL)
def test_every_removal_of_a_full_example_takes_something_out(id: str):
    row = catalogue.find(id)

    for removal in row.drop_before_sending:
        for path in removal.paths:
            body = without(path, copy.deepcopy(row.example))
            assert body != row.example, path


@pytest.mark.parametrize("id", FULL)
def test_making_an_example_sendable_leaves_the_example_alone(id: str):
    row = catalogue.find(id)
    before = copy.deepcopy(row.example)

    assert sendable(row) != before
    assert row.example == before


def test_contradicting_parameters_are_gone():
    assert {"max_tokens", "functions", "user", "temperature"} & set(sendable(catalogue.find("full-chat"))) == set()
    assert {"responseSchema", "responseJsonSchema"} & set(
        sendable(catalogue.find("full-v1beta"))["generationConfig"]
    ) == set()
    assert [tool["type"] for tool in sendable(catalogue.find("full-responses"))["tools"]] == [
        "function",
        "web_search",
        "code_interpreter",
        "image_generation",
        "custom",
    ]


def test_an_ordinary_example_is_sendable_as_it_stands():
    row = catalogue.find("chat-basic")

    assert sendable(row) == row.example
