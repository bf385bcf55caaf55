"""Refusals by status, in every shape; and web pages where an answer belongs."""

from . import EVENT_STREAM, JSON, Recording, body, events

HTML = "text/html; charset=utf-8"
PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway &amp; more</title></head><body><script>alert(1)</script></body></html>"


def refused(name: str, status: int, value, code: str, dialect: str = "openai-chat", **more) -> Recording:
    return Recording(f"{status}: {name}", dialect, body(value), [], "failed", JSON, status, problem=code, **more)


def said(name: str, status: int, words: str, code: str, content_type: str = HTML, **more) -> Recording:
    return Recording(
        f"{status}: {name}", "openai-chat", words.encode(), [], "failed", content_type, status, problem=code, **more
    )


def openai(
    message: str, type: str = "invalid_request_error", code: str | None = None, param: str | None = None
) -> dict:
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def google(code: int, message: str, status: str, *details: dict) -> dict:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def newapi(message: str, code: str = "") -> dict:
    return openai(f"{message} (request id: 2026112201)", "new_api_error", code)


RECORDINGS = (
    refused("OpenAI, bad key", 401, openai("Incorrect API key provided: sk-x", code="invalid_api_key"), "bad_key"),
    refused(
        "OpenAI, a bad field",
        400,
        openai("Unknown parameter", code="unknown_parameter", param="messages[0].x"),
        "bad_request",
    ),
    refused(
        "OpenAI, too long",
        400,
        openai("This model's maximum context length is 8192 tokens", code="context_length_exceeded"),
        "context_too_long",
    ),
    refused(
        "OpenAI, no credit",
        429,
        openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
        "insufficient_quota",
    ),
    refused("OpenAI, slow down", 429, openai("Rate limit reached", "requests", "rate_limit_exceeded"), "rate_limited"),
    refused(
        "OpenAI, no such model", 404, openai("The model `x` does not exist", code="model_not_found"), "model_not_found"
    ),
    refused(
        "OpenAI, filtered",
        400,
        openai("Rejected by the safety system", code="content_policy_violation"),
        "content_filter",
    ),
    refused(
        "Anthropic, bad key",
        401,
        {
            "type": "error",
            "error": {"type": "authentication_error", "message": "invalid x-api-key"},
            "request_id": "req_1",
        },
        "bad_key",
        "anthropic-messages",
    ),
    refused(
        "Anthropic, overloaded",
        529,
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        "overloaded",
        "anthropic-messages",
    ),
    refused(
        "Anthropic, no credit",
        400,
        {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}},
        "insufficient_quota",
        "anthropic-messages",
    ),
    refused(
        "Anthropic, no such model",
        404,
        {"type": "error", "error": {"type": "not_found_error", "message": "model: x"}},
        "model_not_found",
        "anthropic-messages",
    ),
    refused(
        "Anthropic, too large",
        413,
        {"type": "error", "error": {"type": "request_too_large", "message": "x"}},
        "too_large",
        "anthropic-messages",
    ),
    refused(
        "Gemini, bad key",
        400,
        google(400, "API key not valid.", "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}),
        "bad_key",
        "gemini",
    ),
    refused(
        "Gemini, slow down",
        429,
        google(
            429,
            "Resource exhausted",
            "RESOURCE_EXHAUSTED",
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"},
        ),
        "rate_limited",
        "gemini",
    ),
    refused("Gemini, in a list", 503, [google(503, "overloaded", "UNAVAILABLE")], "unavailable", "gemini"),
    refused(
        "Gemini, a bad field",
        400,
        google(400, "Invalid value", "INVALID_ARGUMENT", {"fieldViolations": [{"field": "contents[0].role"}]}),
        "bad_request",
        "gemini",
    ),
    refused("new-api, no such key", 401, newapi("无效的令牌"), "bad_key"),
    refused("new-api, expired", 401, newapi("该令牌已过期"), "key_expired"),
    refused("new-api, used up", 401, newapi("该令牌额度已用尽 !token.UnlimitedQuota"), "key_spent"),
    refused("new-api, switched off", 401, newapi("该令牌状态不可用"), "key_disabled"),
    refused("new-api, used up in English", 401, newapi("this token quota is exhausted"), "key_spent"),
    refused("new-api, group", 403, newapi("无权访问 vip 分组"), "forbidden"),
    refused(
        "new-api, credit",
        403,
        newapi("预扣费额度失败, 用户剩余额度不足", "insufficient_user_quota"),
        "insufficient_quota",
    ),
    refused(
        "new-api, no channel",
        503,
        newapi("No available channel for model x under group default", "model_not_found"),
        "no_channel",
    ),
    refused("new-api, no channel by code", 503, newapi("x", "model_not_found"), "no_channel"),
    refused("new-api, unknown path", 404, openai("Invalid URL (POST /v1/modelx)"), "not_found"),
    refused("new-api, no price", 500, newapi("x", "model_price_error"), "gateway_setup"),
    refused("new-api, channel broken", 500, newapi("x", "channel:invalid_key"), "gateway_setup"),
    refused("new-api, not built", 501, newapi("x", "api_not_implemented"), "not_implemented"),
    refused("new-api, dashboard", 401, {"success": False, "message": "No Authorization header"}, "bad_key", "billing"),
    refused(
        "Midjourney, bad request",
        400,
        {"description": "prompt_is_required", "type": "new_api_error", "code": 4},
        "bad_request",
        "midjourney",
    ),
    refused(
        "Midjourney, saturated",
        429,
        {"description": "group full", "type": "upstream_error", "code": 30},
        "rate_limited",
        "midjourney",
    ),
    refused(
        "OpenRouter, no credit",
        402,
        {"error": {"code": 402, "message": "Insufficient credits", "metadata": {}}, "user_id": "u"},
        "insufficient_quota",
    ),
    refused("LiteLLM, code as text", 401, openai("Authentication Error", "auth_error", "401"), "bad_key"),
    refused(
        "FastAPI, a bad field",
        422,
        {"detail": [{"loc": ["body", "messages", 0], "msg": "field required", "type": "value_error"}]},
        "bad_request",
    ),
    refused("FastAPI, words", 404, {"detail": "Not Found"}, "not_found"),
    refused("an error as a word", 401, {"error": "unauthorized"}, "bad_key"),
    refused("a value of no shape", 500, 7, "server_error"),
    said("a broken value", 500, '{"error": {"mess', "server_error", JSON, unreadable=1),
    said("words of a proxy", 503, "upstream connect error", "unavailable", "text/plain"),
    said("nothing at all", 504, "", "gateway_timeout", ""),
    said("a teapot", 418, "", "bad_request", ""),
    said("a web page", 502, PAGE, "html"),
    said("a web page under JSON", 502, PAGE, "html", JSON),
    said("a login page", 200, PAGE, "html"),
    said("a login page under an event stream", 200, PAGE, "html", EVENT_STREAM),
    said("a login page under JSON", 200, PAGE, "html", JSON),
    said("a redirect", 302, PAGE, "redirect", headers=(("Location", "https://login.example.com/x?y"),)),
    Recording(
        "401: as an event",
        "openai-chat",
        events(openai("bad key", code="invalid_api_key")),
        [],
        "failed",
        EVENT_STREAM,
        401,
        problem="bad_key",
    ),
    Recording(
        "529: as a named event",
        "anthropic-messages",
        b": PING\n\n" + events({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}, named=True),
        [],
        "failed",
        EVENT_STREAM,
        529,
        problem="overloaded",
    ),
)
