"""What can go wrong with an answer, in our own few words: each code's fault, sentence, and ways on.

Upstreams have hundreds of spellings for these; `complaints` reads them, and everything else knows only these codes.
Pages translate the sentences; the upstream's own words travel in the frame's `message`.
"""

from dataclasses import dataclass
from typing import Any

from .. import frames
from ..frames import Frame


@dataclass(frozen=True)
class Problem:
    """One kind of problem: whose fault it is, what happened, whether trying again can help, what to do."""

    fault: str
    sentence: str
    retry: bool = False
    actions: tuple[str, ...] = ()


PROBLEMS: dict[str, Problem] = {
    "bad_key": Problem("key", "The gateway does not accept this key.", actions=("choose_key",)),
    "key_expired": Problem("key", "This key has expired.", actions=("choose_key", "contact_admin")),
    "key_spent": Problem("key", "This key has used up its quota.", actions=("choose_key", "contact_admin")),
    "key_disabled": Problem("key", "This key is switched off at the gateway.", actions=("choose_key", "contact_admin")),
    "insufficient_quota": Problem(
        "key", "There is not enough credit left for this call.", actions=("choose_key", "contact_admin")
    ),
    "forbidden": Problem("key", "This key may not do that.", actions=("choose_key", "contact_admin")),
    "model_not_found": Problem("person", "The gateway does not know this model.", actions=("choose_model",)),
    "no_channel": Problem(
        "gateway", "The gateway has no channel for this model and group.", actions=("choose_model", "contact_admin")
    ),
    "not_found": Problem(
        "person", "The gateway does not know this address or thing.", actions=("edit_field", "check_gateway")
    ),
    "bad_request": Problem("person", "The gateway could not accept the request.", actions=("edit_field",)),
    "context_too_long": Problem(
        "person", "The request is longer than the model can read.", actions=("edit_field", "choose_model")
    ),
    "too_large": Problem("person", "The request is larger than the gateway takes.", actions=("edit_field",)),
    "content_filter": Problem("person", "A content filter refused the request.", actions=("edit_field",)),
    "conflict": Problem("gateway", "The gateway was busy with the same thing.", retry=True, actions=("retry",)),
    "rate_limited": Problem("gateway", "Too many requests; the gateway asks to slow down.", True, ("wait", "retry")),
    "overloaded": Problem("model", "The model is overloaded at the moment.", True, ("wait", "retry", "choose_model")),
    "server_error": Problem("gateway", "The gateway failed while answering.", True, ("retry", "contact_admin")),
    "gateway_setup": Problem(
        "gateway", "The gateway is not set up for this call.", actions=("choose_model", "contact_admin")
    ),
    "not_implemented": Problem("gateway", "The gateway does not offer this call.", actions=("check_gateway",)),
    "unavailable": Problem("gateway", "The gateway cannot be reached through its front door.", True, ("wait", "retry")),
    "gateway_timeout": Problem("gateway", "The gateway waited too long for the model.", True, ("retry",)),
    "html": Problem(
        "gateway", "The gateway answered with a web page, not with the API.", actions=("check_gateway", "contact_admin")
    ),
    "redirect": Problem(
        "gateway", "The gateway answered with a redirect, and redirects are never followed.", actions=("check_gateway",)
    ),
    "error_event": Problem("gateway", "The answer broke off with an error.", True, ("retry",)),
    "cut_short": Problem("gateway", "The answer ended without its end mark: it was cut short.", True, ("retry",)),
    "empty_answer": Problem("gateway", "The gateway sent not a byte of an answer.", True, ("retry", "check_gateway")),
    "unreadable": Problem("gateway", "The answer could not be read.", True, ("retry", "check_gateway")),
    "unexpected_answer": Problem(
        "gateway", "The answer has none of the forms this call can have.", actions=("check_gateway",)
    ),
    "over_limit": Problem("us", "The answer is larger than this site may hold.", actions=("contact_admin",)),
}


def problem(
    code: str,
    message: str = "",
    *,
    retry: bool | None = None,
    retry_after_ms: int | None = None,
    field: str | None = None,
    **details: Any,
) -> Frame:
    """The frame of one problem. `message` is the upstream's, `field` the parameter it complains about."""
    kind = PROBLEMS[code]
    return frames.problem(
        code,
        kind.fault,
        message or kind.sentence,
        retry=kind.retry if retry is None else retry,
        retry_after_ms=retry_after_ms,
        remedies=[_remedy(action, retry_after_ms, field) for action in kind.actions],
        **{name: value for name, value in details.items() if value is not None},
    )


def _remedy(action: str, retry_after_ms: int | None, field: str | None) -> dict[str, Any]:
    if action == "wait" and retry_after_ms is not None:
        return {"action": action, "ms": retry_after_ms}
    if action == "edit_field" and field:
        return {"action": action, "field": field}
    return {"action": action}
