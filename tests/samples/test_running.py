"""Samples are run: what they send is what the site sends, and they show an answer as it comes."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground import samples
from tests.samples.capture import FIRST, SECOND, SOUND, Capture, Captured
from tests.samples.cases import CASES
from tests.samples.programs import KEY, STARTED_BY, prepared, started

FILES = {language.id: language.file for language in samples.LANGUAGES}


@dataclass(frozen=True)
class Ran:
    """What one program did: the request it sent, what it printed, the folder it ran in."""

    request: Captured
    output: bytes
    folder: Path


@pytest.fixture(scope="module", params=STARTED_BY)
def ran(request: pytest.FixtureRequest, capture: Capture, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Every case, sent by the samples in one language; two at a time."""
    language, folder = request.param, tmp_path_factory.mktemp(request.param)
    with ThreadPoolExecutor(2) as two:
        found = two.map(lambda case: _run(language, case, folder / case, capture), CASES)
        return dict(zip(CASES, found, strict=True))


def _run(language: str, case: str, folder: Path, capture: Capture) -> Ran:
    prefix = f"{language}/{case}"
    code = samples.sample(CASES[case], language, base_url=f"{capture.url}/{prefix}")
    assert KEY not in code
    program = started(prepared(folder, language, FILES[language], code), language)
    output = _read_piece_by_piece(program, capture, prefix) if case == "stream" else b""
    rest, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors.decode()
    assert prefix in capture.requests, f"{prefix}: {(output + rest + errors).decode()}"
    return Ran(capture.only(prefix), output + rest, folder)


def _read_piece_by_piece(program: subprocess.Popen[bytes], capture: Capture, prefix: str) -> bytes:
    assert program.stdout is not None
    seen = b""
    while b"first" not in seen and (piece := program.stdout.read1(4096)):  # type: ignore[attr-defined]
        seen += piece
    capture.first_was_seen(prefix).set()
    return seen


@pytest.mark.parametrize("case", CASES)
def test_a_sample_sends_what_the_site_sends(
    case: str, ran: dict[str, Ran], sent_by_the_site: dict[str, Captured]
) -> None:
    wanted, found = sent_by_the_site[case], ran[case].request

    assert (found.method, found.path, found.query) == (wanted.method, wanted.path, wanted.query)
    assert found.content == wanted.content
    assert found.chosen_headers == wanted.chosen_headers


def test_a_stream_is_printed_as_it_comes(ran: dict[str, Ran]) -> None:
    assert ran["stream"].output.rstrip() == (FIRST + SECOND).rstrip()


def test_sound_is_saved_to_a_file(ran: dict[str, Ran]) -> None:
    assert (ran["speech"].folder / "speech.mp3").read_bytes() == SOUND


def test_a_plain_answer_is_printed(ran: dict[str, Ran]) -> None:
    assert ran["chat"].output.strip().endswith(b'{"ok": true}')
