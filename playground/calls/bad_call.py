"""A call that cannot be made from what was given."""

from collections.abc import Callable
from typing import Any, Literal

SENTENCES = {
    "not_a_call": "This page is for reading. Choose an operation to send a call.",
    "wrong_shape": "{field} must be {wanted}.",
    "body_missing": "This operation needs a body. Fill in its parameters first.",
    "body_unwanted": "This operation takes no body. Remove it and send again.",
    "not_an_object": "The body must be a JSON object. Begin it with { and end it with }.",
    "not_json": "The body is not valid JSON near line {line}, column {column}. Look there for a missing comma, quote or bracket.",
    "byte_order_mark": "The body begins with an invisible byte order mark. Delete its first character.",
    "too_large": "The body is larger than {limit} MiB. Give large files by their address instead.",
    "too_deep": "The body is nested deeper than {limit} levels. Flatten it.",
    "too_many": "The body holds more than {limit} values. Split it into several calls.",
    "nul": "The body holds a NUL byte. Delete it, or write it as \\u0000 inside a text.",
    "not_a_number": "{value} is not a JSON number. Write a plain number or null.",
    "surrogate": "{field} holds half of a character ({half}). Write the whole character, or delete it.",
    "duplicate_key": "“{name}” stands twice in one object, so nobody can tell which one counts. Keep one of them.",
    "path_missing": "The path needs a value for {name}. Fill it in.",
    "path_unknown": "The path has no place for {name}. Remove it.",
    "path_value": "The path value {name} must not hold {what}. Give the bare name or id.",
    "query_key": "The query must not hold “{name}”: the chosen key is added by the site, and never to the address. Remove it.",
    "header_name": "“{name}” is not a header name. Use letters, digits and hyphens.",
    "header_twice": "The header {name} is given twice. Keep one of them.",
    "header_own": "The header {name} belongs to the connection and is set by the site. Remove it.",
    "header_key": "The header {name} would carry a key. The chosen key is added by the site; remove the header.",
    "header_form": "The header {name} is set by the site, because it names the boundary of the form. Remove it.",
    "header_value": "The header {name} holds {what}, which no header can carry. Remove it from the value.",
    "header_long": "The header {name} is longer than {limit} characters. Shorten it.",
    "key_value": "The key holds a character that no header can carry. Enter the key again.",
    "file_missing": "There is no uploaded file “{name}” for {field}. Choose the file again.",
    "files_large": "With its files the call is larger than {limit} MiB. Send fewer or smaller files.",
    "variable_json": "The value of “{name}” is not valid JSON, which its place asks for. Write it as JSON, a text in quotes.",
    "file_not_text": "The file “{name}” is not UTF-8 text, which {field} needs. Choose another file.",
}
WANTED = {"text": "a text", "object": "an object", "number_or_text": "a text or a number"}


class BadCall(Exception):
    """What was given cannot be sent: `field` says where, `message` what is wrong and the way on.

    `code` is the error code of the websocket protocol, `reason` the name of the sentence.
    """

    def __init__(self, reason: str, field: str, **details: Any) -> None:
        self.reason = reason
        self.field = field
        self.details = details
        super().__init__(self.message)

    @property
    def code(self) -> Literal["bad_call", "too_large"]:
        return "too_large" if self.reason == "too_large" else "bad_call"

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.told(str)

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, a page's `gettext`."""
        words = {"field": self.field, **self.details}
        if "wanted" in words:
            words["wanted"] = translate(WANTED[words["wanted"]])
        sentence = translate(SENTENCES[self.reason])
        for name, value in words.items():
            # Not `format`: sentences may show braces.
            sentence = sentence.replace("{" + name + "}", str(value))
        return sentence
