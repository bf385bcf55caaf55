"""Vectors, rankings and moderations of the sandbox."""

import math
from typing import Any

import httpx
import openai
import pytest
from google import genai

from .conftest import leftovers


def near(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_a_vector_has_length_one_and_the_size_that_was_asked(gpt: openai.OpenAI) -> None:
    answer = gpt.embeddings.create(
        model="text-embedding-3-small", input=["Hi", "Ho"], dimensions=256, encoding_format="float"
    )

    assert [(len(row.embedding), row.index) for row in answer.data] == [(256, 0), (256, 1)]
    assert math.isclose(math.hypot(*answer.data[0].embedding), 1, abs_tol=1e-4)
    assert (leftovers(answer), answer.usage.total_tokens) == ([], 2)


def test_base64_holds_the_same_vector(gpt: openai.OpenAI) -> None:
    plain = gpt.embeddings.create(model="text-embedding-3-large", input="Hi", encoding_format="float").data[0].embedding
    packed = gpt.embeddings.create(model="text-embedding-3-large", input="Hi").data[0].embedding

    assert len(plain) == 3072 and packed == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "kin", "stranger"),
    [("今天天气很好", "明天天气怎么样", "股市大幅上涨"), ("The cat sleeps", "Cats sleep a lot", "Stock markets rose")],
)
def test_texts_that_share_words_are_nearer(gpt: openai.OpenAI, text: str, kin: str, stranger: str) -> None:
    rows = gpt.embeddings.create(
        model="text-embedding-3-small", input=[text, kin, stranger], encoding_format="float"
    ).data

    own, near_one, far_one = (row.embedding for row in rows)
    assert near(own, near_one) > near(own, far_one) + 0.1


def test_gemini_embeds_one_and_several(gemini: genai.Client, http: httpx.Client) -> None:
    one: Any = gemini.models.embed_content(
        model="gemini-embedding-001", contents="今天天气很好", config={"output_dimensionality": 768}
    )
    content = {"parts": [{"text": "今天天气很好"}]}
    alone = http.post("/v1beta/models/gemini-embedding-001:embedContent", json={"content": content}).json()

    [embedding] = one.embeddings
    assert embedding.values == alone["embedding"]["values"][:768]
    assert len(alone["embedding"]["values"]) == 3072


def test_a_ranking_puts_what_fits_first(http: httpx.Client) -> None:
    documents = ["今天股市上涨。", {"text": "大熊猫是中国特有的哺乳动物。"}, "熊猫以竹子为食。"]
    body = {"model": "bge-reranker-v2-m3", "query": "什么是熊猫？", "documents": documents, "top_n": 2}

    answer = http.post("/v1/rerank", json={**body, "return_documents": True}).json()

    assert {result["index"] for result in answer["results"]} == {1, 2}
    assert [result["document"]["text"] for result in answer["results"] if result["index"] == 2] == ["熊猫以竹子为食。"]
    assert answer["results"][0]["relevance_score"] > answer["results"][1]["relevance_score"] > 0
    plain = http.post("/v1/rerank", json=body).json()["results"]
    assert "document" not in plain[0]
    assert http.post("/v2/rerank", json=body).json()["results"] == plain


def test_a_moderation_tells_harmless_from_harmful(gpt: openai.OpenAI) -> None:
    answer = gpt.moderations.create(input=["Good morning", "I will kill you"])

    assert [result.flagged for result in answer.results] == [False, True]
    assert answer.results[1].categories.violence and answer.results[1].category_scores.violence > 0.9


def test_a_moderation_of_parts_is_one_result(gpt: openai.OpenAI) -> None:
    picture: Any = {"type": "image_url", "image_url": {"url": "https://example.com/cat.jpg"}}

    answer = gpt.moderations.create(input=[{"type": "text", "text": "Look"}, picture])

    assert [result.category_applied_input_types.violence for result in answer.results] == [["text", "image"]]
