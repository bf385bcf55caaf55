"""The whole catalogue as one OpenAPI 3.1 document."""

from functools import cache
from typing import Any

from playground import catalogue
from playground.catalogue import Operation
from playground.catalogue.examples import sendable
from playground.catalogue.schema import json_schema

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "x-api-key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "x-goog-api-key": {"type": "apiKey", "in": "header", "name": "x-goog-api-key"},
}
ANSWERS = {"audio": "audio/mpeg", "video": "video/mp4"}


@cache
def document(language: str) -> dict[str, Any]:
    """Every operation by its path; rows that share one are told apart by their examples."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    for row in catalogue.operations():
        if row.kind != "operation" or row.method is None:
            continue
        methods = paths.setdefault(row.route, {})
        method = row.method.lower()
        if method not in methods:
            methods[method] = _operation(row, language, schemas)
        _add_example(methods[method], row, language)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Team Playground", "version": "1", "summary": "Every call the gateway knows"},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": SECURITY},
    }


def _operation(row: Operation, language: str, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": row.id,
        "summary": row.title[language],
        "description": row.purpose[language],
        "tags": [row.section[language][0]],
        "parameters": _parameters(row, language),
        "responses": {"200": {"description": ", ".join(row.result_kinds), "content": _answer(row)}},
    }
    if row.auth != "none":
        told["security"] = [{row.auth: []}]
    if row.content_type != "none":
        kind = "multipart/form-data" if row.content_type == "multipart" else "application/json"
        told["requestBody"] = {"required": True, "content": {kind: {"schema": _schema(row, schemas)}}}
    return told


def _parameters(row: Operation, language: str) -> list[dict[str, Any]]:
    table = catalogue.parameters(row)
    found = [
        {
            "name": each.name,
            "in": each.place,
            "required": each.required or each.place == "path",
            "description": getattr(each, language),
            "schema": {"type": each.type if each.type in ("integer", "number", "boolean") else "string"},
        }
        for place in ("path", "query", "header")
        for each in table.of(place)
    ]
    named = {each["name"] for each in found if each["in"] == "path"}
    return found + [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in row.path_values
        if name not in named and "{" + name + "}" in row.route
    ]


def _schema(row: Operation, schemas: dict[str, Any]) -> dict[str, str]:
    """The body's schema, kept once for each call; its own definitions go with it under the call's name."""
    name = row.id
    schema = {**json_schema(catalogue.parameters(row))}
    schema.pop("$schema")
    definitions = schema.pop("$defs")
    schemas[name] = _moved(schema, name)
    schemas |= {f"{name}.{inner}": _moved(definition, name) for inner, definition in definitions.items()}
    return {"$ref": f"#/components/schemas/{name}"}


def _moved(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {
            key: f"#/components/schemas/{name}.{inner.removeprefix('#/$defs/')}"
            if key == "$ref"
            else _moved(inner, name)
            for key, inner in value.items()
        }
    return [_moved(inner, name) for inner in value] if isinstance(value, list) else value


def _answer(row: Operation) -> dict[str, Any]:
    binary = row.dialect in ("openai-audio", "sora-video") and row.result_kinds in (("audio",), ("video",))
    kinds = [ANSWERS[row.result_kinds[0]]] if binary else ["application/json"]
    kinds += ["text/event-stream"] if row.streaming != "none" else []
    return {kind: {} for kind in (kinds[1:] if row.streaming == "sse" else kinds)}


def _add_example(operation: dict[str, Any], row: Operation, language: str) -> None:
    if row.example is None or "requestBody" not in operation:
        return
    for content in operation["requestBody"]["content"].values():
        examples = content.setdefault("examples", {})
        examples[row.id] = {"summary": row.title[language], "value": sendable(row)}
