"""Ids of tasks that say all there is to know: when the task began, what it makes, how fast. So nothing has to be kept."""

import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b

from .pace import FAST, LONG, SLOW, Pace

_HEAD = struct.Struct(">Q8s")
_CHECK = 3
_LONGEST_WORD = 240


@dataclass(frozen=True, slots=True)
class Times:
    """How long a task waits, and how long it then takes, in seconds."""

    waits: float
    takes: float


NATURAL = Times(1.5, 6)
_BY_PACE = {FAST.name: Times(0, 0), SLOW.name: Times(10, 50), LONG.name: Times(2, 18)}


def times(pace: Pace | None) -> Times:
    """The times of a task at a pace."""
    return _BY_PACE.get(pace.name, NATURAL) if pace else NATURAL


@dataclass(frozen=True, slots=True)
class Ticket:
    """A task as its id tells it: `began` in milliseconds, `number` for what is drawn, `words` for the rest."""

    began: int
    number: str
    words: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id, without padding; letters that a path may hold."""
        kept = "\0".join(word.replace("\0", "")[:_LONGEST_WORD] for word in self.words)
        data = _HEAD.pack(self.began, bytes.fromhex(self.number)) + kept.encode("utf-8", "replace")
        return urlsafe_b64encode(data + _checked(data)).rstrip(b"=").decode()

    def passed(self) -> float:
        """Seconds since the task began."""
        return max(0.0, time.time() - self.began / 1000)

    def word(self, place: int) -> str:
        """One of the words, nothing where there are fewer."""
        return self.words[place] if place < len(self.words) else ""

    def done(self, times: Times) -> float:
        """How much is done, from 0 to 1; below 0 while it waits."""
        passed = self.passed() - times.waits
        return min(1.0, passed / times.takes) if times.takes else 1.0 if passed >= 0 else -1.0


def issued(number: str, *words: str) -> Ticket:
    """A ticket for a task that begins now; `number` has 16 hexadecimal letters."""
    return Ticket(int(time.time() * 1000), number, words)


def read(id: str) -> Ticket | None:
    """The ticket of an id that was given out here; None for any other."""
    try:
        data = urlsafe_b64decode(id + "=" * (-len(id) % 4))
        data, check = data[:-_CHECK], data[-_CHECK:]
        if len(data) < _HEAD.size or check != _checked(data):
            return None
        began, number = _HEAD.unpack(data[: _HEAD.size])
        return Ticket(began, number.hex(), tuple(data[_HEAD.size :].decode().split("\0")))
    except ValueError:
        return None


def _checked(data: bytes) -> bytes:
    return blake2b(data, digest_size=_CHECK, key=b"sandbox").digest()
