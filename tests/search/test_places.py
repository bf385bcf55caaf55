"""Words are found at the edges of words, whatever alphabet stands beside them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.search.asked import asked
from playground.search.places import parted
from playground.search.words import LETTER, UNSPACED

TEXTS = st.text("abAé_- .用查\n", max_size=24)
WORDS = st.text("abé", min_size=1, max_size=3)
BETWEEN = rf"(?:(?!{LETTER}|[{UNSPACED}])[\s\S]){{0,8}}"


def _word(word):
    return rf"(?<!{LETTER}){re.escape(word)}(?!{LETTER})"


def _spans(pattern, text):
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


@given(TEXTS, WORDS)
def test_a_word_stands_where_no_letter_stands_beside_it(text, word):
    (term,) = asked(word).terms

    assert list(term.look.places(text)) == _spans(_word(word), text)


@given(TEXTS, WORDS, WORDS)
def test_quoted_words_stand_next_to_each_other(text, one, other):
    (term,) = asked(f'"{one} {other}"').terms

    assert list(term.look.places(text)) == _spans(_word(one) + BETWEEN + _word(other), text)


@given(TEXTS, st.text("abé", min_size=3, max_size=4))
def test_a_beginning_takes_the_rest_of_its_word(text, word):
    (term,) = asked(f"{word}*").terms

    assert list(term.look.places(text)) == _spans(rf"(?<!{LETTER}){word}{LETTER}*", text)


@pytest.mark.parametrize(
    ("question", "text", "hits"),
    [
        ("查询", "查询和 查询", ["查询", "查询"]),
        ('"query 错误"', "query错误 query, 错误 querys 错误", ["query错误", "query, 错误"]),
        ('"错误 query"', "错误query 错误 querys", ["错误query"]),
        ("rate exchange", "Exchange the RATE", ["Exchange", "RATE"]),
    ],
)
def test_hits_are_parted_from_what_stands_around_them(question, text, hits):
    parts = list(parted(text, tuple(term.look for term in asked(question).terms)))

    assert "".join(part for part, _ in parts) == text
    assert [part for part, is_hit in parts if is_hit] == hits
