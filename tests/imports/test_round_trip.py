"""A call that is exported and imported again is the same call."""

from dataclasses import replace

import pytest

from playground import catalogue, exchange, samples
from playground.calls import Call, call_from
from tests.samples.cases import CASES, FILES

URL = "https://gateway.example/root"
WRITTEN = {
    "curl": lambda call: samples.sample(call, "shell", base_url=URL),
    "har": lambda call: exchange.as_har(samples.request_of(call, URL, "KEY"), "2026-11-22T10:00:00Z"),
    "postman": lambda call: exchange.as_postman(samples.request_of(call, URL, "KEY"), "A call"),
}
LONG = call_from(
    catalogue.find("chat-basic"), {"body": {"model": "m", "messages": [{"role": "user", "content": "长'" * 60_000}]}}
)


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("case", CASES)
def test_an_exported_call_comes_back(case: str, kind: str) -> None:
    call = CASES[case]

    found = exchange.imported(exchange.read(WRITTEN[kind](call)), hint=call.operation)

    back = call_from(found.operation, found.call, attachments=FILES)
    assert _without_boundary(back) == _without_boundary(call)
    assert _parts(back) == _parts(call)
    assert found.key_mask == ""
    assert {entry.reason for entry in found.left_out} <= {"key", "file", "curl", "answer"}


def test_a_body_too_long_for_an_argument_comes_back() -> None:
    written = samples.sample(LONG, "shell", base_url=URL)

    found = exchange.imported(exchange.read(written), hint=LONG.operation)

    assert call_from(found.operation, found.call) == LONG


@pytest.mark.parametrize(
    "operation", [row for row in catalogue.operations() if row.kind == "operation"], ids=lambda row: row.id
)
def test_every_operation_is_found_again_by_its_address(operation: catalogue.Operation) -> None:
    path = operation.path
    for name, value in operation.path_values.items():
        path = path.replace("{" + name + "}", value)

    found = exchange.imported(exchange.read(f"curl -X {operation.method} '{URL}{path}'"), hint=operation.id)

    assert (found.operation, found.path) == (operation, dict(operation.path_values))


def _without_boundary(call: Call) -> Call:
    is_form = call.content_type.startswith("multipart/")
    return replace(call, body=b"", content_type="multipart/form-data") if is_form else call


def _parts(call: Call) -> object:
    return samples.request_of(call, URL, "KEY").form
