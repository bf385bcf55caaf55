"""A data model filled in as an example: defaults and first values where the table knows some, else a value of the type."""

from typing import Any

from playground import catalogue
from playground.catalogue import Operation, Parameter, ParameterTable
from playground.catalogue.shapes import Shape, read_shapes

DEEPEST = 6
PLAIN: dict[str, Any] = {
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "base64": "aGVsbG8=",
    "file": "@file:cat.png",
    "any": {},
}


def example_of(model: Operation) -> Any:
    """The example of a data model."""
    table = catalogue.parameters(model)
    return _object(table.parameters, table, 0)


def _object(fields: tuple[Parameter, ...], table: ParameterTable, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields:
        *way, last = field.name.split(".")
        holder: Any = made
        for step in way:
            holder = _stepped_into(holder, step)
        name = last.removesuffix("[]")
        if isinstance(holder, dict) and not isinstance(holder.get(name), dict | list):
            holder[name] = _value(field, table, depth)
    return made


def _stepped_into(holder: Any, step: str) -> Any:
    name = step.removesuffix("[]")
    if step.endswith("[]"):
        inside = holder.get(name)
        if not (isinstance(inside, list) and inside and isinstance(inside[0], dict)):
            inside = holder[name] = [{}]
        return inside[0]
    if not isinstance(holder.get(name), dict):
        holder[name] = {}
    return holder[name]


def _value(field: Parameter, table: ParameterTable, depth: int) -> Any:
    if field.has_default and field.default is not None:
        return field.default
    if field.enum or field.known_values:
        return (field.enum or field.known_values)[0]
    return _of_shape(read_shapes(field.type)[0], field, table, depth)


def _of_shape(shape: Shape, field: Parameter, table: ParameterTable, depth: int) -> Any:
    if shape.kind == "ref":
        named = table.objects.get(shape.object)
        return _object(named.fields, table, depth + 1) if named and depth < DEEPEST else {}
    if shape.kind == "array":
        return [_of_shape(shape.of[0], field, table, depth)] if depth < DEEPEST else []
    if shape.kind == "map":
        return {"name": _of_shape(shape.of[0], field, table, depth)}
    if shape.kind == "object":
        return {}
    if shape.kind in PLAIN:
        return field.minimum if field.minimum else PLAIN[shape.kind]
    return field.name.rpartition(".")[2].removesuffix("[]")
