"""Vectors, rankings, verdicts, models and balances."""

from playground import frames

from .. import Recording, tokens
from .pieces import told, whole

RECORDINGS = (
    whole(
        "vectors",
        "openai-embeddings",
        {
            "object": "list",
            "data": [
                {"object": "embedding", "index": 0, "embedding": [0.5, -1]},
                {"object": "embedding", "index": 1, "embedding": "AAAAPw=="},
            ],
            "model": "m",
            "usage": {"prompt_tokens": 4, "total_tokens": 4},
        },
        [
            frames.vector(0, [0.5, -1]),
            frames.vector(1, "AAAAPw=="),
            frames.json(
                {
                    "object": "list",
                    "data": [{"object": "embedding", "index": 0}, {"object": "embedding", "index": 1}],
                    "model": "m",
                    "usage": {"prompt_tokens": 4, "total_tokens": 4},
                }
            ),
            tokens(4, None),
        ],
    ),
    whole(
        "one vector",
        "gemini-embeddings",
        {"embedding": {"values": [0.5, 1]}},
        [frames.vector(0, [0.5, 1]), frames.json({})],
    ),
    whole(
        "several vectors",
        "gemini-embeddings",
        {"embeddings": [{"values": [0.5]}, {"values": [1]}]},
        [frames.vector(0, [0.5]), frames.vector(1, [1]), frames.json({})],
    ),
    told(
        "documents in order",
        "rerank",
        {
            "id": "r",
            "results": [
                {"index": 1, "relevance_score": 0.9, "document": {"text": "b"}},
                {"index": 0, "relevance_score": 0.1},
            ],
        },
        frames.ranking([{"index": 1, "score": 0.9, "document": "b"}, {"index": 0, "score": 0.1}]),
    ),
    told(
        "a verdict",
        "openai-moderations",
        {
            "id": "m",
            "model": "m",
            "results": [{"flagged": True, "categories": {"hate": True}, "category_scores": {"hate": 0.9}}],
        },
    ),
    told(
        "models",
        "models",
        {
            "success": True,
            "object": "list",
            "data": [{"id": "m", "object": "model", "created": 1626777600, "owned_by": "x"}],
        },
    ),
    told("models as Gemini lists them", "models", {"models": [{"name": "m", "displayName": "m"}]}),
    whole(
        "models refused under 200",
        "models",
        {"success": False, "message": "no access"},
        [],
        outcome="failed",
        problem="error_event",
    ),
    whole(
        "an unknown model under 200",
        "models",
        {
            "error": {
                "message": "The model 'x' does not exist",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_found",
            }
        },
        [],
        outcome="failed",
        problem="model_not_found",
    ),
    told(
        "a balance",
        "billing",
        {"code": True, "message": "ok", "data": {"object": "token_usage", "total_granted": 1000000}},
    ),
    whole(
        "a balance refused under 200",
        "billing",
        {"error": {"message": "gone", "type": "upstream_error"}},
        [],
        outcome="failed",
        problem="server_error",
    ),
    Recording(
        "a page that is none",
        "models",
        b"OK",
        [],
        content_type="text/plain",
        outcome="failed",
        problem="unreadable",
        unreadable=1,
    ),
)
