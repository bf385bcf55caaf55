"""The facts of a run as words: whatever lists are narrowed to is found by the same index as what was said."""

from collections.abc import Mapping
from typing import Any

from playground.search.words import fact_word, size_word, size_words_from

FACTS = {"operation": "o", "model": "m", "state": "s", "user_id": "u", "key_id": "k", "gateway_name": "g"}
COLUMNS = (*FACTS, "input_tokens", "output_tokens", "cost", "has_media")
MEDIA = "x:media"
# A millionth of the currency's unit.
COST_UNIT = 1_000_000


def fact_words(run: Mapping[str, Any]) -> list[str]:
    """The words for the facts in these columns of a run."""
    words = [fact_word(kind, run[name]) for name, kind in FACTS.items() if run[name] not in (None, "")]
    if run["has_media"]:
        words.append(MEDIA)
    words.append(size_word("n", (run["input_tokens"] or 0) + (run["output_tokens"] or 0)))
    words.append(size_word("c", (run["cost"] or 0) * COST_UNIT))
    return words


def fact_questions(
    facts: Mapping[str, Any], tokens: int | None = None, cost: Any = None, media: bool = False
) -> list[str]:
    """What to ask for, as parts of a tsquery: facts by their column, at least so many tokens, at least such a cost, media.

    Facts as words hold letters, figures and `:._~-`: nothing that ends a quote.
    """
    questions = [f"'{fact_word(FACTS[name], value)}'" for name, value in facts.items() if value]
    if media:
        questions.append(f"'{MEDIA}'")
    for kind, least in (("n", tokens), ("c", cost and cost * COST_UNIT)):
        if least:
            sizes = " | ".join(f"'{word}'" for word in size_words_from(kind, float(least)))
            questions.append(f"({sizes})")
    return questions
