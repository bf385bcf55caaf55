"""Token counts in the spellings of the vendors, as usage frames."""

from typing import Any

from .. import frames
from ..frames import Frame
from .values import Json, fields, number


def openai(usage: Any) -> Frame | None:
    """Usage of the OpenAI family, which has two namings; gateways fill one and leave zeros in the other."""
    counts = fields(usage)
    into = _larger(counts, "prompt_tokens", "input_tokens")
    out = _larger(counts, "completion_tokens", "output_tokens")
    if into is None and out is None:
        return None
    thought = fields(counts.get("completion_tokens_details") or counts.get("output_tokens_details"))
    read = fields(counts.get("prompt_tokens_details") or counts.get("input_tokens_details"))
    cached = number(read.get("cached_tokens"))
    return frames.usage(
        into,
        out,
        number(thought.get("reasoning_tokens")),
        number(counts.get("prompt_cache_hit_tokens")) if cached is None else cached,
        _dollars(counts.get("cost")),
    )


def gemini(usage: Any) -> Frame | None:
    """Usage of Gemini: thoughts are not inside the candidates' count, and are paid as output."""
    counts = fields(usage)
    prompt, tools = number(counts.get("promptTokenCount")), number(counts.get("toolUsePromptTokenCount"))
    candidates, thoughts = number(counts.get("candidatesTokenCount")), number(counts.get("thoughtsTokenCount"))
    if prompt is None and candidates is None and thoughts is None:
        return None
    return frames.usage(
        _sum(prompt, tools), _sum(candidates, thoughts), thoughts, number(counts.get("cachedContentTokenCount"))
    )


class MessagesUsage:
    """Usage of Anthropic messages: counts are cumulative, and some gateways know the input only at the end."""

    def __init__(self) -> None:
        self._input: int | None = None
        self._output: int | None = None
        self._reasoning: int | None = None
        self._cached: int | None = None

    def read(self, usage: Any) -> None:
        """Take the counts of one event."""
        counts = fields(usage)
        cached = number(counts.get("cache_read_input_tokens"))
        whole = _sum(number(counts.get("input_tokens")), number(counts.get("cache_creation_input_tokens")), cached)
        self._input = _max(self._input, whole)
        self._cached = _max(self._cached, cached)
        self._output = _newer(self._output, number(counts.get("output_tokens")))
        details = fields(counts.get("output_tokens_details"))
        self._reasoning = _newer(self._reasoning, number(details.get("thinking_tokens")))

    def frame(self) -> Frame | None:
        """The counts so far."""
        if self._input is None and self._output is None:
            return None
        return frames.usage(self._input, self._output, self._reasoning, self._cached)


def _dollars(value: Any) -> float | None:
    """What OpenRouter says an answer cost; other gateways have no such field."""
    is_amount = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
    return float(value) if is_amount else None


def _larger(counts: Json, *names: str) -> int | None:
    known = [count for name in names if (count := number(counts.get(name))) is not None]
    return max(known, default=None)


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _max(one: int | None, other: int | None) -> int | None:
    return max((count for count in (one, other) if count is not None), default=None)


def _newer(old: int | None, new: int | None) -> int | None:
    return old if new is None else new
