"""A refusal, and how each vendor spells one."""

from dataclasses import dataclass
from typing import Any

from . import answers

_ANTHROPIC = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_GOOGLE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "FAILED_PRECONDITION",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
    529: "UNAVAILABLE",
}
_OPENAI = {
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("permission_error", "access_denied"),
    404: ("invalid_request_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", "internal_error"),
    503: ("server_error", "overloaded"),
    529: ("server_error", "overloaded"),
}


@dataclass
class Refused(Exception):
    """A request that is answered with an error of its vendor's shape."""

    status: int
    message: str
    code: str = ""
    param: str | None = None
    headers: answers.Headers = ()
    kind: str = ""


def spelled(shape: str, refused: Refused, request_id: str = "") -> answers.Body:
    """The refusal as an answer in the shape of a dialect: openai, anthropic, gemini, dashboard or midjourney."""
    return answers.json(value(shape, refused, request_id), status=refused.status, headers=refused.headers)


def value(shape: str, refused: Refused, request_id: str = "") -> dict[str, Any]:
    """The body of a refusal."""
    match shape:
        case "anthropic":
            kind = refused.kind or _ANTHROPIC.get(refused.status, "api_error")
            error = {"type": "error", "error": {"type": kind, "message": refused.message}}
            return {**error, "request_id": request_id} if request_id else error
        case "gemini":
            return {"error": _google(refused)}
        case "dashboard":
            return {"success": False, "message": refused.message}
        case "midjourney":
            return {"description": refused.message, "type": refused.kind or "new_api_error", "code": 4}
        case _:
            kind, code = _OPENAI.get(refused.status, ("invalid_request_error", "invalid_request"))
            return {
                "error": {
                    "message": refused.message,
                    "type": refused.kind or kind,
                    "param": refused.param,
                    "code": refused.code or code,
                }
            }


def _google(refused: Refused) -> dict[str, Any]:
    error: dict[str, Any] = {
        "code": refused.status,
        "message": refused.message,
        "status": _GOOGLE.get(refused.status, "UNKNOWN"),
    }
    if refused.code:
        reason = {"invalid_api_key": "API_KEY_INVALID"}.get(refused.code, refused.code.upper())
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
        error["details"] = [{**info, "domain": "googleapis.com"}]
    waits = dict(refused.headers).get("retry-after", "")
    if waits.isdigit():
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{waits}s"}
        error.setdefault("details", []).append(retry)
    return error
