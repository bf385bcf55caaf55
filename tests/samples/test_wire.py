"""The sample of the bare request: put onto the wire as it stands, it is what the site sends."""

import pytest

from playground import samples
from tests.samples.capture import SOUND, Capture, Captured
from tests.samples.cases import CASES, FILES
from tests.samples.programs import KEY
from tests.samples.wire import answer_to


@pytest.fixture(scope="module")
def answers(capture: Capture) -> dict[str, bytes]:
    """What came back for every case."""
    files = {file.name: file.content for file in FILES.values()}
    for case in CASES:
        capture.first_was_seen(f"http/{case}").set()
    codes = {case: samples.sample(call, "http", base_url=f"{capture.url}/http/{case}") for case, call in CASES.items()}
    assert not [case for case, code in codes.items() if KEY in code]
    return {case: answer_to(code, files, KEY) for case, code in codes.items()}


@pytest.mark.parametrize("case", CASES)
def test_a_bare_request_is_what_the_site_sends(
    case: str, answers: dict[str, bytes], capture: Capture, sent_by_the_site: dict[str, Captured]
) -> None:
    wanted, found = sent_by_the_site[case], capture.only(f"http/{case}")

    assert (found.method, found.path, found.query) == (wanted.method, wanted.path, wanted.query)
    assert found.content == wanted.content
    assert found.chosen_headers == wanted.chosen_headers


def test_a_bare_request_is_answered(answers: dict[str, bytes]) -> None:
    assert (answers["speech"], answers["chat"]) == (SOUND, b'{"ok": true}')
