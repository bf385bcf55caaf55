"""What a list of runs may be narrowed to."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from playground.models.runs import LARGEST_ID, RunQuerySet, State, id_at
from playground.search.asked import Asked, asked
from playground.search.facts import fact_questions


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Every part that is given must hold."""

    q: str = ""
    operation: str = ""
    model: str = ""
    state: str = ""
    person: int | None = None
    key: str = ""
    gateway: str = ""
    since: datetime | None = None
    until: datetime | None = None
    tokens: int | None = None
    cost: Decimal | None = None
    tag: str = ""
    media: bool = False
    starred: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) not in ("", None, False) for part in fields(self))

    @property
    def asked(self) -> Asked:
        return asked(self.q)

    def narrow(self, runs: RunQuerySet) -> RunQuerySet:
        """Those of the runs that fit, but for the words."""
        others = {"cost__gte": self.cost, "is_starred": self.starred, "has_media": self.media}
        runs = runs.filter(**self.facts, **{name: value for name, value in others.items() if value})
        if self.since:
            runs = runs.filter(id__gte=id_at(self.since))
        if self.until:
            runs = runs.filter(id__lt=id_at(self.until))
        if self.tag:
            # Said twice, as only the second is what the index of tagged runs promises.
            runs = runs.filter(~Q(tags=[]), tags__contains=[self.tag])
        if self.tokens:
            runs = runs.with_tokens(self.tokens)
        return runs

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that are given, by the column of a run that holds them."""
        given = {
            "operation": self.operation, "model": self.model, "state": self.state, "user_id": self.person,
            "key_id": self.key, "gateway_name": self.gateway,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest id that fits and the smallest that is too large."""
        return (id_at(self.since) if self.since else 0, id_at(self.until) if self.until else LARGEST_ID)

    def questions(self) -> list[str]:
        """The facts as questions to the index of words."""
        return fact_questions(self.facts, self.tokens, self.cost, self.media)

    @property
    def needs_words(self) -> bool:
        """Whether no index of the runs' own serves the list: words, amounts, and a gateway by itself."""
        if self.asked:
            return True
        if self.state == State.RUNNING or self.starred or self.tag:
            return False
        is_of_a_gateway_alone = bool(self.gateway) and not (self.facts.keys() - {"gateway_name"} or self.media)
        return bool(self.tokens or self.cost) or is_of_a_gateway_alone
