"""Who is looking at a run now: the people of this process's sockets, and those whom other processes tell of.

It costs nothing while nobody looks. Other processes hear of a change by the channel layer, where it may be lost: what they
know is told again with every heartbeat and forgotten when it is not.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

HUES = 7  # as pages colour the letters of names
FORGOTTEN_SECONDS = 20

Hear = Callable[[list[dict[str, Any]]], None]
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Onlooker:
    """Somebody whose page shows a run."""

    id: int
    name: str

    def told(self) -> dict[str, Any]:
        """As pages hear of them."""
        return {"id": self.id, "name": self.name, "hue": zlib.crc32(self.name.encode("utf-8", "replace")) % HUES}


@dataclass
class Elsewhere:
    """What another process has told of a run, and when."""

    people: list[Onlooker]
    at: float


class Presence:
    """The onlookers of every run, as this process knows them. `tell` reaches the other processes."""

    def __init__(self, process: str, tell: Tell) -> None:
        self._process, self._tell = process, tell
        self._here: dict[str, dict[object, tuple[Onlooker, Hear]]] = {}
        self._elsewhere: dict[str, dict[str, Elsewhere]] = {}

    def enter(self, run: str, person: Onlooker, hear: Hear) -> object:
        """A page shows the run: `hear` is called with everybody, now and at every change. What comes back is for `leave`."""
        place = object()
        is_first = run not in self._here
        self._here.setdefault(run, {})[place] = (person, hear)
        self._changed(run)
        if is_first:
            self._tell({"type": "presence.asked", "run": run})
        return place

    def leave(self, run: str, place: object) -> None:
        """The page shows it no longer."""
        if self._here.get(run, {}).pop(place, None) is None:
            return
        if not self._here[run]:
            del self._here[run]
            self._elsewhere.pop(run, None)
        self._changed(run)

    def people(self, run: str) -> list[dict[str, Any]]:
        """Everybody who looks, each once, in the order they came."""
        known = {person.id: person for person, _hear in self._here.get(run, {}).values()}
        for other in self._elsewhere.get(run, {}).values():
            known = {**{person.id: person for person in other.people}, **known}
        return [person.told() for person in known.values()]

    def heard(self, message: dict[str, Any]) -> None:
        """Another process asks, or tells who looks there."""
        run = message["run"]
        if run not in self._here or message.get("process") == self._process:
            return
        if message["type"] == "presence.asked":
            self._tell_others(run)
        else:
            people = [Onlooker(id, name) for id, name in message["people"]]
            self._elsewhere.setdefault(run, {})[message["process"]] = Elsewhere(people, monotonic())
            self._tell_here(run)

    def renew(self) -> None:
        """Tell again what is so, and forget what nobody told again."""
        for run in list(self._here):
            others = self._elsewhere.get(run, {})
            gone = [process for process, other in others.items() if monotonic() - other.at > FORGOTTEN_SECONDS]
            for process in gone:
                del others[process]
            if gone:
                self._tell_here(run)
            self._tell_others(run)

    def _changed(self, run: str) -> None:
        self._tell_here(run)
        self._tell_others(run)

    def _tell_here(self, run: str) -> None:
        people = self.people(run)
        for _person, hear in list(self._here.get(run, {}).values()):
            hear(people)

    def _tell_others(self, run: str) -> None:
        here = {person.id: person.name for person, _hear in self._here.get(run, {}).values()}
        self._tell({"type": "presence.told", "run": run, "process": self._process, "people": list(here.items())})
