"""What is wrong with a body, field by field, in plain sentences.

The sentences are English source texts; a page passes its own `gettext` to `Problem.told`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from playground.catalogue import ParameterTable, parameters
from playground.catalogue.operation import Operation, Parameter
from playground.catalogue.schema import json_schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

MOST = 100
"""A body that is wrong throughout gets this many sentences, not thousands."""

SENTENCES = {
    "missing": "{name} is missing.",
    "unknown": "{name} is not in the document. It is sent as it stands.",
    "type": "{name} should be {kinds}, not {given}.",
    "enum": "{name} must be one of: {values}.",
    "minimum": "{name} must be at least {limit}.",
    "maximum": "{name} must be at most {limit}.",
    "min_length": "{name} must have at least {limit} characters.",
    "max_length": "{name} must have at most {limit} characters.",
    "min_items": "{name} must have at least {limit} entries.",
    "max_items": "{name} must have at most {limit} entries.",
}
# The same where the limit is one.
OF_ONE = {
    "min_length": "{name} must have at least 1 character.",
    "max_length": "{name} must have at most 1 character.",
    "min_items": "{name} must have at least 1 entry.",
    "max_items": "{name} must have at most 1 entry.",
}
KINDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
WHOLE_BODY = "The body"
OR = " or "

_CODES = {
    "type": "type",
    "enum": "enum",
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that is wrong (`error`) or merely unknown (`hint`); `pointer` is its JSON pointer."""

    pointer: str
    name: str
    code: str
    level: Literal["error", "hint"] = "error"
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.told(str)

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`."""
        words: dict[str, Any] = {"name": self.name or translate(WHOLE_BODY), **self.details}
        if self.code == "type":
            words["kinds"] = translate(OR).join(translate(KINDS[kind]) for kind in self.details["kinds"])
            words["given"] = translate(KINDS[self.details["given"]])
        is_one = self.details.get("limit") == 1 and self.code in OF_ONE
        return translate((OF_ONE if is_one else SENTENCES)[self.code]).format(**words)


def problems(operation: Operation, body: Any) -> list[Problem]:
    """What is wrong with the body of an operation, in the order of its table; nothing for one that takes no body."""
    if operation.content_type == "none":
        return []
    table = parameters(operation)
    found: dict[tuple[str, str], Problem] = {}
    read = _as_form(table, body) if operation.content_type == "multipart" else body
    for problem in _found(_validator(table), read):
        problem = _as_sent(problem, body) if read is not body else problem
        found.setdefault((problem.pointer, problem.code), problem)
        if len(found) == MOST:
            break
    return list(found.values())


@cache
def _validator(table: ParameterTable) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # 10 MiB that an idle server need not hold

    return Draft202012Validator(json_schema(table))


def _found(validator: "Draft202012Validator", body: Any) -> Iterator[Problem]:
    for error in validator.iter_errors(body):
        yield from _told_by(error)


def _as_form(table: ParameterTable, body: Any) -> Any:
    """A multipart body as its server reads it: `image[]` is `image`, and `0.5` is a number however it was spelled."""
    if not isinstance(body, dict):
        return body
    return {name.removesuffix("[]"): _read_as(table.find(name), value) for name, value in body.items()}


def _as_sent(problem: Problem, body: Any) -> Problem:
    """The problem at the field as the form spells it: at `image[]` what its server calls `image`."""
    name = problem.pointer[1:].partition("/")[0]
    if not isinstance(body, dict) or name in body or f"{name}[]" not in body:
        return problem
    pointer, spelled = problem.pointer, problem.name
    return replace(problem, pointer=f"/{name}[]{pointer[len(name) + 1 :]}", name=f"{name}[]{spelled[len(name) :]}")


def _read_as(parameter: Parameter | None, value: Any) -> Any:
    if parameter is None or not isinstance(value, str) or parameter.type not in ("number", "integer", "boolean"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _told_by(error: Any) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield _problem((*path, name), "missing")
    elif error.validator == "additionalProperties":
        for name in error.instance:
            if name not in error.schema["properties"]:
                yield _problem((*path, name), "unknown", "hint")
    elif error.validator == "type":
        yield _problem(path, "type", kinds=tuple(_kinds(error.validator_value)), given=_kind_of(error.instance))
    elif error.validator == "enum":
        yield _problem(path, "enum", values=", ".join(str(value) for value in error.validator_value))
    elif error.validator in _CODES:
        yield _problem(path, _CODES[error.validator], limit=error.validator_value)


def _problem(
    path: tuple[str | int, ...], code: str, level: Literal["error", "hint"] = "error", **details: Any
) -> Problem:
    return Problem(pointer=_pointer(path), name=_spelled(path), code=code, level=level, details=details)


def _pointer(path: tuple[str | int, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _spelled(path: tuple[str | int, ...]) -> str:
    """The path as people write it: `messages[0].role`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _kinds(types: str | list[str]) -> list[str]:
    kinds = [types] if isinstance(types, str) else types
    return [kind for kind in kinds if kind != "null"] or ["null"]


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, python in (("string", str), ("integer", int), ("number", float), ("array", list)):
        if isinstance(value, python):
            return kind
    return "object"
