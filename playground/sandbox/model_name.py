"""Model names with wishes at their end: `gpt-4o-mini:slow`, `claude-sonnet-4-5:fault-reset:fast`."""

from dataclasses import dataclass

from .pace import NAMED, Pace


@dataclass(frozen=True, slots=True)
class ModelName:
    """`sent` is repeated in answers, `base` is the model it speaks of."""

    sent: str
    base: str
    pace: Pace | None = None
    fault: str | None = None


def read(sent: str) -> ModelName:
    """Take the wishes off the end of a model's name, in any order."""
    base, wished, fault = sent, None, None
    while ":" in base:
        rest, _, last = base.rpartition(":")
        if last in NAMED:
            wished = wished or NAMED[last]
        elif last.startswith("fault-"):
            fault = fault or last.removeprefix("fault-")
        else:
            break
        base = rest
    return ModelName(sent=sent, base=base.removeprefix("models/"), pace=wished, fault=fault)
