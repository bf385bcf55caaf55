"""`python -m tests.faults.table`: run every test of a fault and print the table of faults, tests and results."""

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from tests.faults.rows import ROWS, TESTS, WAITS, proofs

BROWSER = "tests/browser/"


def main() -> int:
    """Print the table; 1 when a test failed."""
    tests = proofs()
    files = sorted({file for row in tests.values() for file, _ in row})
    results: dict[tuple[str, str], list[str]] = defaultdict(list)
    # Playwright and pytest-asyncio break each other in one process.
    for part in ([f for f in files if f.startswith(BROWSER)], [f for f in files if not f.startswith(BROWSER)]):
        for place, outcome in _run(part):
            results[place].append(outcome)
    print("\n".join(table(tests, results)))
    return any(outcome != "passed" for outcomes in results.values() for outcome in outcomes)


def table(tests: dict[int, list[tuple[str, str]]], results: dict[tuple[str, str], list[str]]) -> list[str]:
    """The lines of the Markdown table."""
    lines = ["| number | fault | test | result |", "|---|---|---|---|"]
    for number, fault in ROWS.items():
        if number in WAITS:
            lines.append(f"| F-{number:02} | {fault} | – | waits: {WAITS[number]} |")
        for place in tests[number]:
            lines.append(f"| F-{number:02} | {fault} | `{place[0]}::{place[1]}` | {_said(results.get(place, []))} |")
    return lines


def _said(outcomes: list[str]) -> str:
    """How all cases of one test ended."""
    worst = next((outcome for outcome in outcomes if outcome != "passed"), "passed" if outcomes else "not run")
    return worst if len(outcomes) < 2 else f"{worst} ({len(outcomes)} cases)"


def _run(files: list[str]) -> list[tuple[tuple[str, str], str]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        chosen = " or ".join(f"test_f{number:02}_" for number in ROWS)
        command = [sys.executable, "-m", "pytest", *files, "-q", "-k", chosen, f"--junitxml={report}"]
        subprocess.run(command, cwd=TESTS.parent, stdout=sys.stderr, check=False)
        cases = ElementTree.parse(report).iter("testcase")
        return [((_file(case), case.get("name", "").partition("[")[0]), _outcome(case)) for case in cases]


def _file(case: ElementTree.Element) -> str:
    return case.get("classname", "").replace(".", "/") + ".py"


def _outcome(case: ElementTree.Element) -> str:
    ends = {"failure": "failed", "error": "error", "skipped": "skipped"}
    return next((ends[child.tag] for child in case if child.tag in ends), "passed")


if __name__ == "__main__":
    sys.exit(main())
