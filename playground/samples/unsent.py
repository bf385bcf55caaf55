"""A call as it would go out, for showing only: uploaded files are named in it, not carried."""

import base64
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from playground.calls import Attachment, Call, call_from
from playground.calls.attachments import MARK
from playground.catalogue import Operation

DATA_URL = r"(?:data:[\w.+/-]+;base64,)?"


class _Named(Mapping[str, Attachment]):
    """Stands for every file there might be. The content of each is its own mark, by which it is found again."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Attachment:
        self.asked.add(name)
        return Attachment(name, mimetypes.guess_type(name)[0] or "application/octet-stream", (MARK + name).encode())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)


def unsent(operation: Operation, given: Mapping[str, Any], stream: bool | None = None) -> Call:
    """The call that `given` describes, files left as their marks. Raises BadCall as `call_from` does."""
    files = _Named()
    call = call_from(operation, given, stream, files)
    if call.content_type.startswith("multipart/"):
        return call
    text = call.body.decode()
    for name in files.asked:
        mark = MARK + name
        carried = base64.b64encode(mark.encode()).decode()
        spelled = json.dumps(mark, ensure_ascii=False)
        text = re.sub(f'"{DATA_URL}{re.escape(carried)}"', lambda found, spelled=spelled: spelled, text)  # type: ignore[misc]
    return replace(call, body=text.encode())
