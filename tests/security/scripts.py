"""The regular expressions that stand in a script, found by reading it as far as that takes: texts, comments, brackets."""

import re
from collections.abc import Iterator

# What stands before a slash that begins a pattern; after anything else it divides.
BEFORE = re.compile(r"(?:^|[(,=:\[!&|?{};+*%<>~^-]|\b(?:return|typeof|case|of|in|do|else|await|yield))\s*$")
BLANK = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
TEXT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
PATTERN = re.compile(r"/((?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([dgimsuvy]*)")


def patterns_in(script: str) -> Iterator[tuple[str, str]]:
    """Each pattern and its flags."""
    at, before = 0, ""
    inside: list[bool] = []  # of each open brace, whether it is that of a `${…}` in a template
    while at < len(script):
        letter = script[at]
        if found := BLANK.match(script, at):
            at = found.end()
            continue
        if letter == "`" or (letter == "}" and inside and inside[-1]):
            if letter == "}":
                inside.pop()
            at, opens = _after_template(script, at + 1)
            inside += [True] * opens
            before = "(" if opens else "x"
            continue
        if found := TEXT.match(script, at):
            at, before = found.end(), "x"
            continue
        if letter == "/" and BEFORE.search(before) and (found := PATTERN.match(script, at)):
            yield found[1], found[2]
            at, before = found.end(), "x"
            continue
        if letter in "{}":
            inside = [*inside, False] if letter == "{" else inside[:-1]
        before, at = (before + letter)[-16:], at + 1


def _after_template(script: str, at: int) -> tuple[int, bool]:
    """Where the text of a template ends, and whether code begins there."""
    while script[at] != "`":
        if script.startswith("${", at):
            return at + 2, True
        at += 2 if script[at] == "\\" else 1
    return at + 1, False
