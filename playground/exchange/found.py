"""A request as it was found in a foreign text, before it is compared with the catalogue."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playground.samples.request import Part

REASONS = {
    "answer": "The site shows and keeps answers by itself.",
    "body": "This operation takes no body.",
    "browser": "Browsers add it by themselves; the gateway does not need it.",
    "connection": "It belongs to the connection and is set by the site.",
    "cookie": "Cookies are never sent to a gateway.",
    "curl": "It says how curl behaves and changes nothing in the request.",
    "file": "The site reads no file by its name. Choose the file in the form.",
    "form_type": "The site writes the type and boundary of a form by itself.",
    "key": "The chosen key is added by the site when the call is sent.",
    "never": "The site opens connections by its own rules; this is never followed.",
    "not_json": "The body is not JSON. It is kept as it was typed; correct it in the JSON tab.",
    "other_command": "Only the first curl command was read.",
    "other_request": "Only one request is imported at a time.",
    "repeated": "It stands there more than once; the last one counts.",
    "sign_in": "A user name and password are not how a gateway is called; choose a key.",
    "unknown": "The site does not know this option.",
    "unsendable": "No call can carry it.",
    "variable": "The variable's value is not in the text. Put it in by hand.",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that did not become part of the request, and why. `what` never holds a secret."""

    what: str
    reason: str

    def told(self, translate: Callable[[str], str]) -> str:
        """The reason in the language of `translate`."""
        return translate(REASONS[self.reason])


@dataclass(slots=True)
class Found:
    """One request: its parts as they stood there, and what was left out on the way."""

    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    query: list[tuple[str, str]] = field(default_factory=list)
    body: str | None = None
    form: list[Part] = field(default_factory=list)
    left_out: dict[LeftOut, None] = field(default_factory=dict)

    def leave_out(self, what: str, reason: str) -> None:
        self.left_out[LeftOut(what, reason)] = None
