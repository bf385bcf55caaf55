"""The API does what its description says, whatever is sent to it."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import token_of
from tests.conftest import Site
from tests.people import OWNER

EXAMPLES = 10
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_is_described(demo: None, site: Site, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(httpx.get(site.url + "/api/openapi.json").json())
    headers = {"Authorization": f"Bearer {token_of(OWNER)}"}

    for path, methods in schema.raw_schema["paths"].items():
        for method in methods:
            _ask(schema[path][method].as_strategy(mode), site.url, headers)


def _ask(cases: Any, url: str, headers: dict[str, str]) -> None:
    """Send cases of one operation; every answer is of a status, type and shape that it names."""

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        case.validate_response(case.call(base_url=url, headers=headers), checks=CHECKS)

    ask()
