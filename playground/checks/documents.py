"""JSON documents held against a schema, and asked by a path. Loaded when the first check wants it."""

import re
from typing import Any

from jsonpath_rfc9535 import JSONPathError, compile
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable


class NotHeld(ValueError):
    """A schema that refers to what it does not hold itself, or that has no end."""


class Query:
    """A JSONPath (RFC 9535). Raises ValueError for what is none."""

    def __init__(self, path: str) -> None:
        try:
            self._query = compile(path)
        except (JSONPathError, RecursionError) as error:
            raise ValueError(path) from error

    def values(self, document: Any) -> list[Any]:
        """What stands at the path; nothing when it cannot be followed."""
        try:
            return list(self._query.find(document).values())
        except (JSONPathError, RecursionError):
            return []


def is_schema(document: Any) -> bool:
    """Whether this is a JSON schema (draft 2020-12)."""
    try:
        Draft202012Validator.check_schema(document)
    except (SchemaError, RecursionError):
        return False
    return True


def fault(schema: Any, document: Any) -> str:
    """What most tells why the document is not as the schema says, as `$.path: reason`; empty when it is. Raises NotHeld."""
    try:
        # An empty registry: what a schema refers to is never fetched.
        error = best_match(Draft202012Validator(schema, registry=Registry()).iter_errors(document))
    except (Unresolvable, re.error, RecursionError) as trouble:
        raise NotHeld(str(trouble)) from trouble
    return f"{error.json_path}: {error.message}" if error else ""
