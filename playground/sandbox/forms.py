"""The fields of a request, whether they came as JSON or as a form with files. Forms are read with bounds, files are not copied."""

import re
from dataclasses import dataclass, field
from typing import Any

from .refusals import Refused

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="([^"]*)"')
_FILE_NAME = re.compile(rb'filename="([^"]*)"')
_TYPE = re.compile(rb"^content-type:\s*(\S[^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_MOST_PARTS = 200
_LARGEST_HEAD = 8_192
_LARGEST_FIELD = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form. `content` looks into the request's body."""

    field: str
    name: str
    mime: str
    content: memoryview


@dataclass(slots=True)
class Given:
    """What was given: texts of a form or values of a JSON body under their names, lists without their `[]`; and the files."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A text, or an empty one."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> float | None:
        """A number, in a form as its text."""
        value = self.fields.get(name)
        try:
            return None if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return None

    def whole(self, name: str, low: int, high: int, otherwise: int) -> int:
        """A whole number inside its bounds."""
        value = self.number(name)
        return otherwise if value is None or value != value else int(min(max(value, low), high))

    def flag(self, name: str) -> bool:
        """Whether something is switched on."""
        return self.fields.get(name) in (True, "true", "True", "1")

    def texts(self, name: str) -> list[str]:
        """All texts of a name."""
        value = self.fields.get(name)
        return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]

    def files_named(self, *names: str) -> list[File]:
        """The files of some fields."""
        return [file for file in self.files if file.field in names]


def is_form(content_type: str) -> bool:
    """Whether a body of this type is a form with files."""
    return content_type.lower().startswith("multipart/form-data")


def read(content_type: str, body: bytes) -> Given:
    """Take a form apart. Raises Refused where it is none."""
    found = _BOUNDARY.search(content_type)
    if not found:
        raise Refused(400, "no multipart boundary param in Content-Type", code="invalid_form")
    given = Given()
    for head, content in _parts(b"--" + (found[1] or found[2]).encode("latin-1", "replace"), body):
        _take(given, head, content)
    return given


def without_boundary(content_type: str, body: bytes) -> bytes:
    """The form without the boundary, which differs every time: what was asked is the same."""
    found = _BOUNDARY.search(content_type)
    return body.replace((found[1] or found[2]).encode("latin-1", "replace"), b"") if found else body


def _parts(mark: bytes, body: bytes) -> list[tuple[bytes, memoryview]]:
    whole, parts = memoryview(body), []
    start = body.find(mark)
    if start < 0:
        raise Refused(400, "multipart: NextPart: EOF", code="invalid_form")
    while body[start + len(mark) : start + len(mark) + 2] != b"--":
        begins = start + len(mark) + 2
        ends = body.find(b"\r\n" + mark, begins)
        split = body.find(b"\r\n\r\n", begins, begins + _LARGEST_HEAD)
        if ends < 0 or split < 0 or split > ends:
            raise Refused(400, "multipart: NextPart: unexpected EOF", code="invalid_form")
        parts.append((body[begins:split], whole[split + 4 : ends]))
        if len(parts) > _MOST_PARTS:
            raise Refused(400, f"multipart: more than {_MOST_PARTS} parts", code="invalid_form")
        start = ends + 2
    return parts


def _take(given: Given, head: bytes, content: memoryview) -> None:
    named = _NAME.search(head)
    if not named:
        raise Refused(400, "multipart: a part has no name", code="invalid_form")
    name = named[1].decode("utf-8", "replace").removesuffix("[]")
    file = _FILE_NAME.search(head)
    if file:
        kind = _TYPE.search(head)
        mime = kind[1].decode("latin-1").strip() if kind else "application/octet-stream"
        given.files.append(File(name, file[1].decode("utf-8", "replace"), mime, content))
        return
    if len(content) > _LARGEST_FIELD:
        raise Refused(400, f"The field {name[:60]} is too long.", code="invalid_form", param=name[:60])
    text = bytes(content).decode("utf-8", "replace")
    before = given.fields.get(name)
    many = before is not None or b'[]"' in named[0]
    given.fields[name] = [*(before if isinstance(before, list) else [before] if before else []), text] if many else text
