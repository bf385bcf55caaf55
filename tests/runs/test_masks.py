"""A key's secret never passes, however it is cut."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from playground import frames
from playground.runs.masks import Masker, TextMasker, masked

SECRET = "sk-planted0123456789abcdef"
MASK = masked(SECRET)


def pieces_of(text: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(st.integers(0, 500), max_size=12), st.integers(0, 3))
def test_a_secret_in_raw_bytes_is_masked_wherever_they_are_cut(cuts: list[int], times: int) -> None:
    text = b'{"error":"bad sk-pl key %b sk-"}' * times % ((SECRET.encode(),) * times)
    masker = Masker(SECRET.encode())

    told = b"".join(masker.feed(piece) for piece in pieces_of(text, cuts)) + masker.flush()

    assert told == text.replace(SECRET.encode(), MASK.encode())


@given(st.lists(st.integers(0, 200), max_size=30))
def test_a_secret_spelled_out_over_many_deltas_is_masked(cuts: list[int]) -> None:
    text = f"Your key is {SECRET}, keep it. sk-planted is only a beginning."
    masker = TextMasker(SECRET)
    deltas = [frames.text(piece.decode()) for piece in pieces_of(text.encode(), cuts)]

    told = [frame for delta in deltas for frame in masker.mask([delta])] + masker.rest()

    assert "".join(frame["text"] for frame in told) == text.replace(SECRET, MASK)


def test_texts_of_two_candidates_are_masked_apart() -> None:
    masker = TextMasker(SECRET)

    told = masker.mask([frames.text(SECRET[:12]), frames.text("hello", 1), frames.text(SECRET[12:])]) + masker.rest()

    assert "".join(frame["text"] for frame in told if "index" not in frame) == MASK
    assert "".join(frame["text"] for frame in told if frame.get("index") == 1) == "hello"


def test_other_frames_are_masked_in_every_field() -> None:
    problem = frames.problem("bad_key", "key", f"Incorrect key: {SECRET}", seen={"headers": [SECRET]})

    (told,) = TextMasker(SECRET).mask([problem])

    assert told == problem | {"message": f"Incorrect key: {MASK}", "seen": {"headers": [MASK]}}
