"""Bodies of the multipart operations: fields and files as `multipart/form-data`."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from playground.calls.attachments import MARK, Attachment, Body, file_named
from playground.catalogue import Operation, ParameterTable, parameters
from playground.catalogue.shapes import read_shapes

Field = str | Attachment


def form_body(
    operation: Operation, body: Mapping[str, Any], attachments: Mapping[str, Attachment]
) -> tuple[bytes, str]:
    """The bytes of the form and the content type that names their boundary."""
    boundary = f"playground-{secrets.token_hex(16)}"
    table, content = parameters(operation), Body()
    for name, value in body.items():
        for field, text in _fields(name, value):
            for piece in _part(boundary, field, _filled(table, field, text, attachments)):
                content.write(piece)
    content.write(f"--{boundary}--\r\n".encode())
    return content.content(), f"multipart/form-data; boundary={boundary}"


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as form fields, spelled as OpenAI's libraries do: lists as `name[]`, objects as `name[key]`."""
    if isinstance(value, list):
        for item in value:
            yield from _fields(name if name.endswith("[]") else f"{name}[]", item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(f"{name}[{key}]", inner)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        # A form has no way to say null: the field is left out.
        yield name, str(value)


def _filled(table: ParameterTable, name: str, text: str, attachments: Mapping[str, Attachment]) -> Field:
    if text.startswith(MARK) and _takes_files(table, name):
        return file_named(text, name, attachments)
    return text


def _takes_files(table: ParameterTable, name: str) -> bool:
    parameter = table.find(name)
    if parameter is None:
        return False
    shapes = read_shapes(parameter.type)
    return any(inner.kind == "file" for shape in shapes for inner in (shape, *shape.of))


def _part(boundary: str, name: str, field: Field) -> Iterator[bytes]:
    disposition = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(field, Attachment):
        yield f'{disposition}; filename="{_quoted(field.name)}"\r\nContent-Type: {field.mime}\r\n\r\n'.encode()
        yield from field.pieces()
    else:
        yield f"{disposition}\r\n\r\n{field}".encode()
    yield b"\r\n"


def _quoted(name: str) -> str:
    """As browsers spell names in forms."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
