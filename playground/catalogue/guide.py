"""How coding tools are pointed at the gateway: steps for each system, and facts, each sure or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from playground.catalogue.operation import Words

GUIDES = Path(__file__).parent / "guides"
SYSTEMS = ("macos", "linux", "windows")


@dataclass(frozen=True, slots=True)
class Block:
    """What is copied: the file or program it goes into, and its text with `{{url}}` and `{{key}}` open."""

    file: str
    content: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with a block for each system."""

    title: Words
    blocks: Mapping[str, Block]
    text: Words | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know; `sure` when it was verified."""

    sure: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Guide:
    """A tool, what it sends, and how it is set up."""

    tool: str
    dialect: str
    address: str
    header: str
    check: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]


@cache
def guide(id: str) -> Guide | None:
    """The guide of that id."""
    file = GUIDES / f"{id}.yaml"
    if file not in GUIDES.glob("*.yaml"):
        return None
    entry = yaml.safe_load(file.read_text("utf-8"))
    steps = tuple(_step(step) for step in entry.pop("steps"))
    facts = tuple(Fact(fact["sure"], {"en": fact["en"], "zh": fact["zh"]}) for fact in entry.pop("facts"))
    return Guide(**entry, steps=steps, facts=facts)


def _step(entry: dict) -> Step:  # type: ignore[type-arg]
    blocks = {system: Block(**entry["blocks"][system]) for system in SYSTEMS}
    return Step(entry["title"], blocks, entry.get("text"))
