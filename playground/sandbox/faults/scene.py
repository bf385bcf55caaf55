"""What a fault needs to know to spoil an answer, and the cuts it makes in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import orjson

from ..answers import Answer
from ..performance import Act, Say, Script

_STRING = re.compile(rb'"(?:content|text|thinking|transcript|arguments|b64_json|data)":"')


@dataclass(frozen=True)
class Scene:
    """A script about to be spoiled. `seconds` is how long a pause lasts."""

    script: Script
    answer: Answer
    shape: str
    seconds: float
    streamed: bool

    @cached_property
    def acts(self) -> list[Say]:
        """All that would be said."""
        return [act for act in self.script.acts if isinstance(act, Say)]

    @cached_property
    def middle(self) -> int:
        """The place in the middle of the text; at least one act stands before it."""
        spoken = [place for place, act in enumerate(self.acts) if act.text]
        return max(1, spoken[len(spoken) // 2] if spoken else len(self.acts) // 2)

    @property
    def halves(self) -> tuple[list[Say], list[Say]]:
        """What is said before and after the middle. A body that comes at once is cut in two."""
        if len(self.acts) == 1:
            data = self.acts[0].data
            return [Say(data[: len(data) // 2])], [Say(data[len(data) // 2 :])]
        return self.acts[: self.middle], self.acts[self.middle :]

    def played(self, acts: Iterable[Act]) -> Script:
        """The script with other acts."""
        return replace(self.script, acts=acts)


def around_text(say: Say) -> tuple[bytes, bytes]:
    """What stands before and after a place inside the text that is said."""
    if say.text:
        quoted = orjson.dumps(say.text)
        place = say.data.rfind(quoted)
        if place >= 0:
            return say.data[: place + len(quoted) - 1], say.data[place + len(quoted) - 1 :]
    found = _STRING.search(say.data)
    if found:
        return say.data[: found.end()], say.data[found.end() :]
    half = len(say.data) // 2
    return say.data[:half], say.data[half:]
