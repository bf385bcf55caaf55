"""What a run has answered, joined from its stored frames."""

import json
from dataclasses import dataclass, field
from typing import Any

from playground.models import Run, RunFrames
from playground.runs.store import unpacked_lines

MOST_LETTERS = 4 * 2**20
_TEXTS = ("text", "reasoning", "refusal")


@dataclass
class Answer:
    """The joined answer. `frames` counts what it was joined from; long texts are cut and say so."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    trouble: dict[str, Any] | None = None
    frames: int = 0
    text_is_cut: bool = False


def answer_of(run: Run) -> Answer:
    """What `run` has answered by now, as far as it is stored."""
    pieces: dict[str, list[str]] = {kind: [] for kind in _TEXTS}
    tools: dict[int, dict[str, Any]] = {}
    answer, letters = Answer(), 0
    rows = RunFrames.objects.filter(run=run).order_by("last").values_list("frames", "packed")
    for frames, packed in rows.iterator(chunk_size=50):
        for line in unpacked_lines(bytes(frames), packed, 0):
            frame = json.loads(line)
            answer.frames, kind = frame["seq"], frame["kind"]
            if kind in _TEXTS:
                letters += len(frame["text"])
                answer.text_is_cut = letters > MOST_LETTERS
                if not answer.text_is_cut:
                    pieces[kind].append(frame["text"])
            elif kind == "tool_call":
                _grow(tools, frame)
            elif kind == "problem":
                answer.trouble = {name: value for name, value in frame.items() if name not in ("seq", "at", "kind")}
    answer.text, answer.reasoning, answer.refusal = ("".join(pieces[kind]) for kind in _TEXTS)
    answer.tool_calls = list(tools.values())
    return answer


def _grow(tools: dict[int, dict[str, Any]], frame: dict[str, Any]) -> None:
    """Add one piece of a tool call to those known."""
    call = tools.setdefault(frame.get("index", 0), {"id": "", "name": "", "arguments": ""})
    call["id"] = frame.get("id") or call["id"]
    call["name"] = frame.get("name") or call["name"]
    call["arguments"] += frame.get("arguments") or ""
