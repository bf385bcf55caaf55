"""How likely each piece was: made up, but plausible and always the same."""

from collections.abc import Sequence
from typing import Any

from .seed import Seed

_OTHERS = ("the", "of", "and", "的", "是", "了", "a", "in")


def likelihood(piece: str) -> float:
    """A made-up logarithm for a piece."""
    return -((sum(piece.encode()) % 97) + 1) / 100


def openai_tokens(pieces: Sequence[str], top: int, seed: Seed) -> list[dict[str, Any]]:
    """Tokens as chat completions and responses tell them."""
    return [{**_token(piece, likelihood(piece)), "top_logprobs": _top(piece, top)} for piece in pieces]


def ranked(piece: str, top: int) -> list[tuple[str, float]]:
    """The piece and what might have stood in its place, likeliest first."""
    first = likelihood(piece)
    others = [other for other in _OTHERS if other != piece.strip()]
    return [(piece, first), *((other, first - 1.5 * (place + 1)) for place, other in enumerate(others))][:top]


def _top(piece: str, top: int) -> list[dict[str, Any]]:
    return [_token(token, logprob) for token, logprob in ranked(piece, top)]


def _token(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": round(logprob, 4), "bytes": list(token.encode())}
