"""How each row of the tables is tried by each kind of person: looked at, wished for, compared with what is missing."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from tests.rights.everybody import browser

T = TypeVar("T")
# What may be looked at, and by whom; everybody else is answered as if it were missing.
Looks = dict[str, tuple[Callable[[T], str], tuple[str, ...]]]


def look(looks: Looks[T], things: T, who: str, headers: dict[str, str] | None = None) -> None:
    """Everything is seen by those who may, and to all others it is as if it were missing."""
    for name, (address, allowed) in looks.items():
        path = address(things)
        answer, none = (browser(who).get(at, headers=headers) for at in (path, missing(path)))
        if who in allowed:
            assert answer.status_code == 200, (name, who, answer.status_code)
        else:
            assert told(answer) == told(none), (name, who)
            assert answer.status_code in (302, 401, 404), (name, who, answer.status_code)


@dataclass(frozen=True)
class Wish(Generic[T]):
    """A wish: where, who may, how to see that it happened, and what is sent. `json` is what pages send by script."""

    address: Callable[[T], str]
    allowed: tuple[str, ...]
    mark: Callable[[T], Any]
    form: Callable[[T], dict[str, Any]] = lambda things: {}
    json: bool = False
    verb: str = "post"

    def told(self, who: str, path: str, things: T) -> Any:
        """What the person is answered."""
        given = self.form(things)
        if not self.json:
            return browser(who).post(path, given)
        return getattr(browser(who), self.verb)(path, json.dumps(given), content_type="application/json")

    def on_private(self, address: Callable[[T], str]) -> "Wish[T]":
        """The same wish on a thing that nobody but its owner sees."""
        return replace(self, address=address, allowed=())


def happens(wish: Wish[T], name: str, things: T, who: str) -> None:
    """The wish comes true for those who may, and for nobody else."""
    before = wish.mark(things)
    with undone():
        answer = wish.told(who, wish.address(things), things)
        happened = wish.mark(things) != before
    assert happened == (who in wish.allowed), (name, who, answer.status_code)


def is_as_if_missing(wish: Wish[T], name: str, things: T, who: str) -> None:
    """The person hears the same of a thing that is there and of one that is not."""
    path = wish.address(things)
    if missing(path) == path:
        return
    said = []
    for at in (path, missing(path)):
        with undone():
            said.append(told(wish.told(who, at, things)))
    assert said[0] == said[1], (name, who)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back and forgotten."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def addresses() -> list[tuple[str, str]]:
    """Every address of the site but those of signing in: its name and its route."""
    return list(_addresses(get_resolver().url_patterns))


def _addresses(patterns: list[Any]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", str(pattern.pattern)
        elif isinstance(pattern, URLResolver) and pattern.namespace is None and "accounts/" not in str(pattern.pattern):
            yield from _addresses(pattern.url_patterns)


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?<=/)\d+(?=/)")
_PASSING = re.compile(r'(nonce|data-now|value|content)="[^"]*"')


def missing(path: str) -> str:
    """The same address of a thing that does not exist."""
    return _NUMBER.sub("987654321", _UUID.sub(str(uuid.uuid4()), path))


def told(answer: Any) -> tuple[int, str, str]:
    """What an answer says, without what differs between any two answers and without the id that was asked for."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = _PASSING.sub("", body.decode())
    where = answer.headers.get("Location", "")
    return answer.status_code, _plain(where), _plain(text)


def _plain(text: str) -> str:
    return _NUMBER.sub("N", _UUID.sub("ID", text.replace("%2F", "/")))
