"""The balance of a key, and why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Of = Literal["key", "account", "team"]

# What is counted when it is no currency: a gateway's own quota units, or tokens.
UNITS = "units"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one purse holds. `left`, `used` and `limit` share one `unit`: a currency code, or `units`.

    `unlimited` says that this purse sets no limit; `left` and `limit` are then None and never a number.
    """

    of: Of
    unit: str
    left: Decimal | None = None
    used: Decimal | None = None
    limit: Decimal | None = None
    unlimited: bool = False
    # The window that `used` and `limit` speak of: daily, weekly, monthly, or as the gateway spells it.
    period: str = ""
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """All that a gateway told of a key's money: the key's own purse, and the one behind it where that is told too."""

    key: Figure | None
    account: Figure | None = None
    expires_at: datetime | None = None
    # The path that told it, for people who want to look themselves.
    source: str = ""
    # What was odd: `unit_unsure`, `limit_unsure`, `account_hidden`, `several_currencies`, `models_limited`, `blocked`, `free_tier`.
    oddities: tuple[str, ...] = ()
    # Facts that the next reading needs, as the gateway spelled them.
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Figure | None:
        """The figure that binds: the purse with a limit that is emptied first, else the key's own."""
        limited = [figure for figure in (self.key, self.account) if figure and figure.left is not None]
        if len({figure.unit for figure in limited}) == 1:
            return min(limited, key=lambda figure: figure.left or Decimal(0))
        return next(iter(limited), self.key or self.account)

    @property
    def binds(self) -> str:
        """Whose limit ends it first: `key`, `account`, `team`; nothing when no limit is known."""
        main = self.main
        if main is None or main.left is None:
            # A key without a limit of its own still draws on its account, even if nobody tells how much that holds.
            return "account" if main and main.unlimited and main.of == "key" else ""
        return main.of


class NoBalance(Exception):
    """There is no figure to be had now. `code` says why:

    `refused` the key is not accepted · `expired` `spent` `disabled` the same, with its reason · `no_figure` this kind of
    gateway tells none · `rate_limited` asked too often · `gateway_failed` it answered with an error of its own ·
    `unreadable` it answered something else than its kind does.
    """

    def __init__(self, code: str, said: str = "", retry_after: float | None = None) -> None:
        super().__init__(said or code)
        self.code, self.said, self.retry_after = code, said, retry_after
        # The kind of gateway that was found to answer so, where it is known.
        self.kind = ""
