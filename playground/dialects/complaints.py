"""The shapes in which upstreams complain, read by shape and never by path, and what they mean in our own codes.

One gateway answers the same path in three shapes: its own refusals look like OpenAI's, relayed ones like the vendor's,
and the proxy before it knows neither.
"""

import re
from dataclasses import dataclass
from typing import Any

from ..frames import Frame
from .envelope import Envelope, delay_ms
from .problems import PROBLEMS, problem

LONGEST_MESSAGE = 4_000
GOOD_CODES = ("", "0", "200", "success", "ok")  # words of `code` that are no complaint


@dataclass(frozen=True)
class Complaint:
    """What an upstream said went wrong, in its own words."""

    message: str = ""
    type: str = ""
    code: str = ""
    status: str = ""
    reason: str = ""
    field: str | None = None
    request_id: str | None = None
    retry_after_ms: int | None = None


def complaint_in(value: Any, failed: bool = False) -> Complaint | None:
    """The complaint a JSON answer carries, if it does. `failed`: the status says so already, so any spelling will do."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return Complaint(message=_words(value)) if failed else None
    error = value.get("error")
    if isinstance(error, dict) and error:
        return _from_error(error, value)
    if isinstance(error, str) and error:
        return _flat(
            {**value, "message": value.get("message") or value.get("error_description") or error, "code": error}
        )
    if error is True or value.get("success") is False or value.get("type") == "error" or failed:
        return _flat(value)
    return None


def stray_complaint_in(value: Any) -> Complaint | None:
    """A complaint spelled without `error`, where an answer was due: vLLM, FastAPI, Baidu, MiniMax, DashScope."""
    if not isinstance(value, dict):
        return None
    told = value.get("base_resp")
    if isinstance(told, dict) and told.get("status_code"):
        return Complaint(message=_words(told.get("status_msg")), code=_words(told["status_code"]))
    flat = _flat(value)
    is_numbered = flat.code not in GOOD_CODES and bool(flat.message)
    if value.get("object") == "error" or value.get("detail") or value.get("error_msg") or is_numbered:
        return flat
    return None


def problem_of(complaint: Complaint, envelope: Envelope, code: str | None = None) -> Frame:
    """The one problem frame of a complaint; `code` where it is known already."""
    code = code or code_of(complaint, envelope.status)
    wait = envelope.retry_after_ms
    return problem(
        code,
        complaint.message[:LONGEST_MESSAGE],
        retry=_may_retry(code, envelope),
        retry_after_ms=complaint.retry_after_ms if wait is None else wait,
        field=complaint.field,
        status=envelope.status,
        request_id=complaint.request_id or envelope.request_id,
        upstream_code=complaint.code or complaint.status or complaint.type or None,
    )


def code_of(complaint: Complaint, status: int, otherwise: str = "error_event") -> str:
    """Our code for a complaint: what its words say of keys, then its code, then its status, then its type."""
    said = _numeric(complaint.code)
    status = status if status >= 400 else said
    words = [word.lower() for word in (complaint.code, complaint.reason, complaint.status, complaint.type) if word]
    for code, pattern in TELLING_MESSAGES:
        if pattern.search(complaint.message[:LONGEST_MESSAGE]):
            return code
    for word in words:
        if word in DECISIVE_WORDS:
            return _by_word(word, status)
        if word.startswith("channel:"):
            return "no_channel" if "no_available" in word else "gateway_setup"
    if status == 404:
        return "model_not_found" if ABOUT_A_MODEL.search(complaint.message) else "not_found"
    if status in STATUSES:
        return STATUSES[status]
    if status >= 400:
        return "server_error" if status >= 500 else "bad_request"
    return next((VAGUE_WORDS[word] for word in words if word in VAGUE_WORDS), otherwise)


def _by_word(word: str, status: int) -> str:
    # new-api says model_not_found with 503 when no channel of the group serves the model.
    if word == "model_not_found" and status == 503:
        return "no_channel"
    return DECISIVE_WORDS[word]


def _may_retry(code: str, envelope: Envelope) -> bool | None:
    if envelope.should_retry is not None:
        return envelope.should_retry
    return True if code == "html" and envelope.status >= 500 else PROBLEMS[code].retry


def _from_error(error: dict[str, Any], around: dict[str, Any]) -> Complaint:
    details = [each for each in _listed(error.get("details")) if isinstance(each, dict)]
    message = _words(error.get("message")) or _words(error.get("msg")) or _words(around.get("message"))
    return Complaint(
        message=message,
        type=_words(error.get("type")),
        code=_words(error.get("code")),
        status=_words(error.get("status")),
        reason=next((_words(each["reason"]) for each in details if each.get("reason")), ""),
        field=_words(error.get("param")) or _violated_field(details),
        request_id=_words(around.get("request_id")) or None,
        retry_after_ms=next((delay_ms(each["retryDelay"]) for each in details if each.get("retryDelay")), None),
    )


def _flat(value: dict[str, Any]) -> Complaint:
    """A complaint without an `error` object: FastAPI, Midjourney, dashboards, proxies."""
    detail = value.get("detail")
    message = next(
        (
            words
            for name in ("message", "msg", "description", "error_msg", "errmsg")
            if (words := _words(value.get(name)))
        ),
        "",
    )
    where = None
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        where = ".".join(_words(step) for step in _listed(detail[0].get("loc")) if step != "body") or None
        detail = detail[0].get("msg")
    if isinstance(detail, dict):
        return _from_error(detail, value)
    kind = _words(value.get("type"))
    return Complaint(
        message=message or _words(detail),
        type="" if kind == "error" else kind,
        code=_words(value.get("code")) or _words(value.get("error_code")),
        status=_words(value.get("status")),
        field=where or _words(value.get("param")) or None,
        request_id=_words(value.get("request_id")) or None,
    )


def _violated_field(details: list[dict[str, Any]]) -> str | None:
    for each in details:
        for violation in _listed(each.get("fieldViolations")):
            if isinstance(violation, dict) and violation.get("field"):
                return _words(violation["field"])
    return None


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, bool | dict | list) else str(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _numeric(code: str) -> int:
    return int(code) if re.fullmatch(r"[45]\d\d", code, re.ASCII) else 0


# Sentences that say more than their codes do; gateways answer 401 for four different states of a key.
TELLING_MESSAGES = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("key_expired", r"\b(key|token)\b.{0,40}\bexpired\b|(令牌|密钥).{0,20}已?过期"),
        (
            "key_spent",
            r"\b(key|token)\b.{0,40}\b(exhausted|used up|spent)\b|(令牌|密钥).{0,20}(额度|配额).{0,6}(用尽|不足)",
        ),
        ("key_disabled", r"\b(key|token)\b.{0,40}\b(disabled|switched off)\b|(令牌|密钥).{0,20}(状态不可用|已?禁用)"),
        ("bad_key", r"\bAPI key not valid\b|\bincorrect API key\b|\binvalid (api )?(key|token)\b|无效的(令牌|密钥)"),
        ("no_channel", r"\bno available channel|无可用(渠道|通道)"),
        (
            "insufficient_quota",
            r"credit balance is too low|insufficient (user )?(quota|balance|credits?)|quota is not enough|(额度|余额)不足",
        ),
        (
            "context_too_long",
            r"maximum context length|context (window|length)\b.{0,60}\bexceed|exceed.{0,60}\bcontext (window|length)"
            r"|prompt is too long|exceeds the maximum number of tokens",
        ),
        ("not_found", r"^Invalid URL \("),
    )
)

ABOUT_A_MODEL = re.compile(r"\bmodels?\b|模型", re.IGNORECASE)

# Codes, types and statuses that mean one thing whatever the HTTP status is.
DECISIVE_WORDS = {
    "invalid_api_key": "bad_key",
    "api_key_invalid": "bad_key",
    "authentication_error": "bad_key",
    "unauthenticated": "bad_key",
    "insufficient_quota": "insufficient_quota",
    "insufficient_user_quota": "insufficient_quota",
    "billing_error": "insufficient_quota",
    "billing_not_active": "insufficient_quota",
    "billing_hard_limit_reached": "insufficient_quota",
    "pre_consume_token_quota_failed": "key_spent",
    "permission_error": "forbidden",
    "permission_denied": "forbidden",
    "access_denied": "forbidden",
    "unsupported_country_region_territory": "forbidden",
    "model_not_found": "model_not_found",
    "get_channel_failed": "no_channel",
    "model_price_error": "gateway_setup",
    "invalid_api_type": "gateway_setup",
    "api_not_implemented": "not_implemented",
    "context_length_exceeded": "context_too_long",
    "request_too_large": "too_large",
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
    "moderation_blocked": "content_filter",
    "sensitive_words_detected": "content_filter",
    "prompt_blocked": "content_filter",
    "rate_limit_exceeded": "rate_limited",
    "rate_limit_error": "rate_limited",
    "too_many_requests": "rate_limited",
    "resource_exhausted": "rate_limited",
    "overloaded_error": "overloaded",
    "overloaded": "overloaded",
    "engine_overloaded": "overloaded",
    "unavailable": "unavailable",
    "timeout_error": "gateway_timeout",
    "deadline_exceeded": "gateway_timeout",
    "empty_response": "empty_answer",
}

STATUSES = {
    401: "bad_key",
    402: "insufficient_quota",
    403: "forbidden",
    408: "gateway_timeout",
    409: "conflict",
    413: "too_large",
    429: "rate_limited",
    499: "gateway_timeout",
    501: "not_implemented",
    502: "unavailable",
    503: "unavailable",
    504: "gateway_timeout",
    520: "unavailable",
    521: "unavailable",
    522: "unavailable",
    523: "unavailable",
    524: "gateway_timeout",
    529: "overloaded",
}

# Words that say little; they count only where there is no status to go by, inside a stream.
VAGUE_WORDS = {
    "invalid_request_error": "bad_request",
    "invalid_request": "bad_request",
    "invalid_argument": "bad_request",
    "failed_precondition": "bad_request",
    "bad_request_body": "bad_request",
    "not_found_error": "not_found",
    "not_found": "not_found",
    "api_error": "server_error",
    "server_error": "server_error",
    "internal": "server_error",
    "internal_error": "server_error",
    "internal_server_error": "server_error",
    "upstream_error": "server_error",
    "do_request_failed": "server_error",
    "bad_response": "server_error",
    "bad_response_body": "server_error",
    "bad_response_status_code": "server_error",
    "read_response_body_failed": "server_error",
}
