r"""The words of a command line as shells read them: quotes, `$'…'`, line ends escaped in bash, cmd and PowerShell."""

import re
from collections.abc import Iterator

from playground.exchange.bad_import import BadImport

ENDS = {"|", ";", "&", ">", "<", "\n"}
ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}
ESCAPED_LINE_END = re.compile(r"\\\r?\n")
# Only where it stands alone: inside a quoted body a backtick at the end of a line is text.
ESCAPED_BY_BACKTICK = re.compile(r"(?<=[ \t])`[ \t]*\r?\n(?=[ \t]*-)")
PLAIN = re.compile(r"[\w/:.,=@%+-]+")
ANSI_NUMBER = re.compile(r"x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})")


class End(str):
    """A sign that ends a command: `|`, `;`, `&`, `>`, `<` or the end of a line."""


def commands(text: str) -> list[list[str]]:
    """The commands of a text, each as its words."""
    found: list[list[str]] = [[]]
    for word in _words(_from_windows(text)):
        if isinstance(word, End):
            found.append([])
        else:
            found[-1].append(word)
    return [command for command in found if command]


def _from_windows(text: str) -> str:
    """Escapes of cmd (`^`) and line ends escaped in PowerShell (`` ` ``) spelled as bash has them."""
    if re.search(r'\^"|\^\s*\n', text):
        text = re.sub(r"\^\r?\n[ \t]*(?!\r?\n)", " ", text)
        text = re.sub(r"\^(\r?\n)\r?\n", r"\1", text)
        return re.sub(r"\^(.)", r"\1", text)
    return ESCAPED_BY_BACKTICK.sub(" ", text)


def _words(text: str) -> Iterator[str]:
    # None while no word has begun: an empty pair of quotes is a word.
    pieces: list[str] | None = None
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in ENDS or sign.isspace():
            if pieces is not None:
                yield "".join(pieces)
            pieces = None
            if sign in ENDS:
                yield End(sign)
            at += 1
        elif line_end := ESCAPED_LINE_END.match(text, at):
            at = line_end.end()
        elif sign == "#" and pieces is None:
            end = text.find("\n", at)
            at = end if end >= 0 else len(text)
        else:
            piece, at = _piece(text, at)
            pieces = [] if pieces is None else pieces
            pieces.append(piece)
    if pieces is not None:
        yield "".join(pieces)


def _piece(text: str, at: int) -> tuple[str, int]:
    """What stands at a place, quoted or not, and where it ends."""
    if text[at] == "\\":
        return text[at + 1 : at + 2], at + 2
    if text.startswith("$'", at):
        return _ansi(text, at + 2)
    if text[at] == "'":
        end = _end_of_quote(text, "'", at + 1)
        return text[at + 1 : end], end + 1
    if text[at] == '"' or text.startswith('$"', at):
        return _double(text, at + 1 + (text[at] == "$"))
    run = PLAIN.match(text, at)
    return (run[0], run.end()) if run else (text[at], at + 1)


def _end_of_quote(text: str, quote: str, at: int) -> int:
    end = text.find(quote, at)
    if end < 0:
        raise BadImport("open_quote")
    return end


def _double(text: str, at: int) -> tuple[str, int]:
    pieces = []
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            following = text[at + 1]
            pieces.append("" if following == "\n" else following if following in '$`"\\' else "\\" + following)
            at += 2
        else:
            pieces.append(text[at])
            at += 1
    if at >= len(text):
        raise BadImport("open_quote")
    return "".join(pieces), at + 1


def _ansi(text: str, at: int) -> tuple[str, int]:
    pieces = []
    while at < len(text) and text[at] != "'":
        if text[at] != "\\":
            pieces.append(text[at])
            at += 1
        elif number := ANSI_NUMBER.match(text, at + 1):
            base = 8 if number[4] else 16
            code = int(next(group for group in number.groups() if group), base)
            pieces.append(chr(code) if code < 0x110000 else "\ufffd")
            at = number.end()
        else:
            following = text[at + 1 : at + 2]
            pieces.append(ANSI.get(following, following))
            at += 2
    if at >= len(text):
        raise BadImport("open_quote")
    # Characters past U+FFFF may be spelled as two halves.
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), at + 1
