"""Everything the sandbox makes up comes from the request itself, so that the same request gets the same answer."""

from hashlib import blake2b
from random import Random

_EPOCH = 1_764_000_000


class Seed:
    """A source of ids, numbers and choices that depends on nothing but what was asked."""

    def __init__(self, *what: bytes | str):
        digest = blake2b(digest_size=16)
        for part in what:
            digest.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
            digest.update(b"\0")
        self.digest = digest.digest()

    def child(self, label: str) -> "Seed":
        """Another seed for another part of the same answer."""
        return Seed(self.digest, label)

    def hex(self, label: str = "", length: int = 24) -> str:
        """`length` hexadecimal letters, at most 64."""
        return blake2b(self.digest + label.encode(), digest_size=32).hexdigest()[:length]

    def id(self, prefix: str, label: str = "", length: int = 24) -> str:
        """An identifier as vendors write them: `chatcmpl-…`, `call_…`."""
        return prefix + self.hex(prefix + label, length)

    def number(self, label: str = "") -> int:
        """A whole number from 0 to 2**32 - 1."""
        return int(self.hex(label, 8), 16)

    def dice(self, label: str = "") -> Random:
        """A random generator that always throws the same."""
        return Random(self.number(label))  # noqa: S311

    @property
    def created(self) -> int:
        """A moment in November 2025, in unix seconds."""
        return _EPOCH + self.number("created") % 86_400
