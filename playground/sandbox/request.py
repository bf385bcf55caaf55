"""What was asked of the sandbox, read once and looked at by handlers."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from . import forms, keys, model_name
from .pace import NATURAL, SLOW, Pace
from .refusals import Refused
from .seed import Seed

_MULTIPART_MODEL = re.compile(rb'name="model"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n')


@dataclass(eq=False)
class Request:
    """One request. `values` are the placeholders of its route's path."""

    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    origin: str
    values: dict[str, str] = field(default_factory=dict)

    @cached_property
    def query(self) -> dict[str, str]:
        """The query, first value of each name."""
        return dict(reversed(parse_qsl(self.query_string, keep_blank_values=True)))

    @cached_property
    def key(self) -> keys.Key | None:
        """The key it shows, if it is one."""
        return keys.read(self.headers, self.query)

    @cached_property
    def seed(self) -> Seed:
        """Where everything made up for this request comes from. The key has no part in it."""
        asked = "&".join(part for part in self.query_string.split("&") if not part.startswith("key="))
        kind = self.headers.get("content-type", "")
        body = forms.without_boundary(kind, self.body) if forms.is_form(kind) else self.body
        return Seed(self.method, self.path, asked, body)

    @cached_property
    def given(self) -> forms.Given:
        """The fields and files of the body, a JSON object or a form."""
        kind = self.headers.get("content-type", "")
        return forms.read(kind, self.body) if forms.is_form(kind) else forms.Given(self.json)

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is refused."""
        try:
            value = orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError as problem:
            raise Refused(400, f"The body is not valid JSON: {problem}", code="invalid_json") from problem
        if not isinstance(value, dict):
            raise Refused(400, "The body must be a JSON object.", code="invalid_type")
        return value

    @cached_property
    def model(self) -> model_name.ModelName:
        """The model it names, in its path or its body."""
        return model_name.read(self.values.get("model") or self._model_of_body())

    def _model_of_body(self) -> str:
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/"):
            found = _MULTIPART_MODEL.search(self.body)
            return found[1].decode("utf-8", "replace") if found else ""
        try:
            named = self.json.get("model")
        except Refused:
            return ""
        return named if isinstance(named, str) else ""

    @property
    def pace(self) -> Pace:
        """How fast its answer shall be."""
        if self.model.pace is not None:
            return self.model.pace
        return SLOW if self.key is not None and self.key.ending == "slow" else NATURAL

    @property
    def fault(self) -> str | None:
        """The fault it asks for, by header or by its model's name."""
        return self.headers.get("x-sandbox-fault") or self.model.fault

    @property
    def strict(self) -> bool:
        """Whether contradicting parameters shall be refused as the real thing would."""
        return self.headers.get("x-sandbox-strict") == "1"

    @property
    def brief(self) -> bool:
        """Whether the fault asked for needs a short answer."""
        return self.fault == "one-byte"
