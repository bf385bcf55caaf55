"""Any key that starts with `sk-` works here; the end of its name says what is the matter with it."""

import re
from dataclasses import dataclass
from hashlib import sha256

ONLY_MODEL = "gpt-4o-mini"
_ENDINGS = ("empty", "expired", "limited", "slow")
_SPELLING = re.compile(r"sk-[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was shown to the sandbox."""

    secret: str

    @property
    def ending(self) -> str:
        """The part of its name that means something, or nothing."""
        last = self.secret.rpartition("-")[2]
        return last if last in _ENDINGS else ""

    @property
    def fingerprint(self) -> str:
        """What may be written down in its place."""
        return sha256(self.secret.encode()).hexdigest()[:24]

    def may_use(self, model: str) -> bool:
        """A limited key knows one model."""
        return self.ending != "limited" or not model or model == ONLY_MODEL


def read(headers: dict[str, str], query: dict[str, str]) -> Key | None:
    """The key of a request, wherever its vendor wants it; None when there is none that could work."""
    bearer = headers.get("authorization", "")
    shown = (
        bearer[7:].strip() if bearer[:7].lower() == "bearer " else bearer.strip(),
        headers.get("x-api-key", ""),
        headers.get("x-goog-api-key", ""),
        headers.get("mj-api-secret", ""),
        query.get("key", ""),
    )
    return next((Key(secret) for secret in shown if _SPELLING.fullmatch(secret)), None)
