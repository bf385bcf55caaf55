"""Refusals of the real vendors, for requests that ask for them with `X-Sandbox-Strict: 1`.

What is refused: required fields that are missing, values of a wrong type or out of bounds, parameters that contradict each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .gemini.asked import field
from .reading import strings, table, tables
from .refusals import Refused

_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field must be: one of `kinds`, and inside its bounds."""

    kinds: tuple[type, ...]
    low: float | None = None
    high: float | None = None
    required: bool = False


Clash = tuple[Callable[[dict[str, Any]], bool], str, str]

_NUMBER = (int, float)
_SAMPLING = {"temperature": Field(_NUMBER, 0, 2), "top_p": Field(_NUMBER, 0, 1), "stream": Field((bool,))}
_CHAT = {
    "model": Field((str,), required=True),
    "messages": Field((list,), required=True),
    **_SAMPLING,
    "n": Field((int,), 1, 128),
    "max_tokens": Field((int,), 1),
    "max_completion_tokens": Field((int,), 1),
    "frequency_penalty": Field(_NUMBER, -2, 2),
    "presence_penalty": Field(_NUMBER, -2, 2),
    "top_logprobs": Field((int,), 0, 20),
    "logprobs": Field((bool,)),
    "tools": Field((list,)),
    "response_format": Field((dict,)),
    "stream_options": Field((dict,)),
    "metadata": Field((dict,)),
}
_RESPONSES = {
    "model": Field((str,), required=True),
    "input": Field((str, list), required=True),
    **_SAMPLING,
    "max_output_tokens": Field((int,), 16),
    "top_logprobs": Field((int,), 0, 20),
    "tools": Field((list,)),
    "text": Field((dict,)),
    "reasoning": Field((dict,)),
    "metadata": Field((dict,)),
}
_MESSAGES = {
    "model": Field((str,), required=True),
    "messages": Field((list,), required=True),
    "max_tokens": Field((int,), 1, required=True),
    "temperature": Field(_NUMBER, 0, 1),
    "top_p": Field(_NUMBER, 0, 1),
    "top_k": Field((int,), 0),
    "stream": Field((bool,)),
    "stop_sequences": Field((list,)),
    "tools": Field((list,)),
    "thinking": Field((dict,)),
}
_GEMINI = {
    "contents": Field((list, dict, str), required=True),
    "generationConfig": Field((dict,)),
    "safetySettings": Field((list,)),
    "tools": Field((list, dict)),
}
_GENERATION = {
    "temperature": Field(_NUMBER, 0, 2),
    "topP": Field(_NUMBER, 0, 1),
    "topK": Field(_NUMBER, 1),
    "candidateCount": Field((int,), 1, 8),
    "maxOutputTokens": Field((int,), 1),
    "stopSequences": Field((list,)),
}


def chat(body: dict[str, Any]) -> None:
    """Refuse what chat completions refuse."""
    _check(body, _CHAT)
    _clashes(body, _CHAT_CLASHES)


def responses(body: dict[str, Any]) -> None:
    """Refuse what the responses API refuses."""
    _check(body, _RESPONSES)
    _clashes(body, _RESPONSES_CLASHES)


def messages(body: dict[str, Any]) -> None:
    """Refuse what the messages API refuses."""
    _check(body, _MESSAGES)
    _clashes(body, _MESSAGES_CLASHES)


def gemini(body: dict[str, Any]) -> None:
    """Refuse what generateContent refuses."""
    _check(body, _GEMINI)
    _check(table(field(body, "generationConfig")), _GENERATION)
    _clashes(body, _GEMINI_CLASHES)


def _check(body: dict[str, Any], fields: dict[str, Field]) -> None:
    for name, rule in fields.items():
        value = field(body, name)
        if value is None:
            if rule.required:
                raise Refused(400, f"Missing required parameter: '{name}'.", "missing_required_parameter", name)
            continue
        if not _is_one_of(value, rule.kinds):
            wanted = " or ".join(_NAMES[kind] for kind in rule.kinds)
            raise Refused(400, f"Invalid type for '{name}': expected {wanted}.", "invalid_type", name)
        if isinstance(value, _NUMBER) and not _within(value, rule):
            bounds = f"from {rule.low}" + (f" to {rule.high}" if rule.high is not None else "")
            raise Refused(400, f"Invalid value for '{name}': expected a number {bounds}.", "invalid_value", name)


def _is_one_of(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _within(value: float, rule: Field) -> bool:
    return (rule.low is None or value >= rule.low) and (rule.high is None or value <= rule.high)


def _clashes(body: dict[str, Any], clashes: Iterable[Clash]) -> None:
    for happens, param, message in clashes:
        if happens(body):
            raise Refused(400, message, "unsupported_parameter", param)


def _both(*names: str) -> Callable[[dict[str, Any]], bool]:
    return lambda body: all(body.get(name) is not None for name in names)


def _reasons(body: dict[str, Any]) -> bool:
    return str(body.get("model")).startswith(("gpt-5", "o1", "o3", "o4"))


def _thinks(body: dict[str, Any]) -> bool:
    return table(body, "thinking").get("type") in ("enabled", "adaptive")


def _budget_too_large(body: dict[str, Any]) -> bool:
    budget, limit = table(body, "thinking").get("budget_tokens"), body.get("max_tokens")
    return isinstance(budget, int) and isinstance(limit, int) and not 1024 <= budget < limit


def _of_generation(*names: str) -> Callable[[dict[str, Any]], bool]:
    return lambda body: all(field(table(field(body, "generationConfig")), name) is not None for name in names)


def _thinking_twice(body: dict[str, Any]) -> bool:
    thinking = table(field(table(field(body, "generationConfig")), "thinkingConfig"))
    return field(thinking, "thinkingBudget") is not None and field(thinking, "thinkingLevel") is not None


def _tools_with_schema(body: dict[str, Any]) -> bool:
    shaped = _of_generation("responseSchema")(body) or _of_generation("responseJsonSchema")(body)
    return shaped and bool(body.get("tools"))


def _voices_twice(body: dict[str, Any]) -> bool:
    speech = table(field(table(field(body, "generationConfig")), "speechConfig"))
    return field(speech, "voiceConfig") is not None and field(speech, "multiSpeakerVoiceConfig") is not None


_CHAT_CLASHES: list[Clash] = [
    (_both("max_tokens", "max_completion_tokens"), "max_tokens", "Send max_completion_tokens or max_tokens, not both."),
    (_both("functions", "tools"), "functions", "'functions' cannot be used together with 'tools'."),
    (_both("prediction", "tools"), "prediction", "'prediction' cannot be used together with 'tools'."),
    (
        lambda body: body.get("tool_choice") is not None and not body.get("tools"),
        "tool_choice",
        "'tool_choice' is only allowed when 'tools' are specified.",
    ),
    (
        lambda body: body.get("stream_options") is not None and body.get("stream") is not True,
        "stream_options",
        "'stream_options' is only allowed when 'stream' is true.",
    ),
    (
        lambda body: body.get("top_logprobs") is not None and body.get("logprobs") is not True,
        "top_logprobs",
        "'top_logprobs' needs 'logprobs' to be true.",
    ),
    (
        lambda body: "audio" in strings(body.get("modalities")) and "audio" not in body,
        "audio",
        "'audio' is required when the modalities name it.",
    ),
    (
        lambda body: _reasons(body) and body.get("temperature") not in (None, 1),
        "temperature",
        "Reasoning models take no temperature other than 1.",
    ),
    (lambda body: _reasons(body) and body.get("logprobs") is True, "logprobs", "Reasoning models give no logprobs."),
]
_RESPONSES_CLASHES: list[Clash] = [
    (
        _both("conversation", "previous_response_id"),
        "previous_response_id",
        "Send 'conversation' or 'previous_response_id', not both.",
    ),
    (
        lambda body: body.get("background_options") is not None and body.get("background") is not True,
        "background_options",
        "'background_options' is only allowed when 'background' is true.",
    ),
    (
        lambda body: {"local_shell", "shell"} <= {str(tool.get("type")) for tool in tables(body.get("tools"))},
        "tools",
        "'local_shell' and 'shell' cannot be used together.",
    ),
    (
        lambda body: _reasons(body) and body.get("temperature") not in (None, 1),
        "temperature",
        "Reasoning models take no temperature other than 1.",
    ),
]
_MESSAGES_CLASHES: list[Clash] = [
    (
        lambda body: _thinks(body) and body.get("temperature") not in (None, 1),
        "temperature",
        "temperature may only be set to 1 when thinking is enabled.",
    ),
    (
        lambda body: _thinks(body) and body.get("top_k") is not None,
        "top_k",
        "top_k must be unset when thinking is enabled.",
    ),
    (
        _budget_too_large,
        "thinking.budget_tokens",
        "thinking.budget_tokens must be at least 1024 and less than max_tokens.",
    ),
    (_both("temperature", "top_p"), "top_p", "temperature and top_p cannot both be specified for this model."),
    (
        lambda body: _thinks(body) and table(body, "tool_choice").get("type") in ("any", "tool"),
        "tool_choice",
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
]
_GEMINI_CLASHES: list[Clash] = [
    (
        _of_generation("responseSchema", "responseJsonSchema"),
        "generationConfig",
        "Send responseSchema or responseJsonSchema, not both.",
    ),
    (_thinking_twice, "thinkingConfig", "Send thinkingBudget or thinkingLevel, not both."),
    (_voices_twice, "speechConfig", "Send voiceConfig or multiSpeakerVoiceConfig, not both."),
    (_tools_with_schema, "tools", "Function calling with a response schema is unsupported by this model."),
    (
        lambda body: bool(field(body, "cachedContent")) and bool(body.get("tools") or field(body, "systemInstruction")),
        "cachedContent",
        "cachedContent cannot be used with tools or systemInstruction.",
    ),
]
