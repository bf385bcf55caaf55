"""What may be kept as a comparison."""

import json

import pytest

from playground.comparing.documents import BadDocument, read, row_of, runs_in
from tests.comparing.conftest import a_document


def column(id, **more):
    return {"id": id, "operation": "", "model": "", "key": "", "call": None, **more}


def test_what_a_page_writes_is_read_as_it_was_written():
    document = a_document(runs={"c1/r1": "00000000-0000-4000-8000-000000000001"}, something_newer=[1])

    assert read(json.dumps(document)) == document


def test_the_runs_of_a_document_and_the_rows_they_stand_in_are_known():
    document = a_document(runs={"c1/r1": "00000000-0000-4000-8000-000000000001"})
    (run,) = runs_in(document)

    assert row_of(document, run) == "r1"
    assert row_of(a_document(), run) is None


BROKEN = {
    "no JSON": "{",
    "no object": "[]",
    "nothing at all": "{}",
    "NUL": "\x00",
    "a lone surrogate": '"\ud800"',
    "too deep": "[" * 100_000,
    "nine columns": json.dumps(a_document(columns=[column(f"c{n}") for n in range(9)])),
    "no column": json.dumps(a_document(columns=[])),
    "two columns of one name": json.dumps(a_document(columns=[column("c1"), column("c1")])),
    "a column named with a slash": json.dumps(a_document(columns=[column("c/1")])),
    "a model that is no text": json.dumps(a_document(columns=[column("c1", model=5)])),
    "21 rows": json.dumps(a_document(rows=[{"id": f"r{n}", "values": {}} for n in range(21)])),
    "a value that is no text": json.dumps(a_document(rows=[{"id": "r1", "values": {"a": 1}}])),
    "a run that is none": json.dumps(a_document(runs={"c1/r1": "x"})),
    "a run that stands nowhere": json.dumps(a_document(runs={"c1": "00000000-0000-4000-8000-000000000001"})),
    "another view": json.dumps(a_document(view="cards")),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_no_comparison_is_refused(text):
    with pytest.raises(BadDocument):
        read(text)
