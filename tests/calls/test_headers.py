"""Headers are sent as given, those of the connection and of the key are ours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.calls import BadCall, with_key
from tests.calls.made import call, refused


def test_headers_are_sent_as_given_without_the_space_around_them():
    assert call(headers={"X-Sandbox-Strict": " 1 ", "x-name": "a\tb"}).headers == (
        ("X-Sandbox-Strict", "1"),
        ("x-name", "a\tb"),
    )


OURS = [
    "Host",
    "content-length",
    "Transfer-Encoding",
    "CONNECTION",
    "Upgrade",
    "TE",
    "Trailer",
    "Keep-Alive",
    "Proxy-Authorization",
    "proxy-anything",
    "Expect",
    "Accept-Encoding",
]


@pytest.mark.parametrize("name", OURS)
def test_headers_of_the_connection_are_refused(name: str):
    assert refused(headers={name: "x"})[:2] == ("header_own", f"headers.{name}")


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key", "x-goog-api-key", "Cookie", "mj-api-secret"])
def test_headers_that_carry_a_key_are_refused(name: str):
    reason, field, message = refused(headers={name: "sk-secret"})

    assert (reason, field) == ("header_key", f"headers.{name}")
    assert "sk-secret" not in message


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_refused_header_is_refused_in_any_case(data: st.DataObject):
    name = data.draw(st.sampled_from([*OURS, "Authorization", "Cookie", "X-Api-Key"]))
    spelled = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in name)

    assert refused(headers={spelled: "x"})[1] == f"headers.{spelled}"


@settings(max_examples=200, deadline=None)
@given(
    st.text(min_size=1).filter(
        lambda name: not all(c in "!#$%&'*+-.^_`|~" or (c.isascii() and c.isalnum()) for c in name)
    )
)
def test_a_name_that_is_no_token_is_refused(name: str):
    assert refused(headers={name: "x"})[:2] == ("header_name", f"headers.{name}")


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["\r", "\n", "\0", "\x1b", "\x7f", "é", "你", "\ud83d", "\u2028"]), st.text())
def test_a_value_no_header_can_carry_is_refused(before: str, bad: str, after: str):
    assert refused(headers={"X-Name": before + bad + after})[:2] == ("header_value", "headers.X-Name")


def test_a_header_given_twice_is_refused():
    assert refused(headers={"X-A": "1", "x-a": "2"})[:2] == ("header_twice", "headers.x-a")


def test_a_header_of_no_reasonable_length_is_refused():
    assert refused(headers={"X-A": "x" * 16_385})[0] == "header_long"


@pytest.mark.parametrize(
    ("id", "headers"),
    [
        ("chat-basic", [("Content-Type", "application/json"), ("Authorization", "Bearer sk-1")]),
        (
            "claude-chat",
            [("Content-Type", "application/json"), ("anthropic-version", "2023-06-01"), ("x-api-key", "sk-1")],
        ),
        ("gemini-chat", [("Content-Type", "application/json"), ("x-goog-api-key", "sk-1")]),
        ("list-models", [("Authorization", "Bearer sk-1")]),
    ],
)
def test_the_key_is_spelled_as_the_dialect_wants_it(id: str, headers: list[tuple[str, str]]):
    assert with_key(call(id), "sk-1") == headers


def test_a_chosen_version_is_kept():
    made = call("claude-chat", headers={"Anthropic-Version": "2024-01-01"})

    assert [value for name, value in with_key(made, "sk-1") if name.lower() == "anthropic-version"] == ["2024-01-01"]


def test_a_key_that_would_break_the_header_is_refused_without_showing_it():
    with pytest.raises(BadCall) as bad:
        with_key(call(), "sk-1\r\nX-Evil: 1")

    assert bad.value.reason == "key_value"
    assert "sk-1" not in bad.value.message
