"""What a sample can be written in."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.samples.request import Request


@dataclass(frozen=True, slots=True)
class Language:
    """One way to write a call: its name, what sends it, the file it is saved to, how a remark begins and ends."""

    id: str
    name: str
    by: str
    file: str
    remark: tuple[str, str]
    write: Callable[[Request], str]
