"""What is demanded of an answer, held against answers."""

from decimal import Decimal

import pytest
from django.utils import translation

from playground.checks.judging import Answer, BadDemand, answer_of, check_demand, judge, words_of


def said(*texts, **more):
    frames = [{"kind": "text", "text": text} for text in texts]
    return answer_of(frames, more.get("total_ms"), more.get("cost"))


INVOICE = '{"total": 12.0, "paid": true, "lines": [{"sku": "a"}, {"sku": "b"}]}'
SCHEMA = '{"type": "object", "required": ["total"], "properties": {"total": {"type": "number", "maximum": 20}}}'

MET = [
    ("contains", "", "refund", said("A ref", "und.")),
    ("lacks", "", "sorry", said("Gladly.")),
    ("schema", "", SCHEMA, said(INVOICE)),
    ("schema", "", SCHEMA, said(f"Here it is:\n```json\n{INVOICE}\n```")),
    ("path", "$.total", "12", said(INVOICE)),
    ("path", "$.lines[*].sku", '["a", "b"]', said(INVOICE)),
    ("path", "$.lines[0]", '{"sku": "a"}', said(INVOICE)),
    ("path", "$.paid", "true", said(INVOICE)),
    ("time", "", "2.5", said("", total_ms=2500)),
    ("cost", "", "0.01", said("", cost=Decimal("0.0099"))),
]
UNMET = [
    ("contains", "", "refund", said("Refund"), "not in the answer"),
    ("lacks", "", "sorry", said("I am sorry."), "it is in the answer"),
    ("schema", "", SCHEMA, said("Hello"), "the answer is no JSON"),
    ("schema", "", SCHEMA, said('{"total": 21}'), "$.total: 21 is greater than the maximum of 20"),
    ("schema", "", '{"$ref": "http://127.0.0.1:1/x"}', said("{}"), "the schema refers to what it does not hold"),
    ("path", "$.total", "13", said(INVOICE), "is 12.0"),
    ("path", "$.paid", "1", said(INVOICE), "is true"),
    ("path", "$.nothing", "1", said(INVOICE), "nothing is there"),
    ("path", "$.total", "1", said("Hello"), "the answer is no JSON"),
    ("time", "", "2", said("", total_ms=2010), "took 2.01 s"),
    ("time", "", "2", said(""), "how long it took is not known"),
    ("cost", "", "0.01", said("", cost=Decimal("0.02")), "cost 0.02"),
    ("cost", "", "0.01", said(""), "what it cost is not known"),
]


@pytest.mark.parametrize(("kind", "path", "expected", "answer"), MET)
def test_an_answer_that_is_as_demanded_passes(kind, path, expected, answer):
    check_demand(kind, path, expected)

    assert judge(kind, path, expected, answer).passed


@pytest.mark.parametrize(("kind", "path", "expected", "answer", "told"), UNMET)
def test_an_answer_that_is_otherwise_fails_and_it_is_told_what_was_found(kind, path, expected, answer, told):
    outcome = judge(kind, path, expected, answer)

    with translation.override("en"):
        assert (outcome.passed, words_of(outcome.code, outcome.found)) == (False, told)


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("contains", "", "  "), ("schema", "", "{"), ("schema", "", '{"type": "nothing"}'), ("schema", "", "5"),
        ("path", "total", "1"), ("path", "$[", "1"), ("path", "$.a", "a"), ("path", "", "1"), ("time", "", "soon"),
        ("time", "", "-1"), ("time", "", "NaN"), ("cost", "", "1e99"), ("cost", "", "0"),
    ],
)  # fmt: skip
def test_what_no_answer_could_be_held_against_is_refused(kind, path, expected):
    with pytest.raises(BadDemand):
        check_demand(kind, path, expected)


def test_the_first_candidate_is_judged_and_a_whole_value_stands_for_json():
    frames = [
        {"kind": "text", "text": "one"},
        {"kind": "text", "text": "two", "index": 1},
        {"kind": "json", "value": [1]},
    ]

    assert answer_of(frames, 5, None) == Answer("one", [1], True, 5, None)


def test_an_answer_of_nothing_but_lines_after_a_fence_is_judged_at_once():
    """A search that tried each of them as the fence's end would hold the whole process for an hour."""
    assert answer_of([{"kind": "text", "text": "```json" + "\n" * 1_000_000}], 5, None).has_value is False
    assert answer_of([{"kind": "text", "text": "So:\n```json \r\n\n[1]\n```"}], 5, None).value == [1]
