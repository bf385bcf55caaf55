"""Our own regular expressions against texts that were made to keep them busy for ever.

A pattern with a repeat inside a repeat can take twice as long for each further letter. Every pattern in the code is tried,
in a process of its own, on forty letters that almost fit: with such a pattern that takes hours, else no time at all.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FUNCTIONS = {
    "compile",
    "match",
    "search",
    "sub",
    "findall",
    "fullmatch",
    "finditer",
    "split",
    "re_path",
    "RegexValidator",
}
DEADLINE_SECONDS = 900
LETTERS = 40

TRY_ALL = """
import json, re, sys
for pattern, flags in json.load(sys.stdin):
    compiled = re.compile(pattern, flags)
    letters = sorted(set(re.sub(r"\\\\\\\\[a-zA-Z]", "", pattern)) | set("a1 -_.,:;/\\\\\\\\\\"'[]{}()<>=\\n\\t的é"))
    for letter in letters:
        for other in ("", "!", "\\\\", '"', "a", " "):
            for text in ((letter + other) * %d + "\\x01", pattern[:8] + (letter + other) * %d + "\\x01"):
                compiled.search(text), compiled.fullmatch(text)
    print(json.dumps(pattern), flush=True)
"""


def patterns() -> Iterator[str]:
    """Every pattern that stands in the code as a text."""
    for room in ("playground", "accounts"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _is_of_re(node.func) and node.args:
                    yield from _texts(node.args[0])


def _is_of_re(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in FUNCTIONS and isinstance(function.value, ast.Name) and function.value.id == "re"
    return isinstance(function, ast.Name) and function.id in FUNCTIONS


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    elif isinstance(node, ast.JoinedStr):
        # What is put in is letters or a class of them: any class will do.
        parts = (part.value if isinstance(part, ast.Constant) else "[a-z]" for part in node.values)
        yield "".join(str(part) for part in parts).replace("{{", "{").replace("}}", "}")


def test_no_pattern_of_ours_can_be_kept_busy():
    found = sorted(set(patterns()))
    assert len(found) > 40, "the patterns are looked for in the wrong way"

    tried = _tried(found)

    assert tried == found, f"this one did not come to an end: {found[len(tried)]!r}"


def test_the_trial_notices_a_pattern_that_can():
    assert _tried(["(a+)+$"], seconds=3) == []


def _tried(found: list[str], seconds: float = DEADLINE_SECONDS) -> list[str]:
    program = TRY_ALL % (LETTERS, LETTERS)
    given = json.dumps([(pattern, _flags(pattern)) for pattern in found])
    try:
        ended = subprocess.run(
            [sys.executable, "-c", program], input=given, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as late:
        return [json.loads(line) for line in (late.stdout or b"").decode().splitlines()]
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def _flags(pattern: str) -> int:
    return 0 if pattern.startswith("(?") and pattern[2:3].isalpha() else int(re.DOTALL)


def test_words_with_stars_for_models_are_no_patterns(db):
    """What people type as `gpt-*` is spelled letter by letter before it is looked for."""
    from accounts.models.keys import Key

    key = Key(allowed_models=["*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "(a+)+$"])

    assert not key.allows("chat-stream", "a" * 60)
    assert not key.allows("chat-stream", "aaaa")
