"""Every operation of the document in every language."""

import pytest

from playground import catalogue, samples
from playground.catalogue import Operation
from playground.catalogue.examples import sendable
from playground.samples.unsent import unsent

OPERATIONS = [row for row in catalogue.operations() if row.kind == "operation"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.id)
def test_an_operation_has_a_sample_in_every_language(operation: Operation) -> None:
    body = {"body": sendable(operation)} if operation.example else {}
    call = unsent(operation, {"path": dict(operation.path_values), **body})

    for language in samples.languages(operation):
        text = samples.sample(call, language.id, base_url="https://gateway.example")

        assert samples.KEY_VARIABLE in text, language.id
        assert "gateway.example" in text, language.id


def test_the_documents_fifteen_languages_are_there() -> None:
    assert [language.name for language in samples.languages()] == [
        "Shell", "JavaScript", "Java", "Swift", "Go", "PHP", "Python", "HTTP", "C", "C#", "Objective-C", "Ruby", "OCaml",
        "Dart", "R",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "libraries"),
    [
        ("chat-basic", ["python-openai", "javascript-openai"]),
        ("claude-chat", ["python-anthropic", "javascript-anthropic"]),
        ("gemini-chat", ["python-google-genai", "javascript-google-genai"]),
        ("rerank", []),
    ],
)
def test_a_vendors_library_is_offered_for_its_calls(operation: str, libraries: list[str]) -> None:
    assert [each.id for each in samples.languages(catalogue.find(operation))[15:]] == libraries
