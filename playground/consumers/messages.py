"""What a page says on its socket: its shape, read and checked before anything is done."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from playground.calls import BadCall
from playground.calls.json_text import read_json

START_BYTES = 33 * 2**20
MESSAGE_BYTES = 64 * 2**10
CALL_PARTS = ("path", "query", "headers")


class Bad(Exception):
    """A message that is refused: an error code of the protocol and one sentence."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


def read_message(text: str) -> dict[str, Any]:
    """A message of the page as a dict. Raises Bad with a sentence."""
    is_start = len(text) > MESSAGE_BYTES or '"start"' in text[:4096] or '"start"' in text
    if (
        len(text) > (START_BYTES if is_start and '"start"' in text else MESSAGE_BYTES)
        or len(text.encode("utf-8", "surrogatepass")) > START_BYTES
    ):
        raise Bad("too_large", _("This message is larger than 33 MiB (a start) or 64 KiB (any other)."))
    try:
        message = read_json(text, START_BYTES)
    except BadCall as error:
        raise Bad("too_large" if error.code == "too_large" else "bad_message", error.told(_)) from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Bad("bad_message", _("A message is a JSON object with a “type”."))
    if len(text) > MESSAGE_BYTES and message["type"] != "start":
        raise Bad("too_large", _("Only a start may be larger than 64 KiB."))
    return message


def run_name(message: dict[str, Any]) -> str:
    """The run's UUID in its usual spelling. Raises Bad."""
    try:
        return str(uuid.UUID(message["run"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Bad("bad_message", _("“run” must be a UUID chosen by the page."), "run") from None


def number_in(message: dict[str, Any], field: str) -> int:
    number = message.get(field, 0)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**31:
        raise Bad(
            "bad_position"
            if field == "after" and isinstance(number, int) and not isinstance(number, bool)
            else "bad_message",
            _("“%(field)s” must be a whole number from 0.") % {"field": field},
            field,
        )
    return number


def check_start(message: dict[str, Any]) -> None:
    """The shape of a `start`; what stands inside the call is read by `calls`. Raises Bad."""
    call = message.get("call")
    if not isinstance(message.get("operation"), str):
        raise Bad("bad_message", _("“operation” must be an id of the catalogue."), "operation")
    if not isinstance(call, dict):
        raise Bad("bad_message", _("“call” must be an object with path, query, headers and body."), "call")
    for part in CALL_PARTS:
        if not isinstance(call.get(part) or {}, dict | list):
            raise Bad("bad_call", _("“%(field)s” must be an object.") % {"field": f"call.{part}"}, part)
    if not isinstance(call.get("body_text", ""), str | None):
        raise Bad("bad_call", _("“%(field)s” must be text.") % {"field": "call.body_text"}, "body_text")
    if not isinstance(message.get("stream"), bool | None):
        raise Bad("bad_message", _("“stream” must be true or false."), "stream")
