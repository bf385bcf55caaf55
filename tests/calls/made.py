"""Calls made from an operation's example and what a test changes of it."""

from typing import Any

import pytest

from playground import catalogue
from playground.calls import Attachment, BadCall, Call, call_from

CALLED = [row for row in catalogue.operations() if row.kind == "operation"]
CAT = Attachment("cat.png", "image/png", b"\x89PNG cat")


def call(id: str = "chat-basic", stream: bool | None = None, files: tuple[Attachment, ...] = (), **given_: Any) -> Call:
    operation = catalogue.find(id)
    if operation.path_values:
        given_.setdefault("path", dict(operation.path_values))
    if operation.example and "body_text" not in given_:
        given_.setdefault("body", operation.example)
    return call_from(operation, given_, stream, {file.name: file for file in files})


def refused(*args: Any, **given_: Any) -> tuple[str, str, str]:
    """The reason, the field and the sentence of a refusal."""
    with pytest.raises(BadCall) as bad:
        call(*args, **given_)
    return bad.value.reason, bad.value.field, bad.value.message


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in texts_in(item)]
