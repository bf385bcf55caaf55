"""The values of the catalogue: what can be asked of the gateway, as plain data in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Words = Mapping[str, str]
"""A text in both languages: `{"zh": …, "en": …}`."""

Kind = Literal["operation", "guide", "schema"]
GROUPS = ("common", "sampling", "output", "tools", "advanced")


@dataclass(frozen=True, slots=True)
class Removal:
    """Parts of an example that contradict other parts or cannot be sent as they stand, and why."""

    paths: tuple[str, ...]
    reason: Words


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is usually called next: when, which call, and what it adds to the body."""

    when: Words
    call: str
    adds: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One row of the document: a call, a guide or a data model.

    `path` is spelled as in the document, placeholders and query included; `route` is it without the query.
    `stream_by` tells how an operation that can do both is made to stream: `path` (Gemini), or the body fields
    that switch it on. `example` may carry contradicting parts; `drop_before_sending` names them.
    """

    id: str
    kind: Kind
    section: Mapping[str, tuple[str, ...]]
    title: Words
    purpose: Words
    dialect: str
    method: str | None = None
    path: str | None = None
    auth: Literal["bearer", "x-api-key", "x-goog-api-key", "none"] = "none"
    content_type: Literal["json", "multipart", "none"] = "none"
    streaming: Literal["none", "sse", "either"] = "none"
    stream_by: Mapping[str, Any] | Literal["path"] = field(default_factory=lambda: {"stream": True})
    result_kinds: tuple[str, ...] = ()
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, Any] | None = None
    alternative_example: Mapping[str, Any] | None = None
    drop_before_sending: tuple[Removal, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()
    notes: tuple[Words, ...] = ()
    unverified: Words | None = None
    schema: str | None = None
    used_by: tuple[str, ...] = ()

    @property
    def route(self) -> str:
        """The path without its query; empty for rows that are no call."""
        return (self.path or "").partition("?")[0]

    @property
    def models(self) -> tuple[str, ...]:
        """The models its examples name."""
        named = [self.path_values.get("model")]
        named += [example.get("model") for example in (self.example, self.alternative_example) if example]
        return tuple(dict.fromkeys(model for model in named if model))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a call: where it stands, what it may hold, what it means.

    `name` is dotted for nested fields; `required` counts inside the object it belongs to. `enum` is closed,
    `known_values` is open. `newer` marks what is younger than the document, `beta` what needs a beta header,
    `gateway` what gateways and vendors add.
    """

    name: str
    type: str
    en: str
    zh: str
    place: Literal["body", "path", "query", "header"] = "body"
    group: str = "advanced"
    required: bool = False
    nullable: bool = False
    deprecated: bool = False
    newer: bool = False
    beta: bool = False
    gateway: bool = False
    has_default: bool = False
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    enum: tuple[Any, ...] = ()
    known_values: tuple[str, ...] = ()
    applies_to: Words | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class NamedObject:
    """A shape that types refer to by name; `discriminator` holds the fields whose values tell it from its siblings."""

    fields: tuple[Parameter, ...]
    discriminator: Mapping[str, str] = field(default_factory=dict)
    used_in: tuple[str, ...] = ()
    en: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ParameterTable:
    """All a call takes: its parameters in document order, and the objects their types name."""

    parameters: tuple[Parameter, ...] = ()
    objects: Mapping[str, NamedObject] = field(default_factory=dict)
    notes: tuple[Words, ...] = ()

    def of(self, place: str) -> tuple[Parameter, ...]:
        """The parameters that stand in the body, the path, the query or the headers."""
        return tuple(parameter for parameter in self.parameters if parameter.place == place)

    def find(self, name: str) -> Parameter | None:
        """The parameter of that name; `image[]` is the multipart spelling of `image`."""
        bare = name.removesuffix("[]")
        return next((parameter for parameter in self.parameters if parameter.name in (name, bare)), None)
