"""What can be asked of the gateway, as data: the document's rows, their parameters, their data models.

The rows are small and read at once; parameter tables are read one dialect at a time, when first asked for.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from playground.catalogue.operation import (
    FollowUp,
    NamedObject,
    Operation,
    Parameter,
    ParameterTable,
    Removal,
    Words,
)

__all__ = ["NamedObject", "Operation", "Parameter", "ParameterTable", "find", "operations", "parameters"]

HERE = Path(__file__).parent
NOTHING = ParameterTable()

# The pure Python loader needs ten times as long.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def operations() -> tuple[Operation, ...]:
    """Every row of the document, in its order."""
    return tuple(_rows())


def find(id: str) -> Operation | None:
    """The row of that id."""
    return _by_id().get(id)


def parameters(operation: Operation) -> ParameterTable:
    """What the operation takes; for a data model its fields and the models they name; nothing for a guide."""
    if operation.kind == "schema":
        return _model(operation.dialect, operation.schema or "")
    if operation.kind == "guide":
        return NOTHING
    return _tables(operation.dialect).get(_call_of(operation), NOTHING)


@cache
def _by_id() -> dict[str, Operation]:
    return {operation.id: operation for operation in operations()}


def _rows() -> Iterator[Operation]:
    # The files are numbered in document order.
    for file in sorted((HERE / "operations").glob("*.yaml")):
        for group in _read(file)["groups"]:
            section = {language: tuple(names) for language, names in group["section"].items()}
            for row in group["operations"]:
                yield _operation(row, section)


def _operation(row: dict[str, Any], section: dict[str, tuple[str, ...]]) -> Operation:
    given: dict[str, Any] = {"kind": "operation", **row}
    for name in ("result_kinds", "notes", "used_by"):
        given[name] = tuple(row.get(name, ()))
    return Operation(
        **{
            **given,
            "section": section,
            "drop_before_sending": tuple(
                Removal(paths=tuple(entry["remove"]), reason=_words(entry))
                for entry in row.get("drop_before_sending", ())
            ),
            "follow_up": tuple(_follow_up(entry) for entry in row.get("follow_up", ())),
        }
    )


def _follow_up(entry: dict[str, Any]) -> FollowUp:
    adds = {name: value for name, value in entry.items() if name not in ("when", "call")}
    return FollowUp(when=entry["when"], call=entry["call"], adds=adds)


@cache
def _tables(dialect: str) -> dict[str, ParameterTable]:
    """The tables of a dialect by the calls they belong to, spelled `POST /v1/embeddings`."""
    file = _read(HERE / "parameters" / f"{dialect}.yaml")
    objects = {name: _named_object(entry) for name, entry in file.get("objects", {}).items()}
    tables = {}
    for entry in file["tables"]:
        notes = (*entry.get("notes", ()), *file.get("notes", ()))
        table = ParameterTable(_parameters(entry["parameters"]), objects, notes)
        tables.update(dict.fromkeys(entry["calls"], table))
    return tables


@cache
def _model(dialect: str, name: str) -> ParameterTable:
    models = _models()
    model = models[name]
    used = {inner: models[inner] for inner in _models_named_by(model.fields)}
    return ParameterTable(model.fields, used)


@cache
def _models() -> dict[str, NamedObject]:
    """The data models of all dialects by name: a model may name one of another dialect."""
    models = {}
    for file in sorted((HERE / "schemas").glob("*.yaml")):
        for name, entry in _read(file)["models"].items():
            models[name] = _named_object(entry)
    return models


def _models_named_by(fields: Iterable[Parameter]) -> list[str]:
    """Names of models that the fields name, directly or by way of another model."""
    found: list[str] = []
    waiting = [field.type for field in fields]
    while waiting:
        for word in waiting.pop().replace(">", " ").replace("<", " ").split():
            name = word.removeprefix("object:")
            if name != word and name not in found:
                found.append(name)
                waiting += [field.type for field in _models()[name].fields]
    return found


def _named_object(entry: dict[str, Any]) -> NamedObject:
    return NamedObject(
        fields=_parameters(entry["fields"]),
        discriminator=entry.get("discriminator", {}),
        used_in=tuple(entry.get("used_in", ())),
        en=entry.get("en", ""),
        zh=entry.get("zh", ""),
    )


def _parameters(rows: list[dict[str, Any]]) -> tuple[Parameter, ...]:
    return tuple(_parameter(row) for row in rows)


def _parameter(row: dict[str, Any]) -> Parameter:
    known = {name: value for name, value in row.items() if name not in ("in", "enum", "known_values")}
    return Parameter(
        **known,
        place=row.get("in", "body"),
        has_default="default" in row,
        enum=tuple(row.get("enum", ())),
        known_values=tuple(row.get("known_values", ())),
    )


def _call_of(operation: Operation) -> str:
    return f"{operation.method} {operation.route}"


def _words(entry: dict[str, Any]) -> Words:
    return {"zh": entry["zh"], "en": entry["en"]}


def _read(file: Path) -> Any:
    return yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506 - both loaders are safe ones
