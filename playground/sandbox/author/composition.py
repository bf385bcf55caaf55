"""Filling a text up to a wished length, the same in every language."""

from collections.abc import Sequence

from ..seed import Seed
from ..words import words

USUAL = 2


def filled(start: str, sentences: Sequence[str], seed: Seed, wished: int | None, joint: str) -> str:
    """The start of a text with sentences after it, cut at the wished number of words."""
    order = list(sentences)
    seed.dice("order").shuffle(order)
    if wished is None:
        return start + joint.join(order[:USUAL])
    text, said = [start], len(words(start))
    place = 0
    while said < wished:
        sentence = order[place % len(order)] + (joint if (place + 1) % 4 else "\n\n")
        text.append(sentence)
        said += len(words(sentence))
        place += 1
    return "".join(words("".join(text))[: max(wished, len(words(start)))])
