"""The document's rows: all there, in order, in both languages."""

import io
import json
import subprocess
import sys
from collections import Counter

import pytest
from django.core.management import call_command

from playground import catalogue
from playground.catalogue import Operation

IDS = """
    list-models list-models-gemini embeddings embeddings-gemini token-balance chat-basic chat-stream chat-multi-turn
    chat-vision-url chat-vision-base64 chat-tools rerank chat-media-stream gpt51-thinking codex-model chat-thinking
    chat-video chat-pdf chat-structured media-chat-stream media-chat-stream-image gemini-image-generate
    gemini-image-edit gemini-image-stream image-generate image-edit video-create video-status video-content
    mj-imagine mj-action mj-describe mj-blend mj-modal mj-list mj-fetch mj-seed audio-transcribe audio-translate
    audio-speech gemini-tts gemini-chat gemini-thinking gemini-stream gemini-structured gemini-tools gemini-pdf
    gemini-vision gemini-video claude-chat claude-stream claude-thinking claude-vision claude-tools
    claude-web-search full-chat full-responses full-messages full-v1beta use-in-codex use-in-gemini-cli
    use-in-claude-code schema-error-response schema-models-response schema-gemini-models-response
    schema-chat-completion-request schema-chat-completion-response schema-completion-request
    schema-completion-response schema-responses-request schema-responses-response schema-claude-request
    schema-claude-response schema-embedding-request schema-embedding-response schema-image-generation-request
    schema-image-response schema-audio-transcription-response schema-speech-request schema-rerank-request
    schema-rerank-response schema-video-request schema-moderation-request schema-video-response
    schema-moderation-response schema-video-task-response schema-gemini-request schema-gemini-response
    schema-open-ai-video-error schema-model schema-message schema-message-content schema-tool-call schema-tool
    schema-response-format schema-usage schema-claude-message schema-video-task-metadata schema-video-task-error
    schema-chat-completion-stream-response schema-responses-stream-response schema-image-edit-request
    schema-audio-transcription-request schema-audio-translation-request schema-open-ai-video
""".split()  # noqa: SIM905 - a list of 105 literals would be a page long


def test_all_105_rows_stand_in_document_order():
    assert [row.id for row in catalogue.operations()] == IDS


def test_the_rows_are_59_operations_3_guides_and_43_data_models():
    assert Counter(row.kind for row in catalogue.operations()) == {"operation": 59, "guide": 3, "schema": 43}


def test_a_row_is_found_by_its_id():
    assert [catalogue.find(id).title["en"] for id in ("chat-basic", "claude-vision")] == [
        "Basic request",
        "Image understanding",
    ]


def test_an_unknown_id_finds_nothing():
    assert catalogue.find("chat-basics") is None


@pytest.mark.parametrize("row", catalogue.operations(), ids=lambda row: row.id)
def test_every_row_speaks_both_languages(row: Operation):
    texts = [row.title, row.purpose, *row.notes, *(removal.reason for removal in row.drop_before_sending)]
    texts += [step.when for step in row.follow_up] + ([row.unverified] if row.unverified else [])

    assert [text for text in texts if set(text) != {"en", "zh"} or not all(text.values())] == []
    assert set(row.section) == {"en", "zh"}
    assert len(row.section["en"]) == len(row.section["zh"]) > 0


@pytest.mark.parametrize(
    "row", [row for row in catalogue.operations() if row.kind == "operation"], ids=lambda row: row.id
)
def test_every_operation_can_be_called_with_its_example(row: Operation):
    assert row.method in ("GET", "POST")
    assert row.path.startswith("/")
    assert row.auth != "none"
    assert (row.content_type == "none") == (row.method == "GET") == (row.example is None)
    assert set(row.path_values) == {part.split("}")[0] for part in row.path.split("{")[1:]}


@pytest.mark.parametrize(("id", "unverified"), [("token-balance", True), ("chat-pdf", True), ("claude-vision", False)])
def test_rows_whose_path_was_inferred_say_so(id: str, unverified: bool):
    assert bool(catalogue.find(id).unverified) == unverified


def test_the_command_prints_the_catalogue_as_json():
    out = io.StringIO()

    call_command("operations", "--json", stdout=out)

    listed = json.loads(out.getvalue())
    assert [entry["id"] for entry in listed] == IDS
    assert listed[3] == {
        "id": "embeddings-gemini",
        "kind": "operation",
        "method": "POST",
        "path": "/v1beta/models/{model}:embedContent",
        "dialect": "gemini-embeddings",
        "title": {"en": "Embeddings - gemini", "zh": "文本嵌入 - gemini"},
        "section": {"en": ["Common requests", "Embeddings"], "zh": ["常用请求", "文本嵌入"]},
        "streaming": "none",
    }


def test_the_command_prints_one_line_a_row_for_eyes():
    out = io.StringIO()

    call_command("operations", stdout=out)

    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["ID", *IDS]


def test_reading_the_rows_loads_no_parameter_table_and_no_validator():
    asked = "import sys; from playground import catalogue as c; c.operations(); print(c._tables.cache_info().currsize, 'jsonschema' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["0", "False"]
