"""The history checker finds each kind of fault, and nothing in a clean history."""

import pytest

from playground import frames
from tests.histories import History, faults_in
from tests.people import Seen

RUN = "run"


def seen(*texts: str, first: int = 1, state: str = "succeeded") -> Seen:
    told = [{"seq": seq, "at": 0, **frames.text(text)} for seq, text in enumerate(texts, first)]
    return Seen(RUN, state, told)


def clean() -> History:
    history = History()
    history.asked(RUN)
    history.sent(RUN, "abc")
    history.saw("tab", seen("a", state=""))
    history.saw("tab", seen("b", "c", first=2))
    history.saw("phone", seen("a", "b", "c"))
    history.stored(seen("a", "b", "c"))
    return history


def test_a_clean_history_has_no_faults() -> None:
    assert faults_in(clean(), ("sk-planted",)) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda history: history.sent(RUN, "d"), "the upstream sent 4 characters, 3 are stored"),
        (lambda history: history.asked(RUN), "asked 2 times"),
        (lambda history: history.saw("tab", seen("x", first=5, state="")), "saw frame 5 where 4 was due"),
        (lambda history: history.saw("tab", seen("c", first=3, state="")), "saw frame 3 where 4 was due"),
        (lambda history: history.saw("late", seen("a", "x", state="")), "was shown what is not stored"),
        (lambda history: history.saw("late", seen("a", "b")), "saw the end with another text"),
        (lambda history: history.saw("late", seen("a", "b", "c", state="failed")), "ended as ['failed', 'succeeded']"),
    ],
)
def test_each_fault_is_found(spoil, told) -> None:
    history = clean()

    spoil(history)

    assert any(told in fault for fault in faults_in(history))


def test_a_reload_from_the_beginning_is_no_fault() -> None:
    history = clean()

    history.saw("tab", seen("a", "b", "c"), restarted=True)

    assert faults_in(history) == []


def test_a_planted_secret_is_found() -> None:
    history = clean()
    history.saw("tab", seen("d sk-planted", first=4, state=""))

    assert "a secret was told" in faults_in(history, ("sk-planted",))
