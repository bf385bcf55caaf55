"""Lists of models and prices as gateways of every kind tell them: path → status and body."""

from typing import Any

Site = dict[str, Any]


def models(*names: str, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "custom", **more} for name in names]}


def priced(name: str, ratio: float = 1.25, **more: Any) -> dict[str, Any]:
    """A row of `/api/pricing` for a model that is paid by its tokens."""
    return {
        "model_name": name, "quota_type": 0, "model_ratio": ratio, "model_price": 0, "completion_ratio": 4,
        "cache_ratio": 0.5, "enable_groups": ["default"], "supported_endpoint_types": ["openai"], **more,
    }  # fmt: skip


def pricing(*rows: dict[str, Any], groups: Any = None, **more: Any) -> dict[str, Any]:
    return {"success": True, "data": list(rows), "group_ratio": groups or {"default": 1}, **more}


def gemini_models(*names: str, **more: Any) -> dict[str, Any]:
    rows = [
        {"name": f"models/{name}", "inputTokenLimit": 1000, "supportedGenerationMethods": ["generateContent"]}
        for name in names
    ]
    return {"models": rows, **more}


def openrouter_model(name: str, **pricing: str) -> dict[str, Any]:
    return {"id": name, "name": name, "context_length": 200_000, "pricing": pricing}


def litellm_model(name: str, **info: Any) -> dict[str, Any]:
    return {"model_name": name, "litellm_params": {"model": name}, "model_info": info}
