"""What a problem frame says: whose fault, what to do, how long to wait; and how answers end that do not end well."""

from datetime import UTC, datetime
from pathlib import Path

import polib
import pytest

from playground import frames
from playground.dialects import PROBLEMS, open_decoder
from playground.dialects.envelope import Envelope
from playground.frames import FAULTS, Frame

from .recordings import EVENT_STREAM, JSON, body, events
from .recordings.chat.pieces import DONE, STOP, said

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
ACTIONS = {"retry", "wait", "choose_key", "choose_model", "edit_field", "check_gateway", "contact_admin"}
CHINESE = Path(__file__).parents[2] / "locale/parts/dialects.po"


def problem_of(
    value: object, status: int, headers: dict[str, str] | None = None, dialect: str = "openai-chat"
) -> Frame:
    decoder = open_decoder(dialect, status, JSON, headers=headers, now=NOW)
    (told,) = [*decoder.decode(body(value)), *decoder.flush()]
    return told


def test_every_code_has_a_fault_a_sentence_and_a_way_on() -> None:
    for problem in PROBLEMS.values():
        assert problem.fault in FAULTS
        assert problem.sentence.endswith(".")
        assert problem.actions
        assert set(problem.actions) <= ACTIONS


def test_every_sentence_is_written_in_chinese() -> None:
    written = {entry.msgid for entry in polib.pofile(str(CHINESE)) if entry.msgstr}

    assert {problem.sentence for problem in PROBLEMS.values()} == written


def test_a_refused_request_names_its_field_and_request() -> None:
    value = {
        "error": {
            "message": "Unknown parameter: 'x'.",
            "type": "invalid_request_error",
            "param": "x",
            "code": "unknown_parameter",
        }
    }

    assert problem_of(value, 400, {"X-Oneapi-Request-Id": "2026"}) == {
        "kind": "problem",
        "code": "bad_request",
        "fault": "person",
        "message": "Unknown parameter: 'x'.",
        "retry": False,
        "retry_after_ms": None,
        "remedies": [{"action": "edit_field", "field": "x"}],
        "status": 400,
        "request_id": "2026",
        "upstream_code": "unknown_parameter",
    }


def test_a_request_to_slow_down_says_how_long() -> None:
    told = problem_of({"error": {"message": "slow", "code": "rate_limit_exceeded"}}, 429, {"Retry-After": "7"})

    assert (told["retry"], told["retry_after_ms"]) == (True, 7000)
    assert told["remedies"] == [{"action": "wait", "ms": 7000}, {"action": "retry"}]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7000),
        ({"retry-after": "0.5"}, 500),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "99999999999"}, 7 * 24 * 3600 * 1000),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
        ({"retry-after-ms": "250", "retry-after": "7"}, 250),
        ({"retry-after-ms": "x", "retry-after": "7"}, 7000),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, 30_000),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 18:00:30 +0800"}, 30_000),
        ({"retry-after": "Sun, 99 Nov 2026 10:00:30 GMT"}, None),
    ],
)
def test_f12_waiting_times_are_read_in_every_spelling(headers: dict[str, str], wait: int | None) -> None:
    assert Envelope(429, headers=headers, now=NOW).retry_after_ms == wait


def test_f12_a_date_is_measured_by_the_answers_own_clock_where_there_is_no_other() -> None:
    headers = {"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:10 GMT"}

    assert Envelope(429, headers=headers).retry_after_ms == 20_000
    assert Envelope(429, headers={"retry-after": headers["retry-after"]}).retry_after_ms is None


def test_gemini_says_in_the_body_how_long_to_wait() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"}]
    value = {"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED", "details": details}}

    assert problem_of(value, 429, dialect="gemini")["retry_after_ms"] == 1500


@pytest.mark.parametrize(("said", "retry"), [("true", True), ("false", False)])
def test_the_upstream_decides_whether_to_try_again(said: str, retry: bool) -> None:
    assert problem_of({"error": {"message": "x"}}, 500, {"x-should-retry": said})["retry"] is retry


def test_an_empty_refusal_is_told_in_our_words() -> None:
    assert problem_of({"error": {}}, 403)["message"] == PROBLEMS["forbidden"].sentence


def test_f17_a_redirect_names_its_host_and_is_never_followed() -> None:
    told = problem_of({}, 302, {"Location": "http://127.0.0.1:9/secret?token=1"})

    assert (told["code"], told["host"]) == ("redirect", "127.0.0.1")
    assert told["message"] == "The gateway answered with a redirect to 127.0.0.1, and redirects are never followed."


def test_f11_a_web_page_is_told_by_its_title_and_may_be_tried_again_if_the_proxy_failed() -> None:
    page = b"<html><head><title>502 Bad &amp; gone</title></head></html>"
    failed, login = open_decoder("openai-chat", 502, "text/html"), open_decoder("openai-chat", 200, "text/html")

    (of_proxy,) = [*failed.decode(page), *failed.flush()]
    (of_login,) = [*login.decode(page), *login.flush()]

    assert (of_proxy["code"], of_proxy["title"], of_proxy["retry"]) == ("html", "502 Bad & gone", True)
    assert (of_login["code"], of_login["retry"], login.outcome) == ("html", False, "failed")


def test_an_endless_error_body_is_told_from_its_beginning() -> None:
    decoder = open_decoder("openai-chat", 500, "text/plain")
    for _ in range(50):
        assert decoder.decode(b"oh no " * 20_000) == []

    (told,) = decoder.flush()

    assert told["code"] == "server_error"
    assert len(told["message"]) <= 4000


def test_f14_an_event_over_the_limit_ends_the_answer_at_once_and_keeps_what_came() -> None:
    decoder = open_decoder("openai-chat", 200, EVENT_STREAM, event_limit=1000)

    told = decoder.decode(events(said("Once"), said("x" * 2000), said("never"), STOP, DONE))

    assert [frame["kind"] for frame in told] == ["text", "problem"]
    assert (told[1]["code"], told[1]["fault"], told[1]["limit"], told[1]["limit_bytes"]) == (
        "over_limit",
        "us",
        "event",
        1000,
    )
    assert decoder.outcome == "cut_short"
    assert decoder.decode(events(said("never"))) + decoder.flush() == []


def test_f14_a_whole_answer_over_the_limit_is_cut_short() -> None:
    decoder = open_decoder("openai-chat", 200, JSON, body_limit=1000)

    (told,) = [frame for _ in range(20) for frame in decoder.decode(b'{"choices": [' + b" " * 100)]

    assert (told["code"], told["limit"], decoder.outcome) == ("over_limit", "body", "cut_short")


def test_f14_sound_over_the_limit_is_not_kept_but_named() -> None:
    decoder = open_decoder("openai-audio", 200, "audio/mpeg", event_limit=10)

    assert decoder.decode(b"ID3" + bytes(20)) == []
    sound, told = decoder.flush()

    assert sound == {**frames.media("audio/mpeg"), "size": 23}
    assert (told["code"], decoder.outcome) == ("over_limit", "cut_short")


def aborted(dialect: str, body: bytes, content_type: str = EVENT_STREAM) -> tuple[list[Frame], str | None]:
    decoder = open_decoder(dialect, 200, content_type)
    return [*decoder.decode(body), *decoder.abort()], decoder.outcome


def test_f08_a_body_that_broke_gives_what_was_pending_and_no_problem() -> None:
    assert aborted("openai-chat", events(said("Once <"), said("upon"))) == (
        [frames.text("Once <"), frames.text("upon")],
        "cut_short",
    )
    assert aborted("openai-chat", events(said("<think>so </th"))) == (
        [frames.reasoning("so "), frames.reasoning("</th")],
        "cut_short",
    )
    assert aborted("openai-chat", events(said("Once")).rstrip()) == ([frames.text("Once")], "cut_short")
    assert aborted("openai-chat", events(said("Once"), said("upon"))[:-20]) == ([frames.text("Once")], "cut_short")


def test_f08_half_an_event_is_no_broken_event() -> None:
    decoder = open_decoder("openai-chat", 200, EVENT_STREAM)
    decoder.decode(events(said("Once"), "{bad", said("upon"))[:-20])

    decoder.abort()

    assert decoder.unreadable == 1


def test_f09_an_end_mark_makes_a_broken_body_whole() -> None:
    assert aborted("openai-chat", events(said("Once"), STOP))[1] == "succeeded"
    assert aborted("openai-chat", b"")[1] == "cut_short"


def test_f15_bad_utf8_is_counted_and_the_text_goes_on() -> None:
    decoder = open_decoder("openai-chat", 200, EVENT_STREAM)

    told = decoder.decode(b'data: {"choices":[{"delta":{"content":"a\xff"}}]}\n\n' + events(said("b"), STOP))

    assert told == [frames.text("a\ufffd"), frames.text("b")]
    assert (decoder.undecodable, decoder.unreadable) == (1, 0)


def test_f15_values_nested_without_end_are_unreadable() -> None:
    for depth in (300, 1000, 5000, 100_000):
        decoder = open_decoder("models", 200, JSON)
        decoder.decode(b'[{"a":' * depth + b"1" + b"}]" * depth)

        assert [frame["code"] for frame in decoder.flush()] == ["unreadable"]


def test_deep_but_sane_values_are_read() -> None:
    decoder = open_decoder("models", 200, JSON)
    decoder.decode(b"[" * 150 + b"]" * 150)

    assert [frame["kind"] for frame in decoder.flush()] == ["json"]


def test_a_refused_body_that_broke_is_still_refused() -> None:
    decoder = open_decoder("openai-chat", 401, JSON)
    decoder.decode(b'{"error": {"mess')

    assert [frame["code"] for frame in decoder.abort()] == ["bad_key"]
    assert decoder.outcome == "failed"
