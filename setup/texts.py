"""The site's texts: found in the code, translated in locale/parts/*.po, compiled for Django and for the scripts.

    python setup/texts.py compile    makes django.mo and texts.json of every language
    python setup/texts.py check      tells what is untranslated, unused, contradictory or misspelled, and fails
    python setup/texts.py missing    prints the untranslated texts as entries to be filled in

Sources are English, so English needs no catalogue. GNU gettext is not needed.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "locale" / "parts"
TARGET = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
STAMP = ROOT / "locale" / ".compiled"
PLURAL_FORMS = "nplurals=1; plural=0;"

# The arguments of each function, in order; what is no text of ours is left out.
CALLS = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
LITERAL = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
# Django writes the texts of templates as u'…'.
TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*(u?(?:{LITERAL})(?:\s*,\s*u?(?:{LITERAL}))*)", re.DOTALL)
SCRIPT_CALL = re.compile(rf"(?<![\w.$])t\(\s*({LITERAL}|`[^`$]*`)", re.DOTALL)
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*\}(?!\})")


@dataclass(frozen=True, order=True)
class Text:
    """One text as the code asks for it."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """By what a catalogue finds it."""
        return self.context, self.text


Used = dict[Text, list[str]]


def used_texts() -> Used:
    """Every text the code asks for, with the places."""
    found: Used = {}
    for folder, pattern, read in SOURCES:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if "migrations" in path.parts or "dist" in path.parts:
                continue
            source = path.read_text()
            for text, line in read(source):
                found.setdefault(text, []).append(f"{path.relative_to(ROOT)}:{line}")
    return found


def python_texts(source: str) -> Iterator[tuple[Text, int]]:
    """The texts of Python code, whatever name it gave the functions of django.utils.translation."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and names.get(node.func.id) in CALLS:
            parts = CALLS[names[node.func.id]]
            given = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            values = [value for value in given if isinstance(value, str)][: len(parts)]
            if len(values) == len(parts):
                yield Text(**dict(zip(parts, values, strict=True))), node.lineno


def plain_sentences() -> set[str]:
    """Every string in Python: the rooms that know no Django write their sentences plainly, and a door translates them."""
    trees = (ast.parse(path.read_text()) for room in ("playground", "accounts") for path in (ROOT / room).rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def template_texts(source: str) -> Iterator[tuple[Text, int]]:
    """The texts of a Django template."""
    from django.utils.translation.template import templatize

    python = templatize(source)
    for call in TEMPLATE_CALL.finditer(python):
        name = "gettext" if call[1] == "_" else call[1]
        values = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2], re.DOTALL)]
        yield Text(**dict(zip(CALLS[name], values, strict=False))), python.count("\n", 0, call.start()) + 1


def script_texts(source: str) -> Iterator[tuple[Text, int]]:
    """The texts of a script: `t("…")`."""
    for call in SCRIPT_CALL.finditer(source):
        literal = call[1] if call[1][0] != "`" else repr(call[1][1:-1])
        yield Text(ast.literal_eval(literal)), source.count("\n", 0, call.start()) + 1


SOURCES = (
    ("playground", "*.py", python_texts),
    ("accounts", "*.py", python_texts),
    ("templates", "*.html", template_texts),
    ("templates", "*.txt", template_texts),
    ("static/js", "*.js", script_texts),
)


def translations() -> list[polib.POEntry]:
    """All entries of all rooms; each knows its room as `room`."""
    entries = []
    for path in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(path)):
            entry.room = path.name
            entries.append(entry)
    return entries


def compile_all() -> None:
    """Write the catalogue Django reads, and the dictionary of the scripts."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": PLURAL_FORMS}
    by_name = {(entry.msgctxt or "", entry.msgid): entry for entry in translations() if not entry.obsolete}
    catalogue.extend(by_name.values())
    TARGET.mkdir(parents=True, exist_ok=True)
    catalogue.save_as_mofile(str(TARGET / "django.mo"))
    asked = {text.text for path in (ROOT / "static/js").rglob("*.js") for text, _ in script_texts(path.read_text())}
    words = {text: by_name["", text].msgstr for text in sorted(asked) if ("", text) in by_name}
    (TARGET / "texts.json").write_text(json.dumps(words, ensure_ascii=False, separators=(",", ":")))


def faults() -> Iterator[str]:
    """What keeps the translations from being complete and right, one sentence each."""
    used, entries = used_texts(), translations()
    known = {(entry.msgctxt or "", entry.msgid) for entry in entries if translated(entry)}
    for text, places in sorted(used.items()):
        if text.name not in known:
            yield f"{places[0]}: {text.text!r} has no translation"
    names = {text.name for text in used} | {("", sentence) for sentence in plain_sentences()}
    for entry in entries:
        if (entry.msgctxt or "", entry.msgid) not in names or entry.obsolete:
            yield f"{entry.room}: {entry.msgid!r} is used nowhere"
        elif "fuzzy" in entry.flags or not translated(entry):
            yield f"{entry.room}: {entry.msgid!r} is not finished"
        elif missing := holes(entry) ^ set(HOLE.findall(entry.msgid + entry.msgid_plural)):
            yield f"{entry.room}: {entry.msgid!r} and its translation differ in {', '.join(sorted(missing))}"
    for name, same in groupby(sorted(entries, key=name_of), key=name_of):
        told = {(entry.msgstr, *entry.msgstr_plural.values()): entry.room for entry in same}
        if len(told) > 1:
            yield f"{' and '.join(sorted(told.values()))}: {name[1]!r} is translated in {len(told)} ways"


def name_of(entry: polib.POEntry) -> tuple[str, str]:
    """By what a catalogue finds the entry."""
    return entry.msgctxt or "", entry.msgid


def translated(entry: polib.POEntry) -> bool:
    """Whether the entry says something in every form."""
    return bool(entry.msgstr) or (bool(entry.msgstr_plural) and all(entry.msgstr_plural.values()))


def holes(entry: polib.POEntry) -> set[str]:
    """The places in the translation where values go."""
    return set(HOLE.findall(entry.msgstr + "".join(entry.msgstr_plural.values())))


def missing_entries() -> Iterator[polib.POEntry]:
    """An empty entry for each text that has no translation."""
    known = {name_of(entry) for entry in translations()}
    for text, places in sorted(used_texts().items(), key=lambda item: item[1][0]):
        if text.name not in known:
            entry = polib.POEntry(msgid=text.text, msgctxt=text.context or None, comment=places[0])
            if text.plural:
                entry.msgid_plural, entry.msgstr_plural = text.plural, {0: ""}
            yield entry


def main(command: str) -> int:
    """Run one of the commands above; the exit code."""
    if command == "compile":
        compile_all()
        STAMP.touch()
    elif command == "missing":
        print(*missing_entries(), sep="\n")
    elif command == "check":
        found = list(faults())
        print(*found, sep="\n", file=sys.stderr)
        return bool(found)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
