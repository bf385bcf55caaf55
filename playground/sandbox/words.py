"""Text measured and cut: words of the pace, tokens of the bill, the language it is in."""

import re

_WORD = re.compile(r"[⺀-鿿぀-ヿ가-힯豈-﫿＀-￯]{1,2}\s*|[^\s⺀-鿿぀-ヿ가-힯豈-﫿＀-￯]+\s*|\s+")
_TOKEN = re.compile(r"[⺀-鿿぀-ヿ가-힯豈-﫿]|[A-Za-z]{1,8}|\d{1,3}|[^\sA-Za-z\d]")
_CHINESE = re.compile(r"[⺀-鿿豈-﫿]")
_SAMPLE = 20_000


def words(text: str) -> list[str]:
    """The text cut into words, each with the space behind it; joined they are the text again."""
    return _WORD.findall(text)


def pieces(text: str, size: int = 8) -> list[str]:
    """The text cut into pieces of one size, for JSON and the like."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def tokens(text: str) -> int:
    """About how many tokens a model counts; long texts are estimated from their beginning."""
    if len(text) <= _SAMPLE:
        return sum(1 for _ in _TOKEN.finditer(text))
    return tokens(text[:_SAMPLE]) * len(text) // _SAMPLE


def word_count(text: str) -> int:
    """How many words stand between spaces; long texts are estimated from their beginning."""
    if len(text) <= _SAMPLE:
        return len(text.split())
    return len(text[:_SAMPLE].split()) * len(text) // _SAMPLE


def first_tokens(text: str, limit: int) -> str:
    """The beginning of a text that counts at most `limit` tokens."""
    end = 0
    for count, found in enumerate(_TOKEN.finditer(text)):
        if count == limit:
            return text[:end]
        end = found.end()
    return text


def is_chinese(text: str) -> bool:
    """Whether a person who wrote this would like to be answered in Chinese."""
    return bool(_CHINESE.search(text[:2000]))


def excerpt(text: str, length: int = 60) -> str:
    """The first words of a text on one line, without marks that would mean something in Markdown."""
    line = re.sub(r"[\s`|*_<>\[\]#$\\]+", " ", text[: length * 4]).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
