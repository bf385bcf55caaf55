"""Text becomes search words.

Words of alphabets and figures stand as they are, in lower case. Chinese, Japanese and Korean, which put no space between
words, become characters and pairs of neighbouring characters. Such a word holds letters and figures alone, so the words
that say where a run belongs, which hold a colon, can never be met in a text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

LONGEST_WORD = 32
MOST_WORDS = 3000
ID_RANDOM_BITS = 20

# Han with its extensions, kana, hangul.
UNSPACED = (
    "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
)
LETTER = rf"[^\W_{UNSPACED}]"
STRETCHES = re.compile(rf"(?P<unspaced>[{UNSPACED}]+)|(?P<word>{LETTER}+)")
_STRETCH = re.compile(rf"[{UNSPACED}]+|{LETTER}+")
_BEGINS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,60}")


def words_of(texts: Iterable[str], most: int = MOST_WORDS) -> list[str]:
    """The different words of the texts in the order they are met, at most `most`."""
    words: dict[str, None] = {}
    for text in texts:
        # Once a stretch is enough: texts repeat themselves.
        for stretch in dict.fromkeys(_STRETCH.findall(plain(text))):
            if not _BEGINS_UNSPACED.match(stretch):
                words[stretch[:LONGEST_WORD]] = None
            else:
                words.update(dict.fromkeys(stretch))
                words.update(dict.fromkeys(pairs(stretch)))
            if len(words) >= most:
                return list(words)[:most]
    return list(words)


def pairs(stretch: str) -> Iterator[str]:
    """Each character with the one that follows."""
    return map(str.__add__, stretch, stretch[1:])


def plain(text: str) -> str:
    """The spelling that words are compared in: wide letters narrow, capitals small."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def team_word(team: int) -> str:
    """Carried by every run of a team, and asked for by every question."""
    return f"t:{team}"


def month_word(team: int, day: date) -> str:
    return f"t:{team}:{day:%Y-%m}"


def day_word(team: int, day: date) -> str:
    return f"t:{team}:{day:%Y-%m-%d}"


def place_words(team: int, run: int) -> list[str]:
    """Where a run belongs: its team, and in it its month and its day (UTC)."""
    day = day_of(run)
    return [team_word(team), month_word(team, day), day_word(team, day)]


def day_of(run: int) -> date:
    """The day (UTC) at which a run with this id began."""
    return datetime.fromtimestamp((run >> ID_RANDOM_BITS) / 1000, UTC).date()


def fact_word(kind: str, value: object) -> str:
    """The word for a fact such as the model; what may hold anything is told by its digest."""
    text = str(value)
    if not _SAFE.fullmatch(text):
        text = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() + "~"
    return f"{kind}:{text}"


def size_word(kind: str, amount: float) -> str:
    """The word for how large an amount is, to the next power of two."""
    return f"{kind}:{_size(amount)}"


def size_words_from(kind: str, least: float) -> list[str]:
    """The words that an amount of `least` or more may carry."""
    return [f"{kind}:{size}" for size in range(_size(least), _LARGEST + 1)]


_LARGEST = 64


def _size(amount: float) -> int:
    return min(_LARGEST, max(0, int(amount)).bit_length())
