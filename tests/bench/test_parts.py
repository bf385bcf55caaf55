"""The parts and how they are chosen."""

import re
from pathlib import Path

import pytest

from bench.parts import PARTS, chosen

KEYS = [
    "streams_50",
    "streams_200",
    "sustained",
    "first_text",
    "fanout_50",
    "memory",
    "stop",
    "stored",
    "start",
    "workbench",
    "pages",
    "history",
    "wire",
    "loop",
    "sockets",
]
ON_REQUEST = ["cuts", "kills", "burst", "long_run"]


def test_every_key_of_the_result_has_one_part():
    assert sorted(part.name for part in PARTS) == sorted(KEYS + ON_REQUEST)


def test_without_a_word_all_figures_are_measured_and_no_proof_of_minutes():
    assert sorted(part.name for part in chosen([])) == sorted(KEYS)
    assert [part.name for part in chosen(["cuts"])] == ["cuts"]


def test_a_word_chooses_a_part_or_all_that_begin_with_it():
    assert [part.name for part in chosen(["streams"])] == ["streams_50", "streams_200"]
    assert [part.name for part in chosen(["streams_200", "stop"])] == ["streams_200", "stop"]


def test_a_word_that_is_only_the_beginning_of_a_word_chooses_nothing():
    with pytest.raises(KeyError, match="str"):
        chosen(["str"])


def test_the_page_about_performance_tells_how_each_part_is_measured():
    page = Path("docs/performance.md").read_text()

    assert [name for name in KEYS + ON_REQUEST if not re.search(rf"`{name}", page)] == []
