"""Which operations use which data models, read out of what the document says of each model."""

from functools import cache

from playground import catalogue
from playground.catalogue.operation import Operation

EVERY = {"every OpenAI-shaped call", "all OpenAI-shaped answers"}


def users_of(model: Operation) -> tuple[Operation, ...]:
    """The operations and models that use a data model."""
    found = [
        row for row in catalogue.operations() if row is not model and any(_is_meant(row, use) for use in model.used_by)
    ]
    return tuple(found)


def models_of(operation: Operation) -> tuple[Operation, ...]:
    """The data models that an operation uses."""
    return tuple(model for model in models() if any(_is_meant(operation, use) for use in model.used_by))


@cache
def models() -> tuple[Operation, ...]:
    """Every data model, in document order."""
    return tuple(row for row in catalogue.operations() if row.kind == "schema")


def model_named(name: str) -> Operation | None:
    """The data model that types call by this name."""
    return next((model for model in models() if model.schema == name), None)


def _is_meant(row: Operation, use: str) -> bool:
    if row.kind == "schema":
        return row.schema == use
    if use in EVERY:
        return row.kind == "operation" and row.auth == "bearer" and row.dialect.startswith("openai-")
    call, _, condition = use.partition(" with ")
    return f"{row.method} {row.route}" == call and (condition != "stream" or row.streaming != "none")
