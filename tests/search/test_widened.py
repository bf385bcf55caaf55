"""A question that found nothing is offered again for other forms of its English words."""

import pytest

from playground.search.asked import widened


@pytest.mark.parametrize(
    ("asked", "wider"),
    [
        ("rivers", "river*"),
        ("river", "river*"),
        ("running companies", "run* compan*"),
        ('"deep rivers" flow', '"deep rivers" flow*'),
        ("河流 rivers", "河流 river*"),
        ("gpt-5.1 a1b2", ""),
        ("river*", ""),
        ("%%%%", ""),
        ("", ""),
    ],
)
def test_english_words_are_widened_and_nothing_else(asked, wider):
    assert widened(asked) == wider
