"""What a text is about, as far as its words and letters tell: for vectors and rankings."""

import re
from collections import Counter
from math import sqrt

_LATIN = re.compile(r"[a-z0-9]+")
_OTHER = re.compile(r"[^\x00-\x7f\W]+")
_SAMPLE = 4000


def features(text: str) -> Counter[str]:
    """Words of Latin text, letters and pairs of letters of any other."""
    head = text[:_SAMPLE].lower()
    found = Counter(word.rstrip("s") for word in _LATIN.findall(head))
    for run in _OTHER.findall(head):
        found.update(run)
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much two texts have in common, from 0 to 1."""
    shared = sum(count * other[name] for name, count in one.items() if name in other)
    sizes = sqrt(sum(count**2 for count in one.values()) * sum(count**2 for count in other.values()))
    return shared / sizes if sizes else 0.0
