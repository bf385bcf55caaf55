"""The traits of a run: what lists are narrowed to, folded into one number that stands in every index of the runs.

An index of one fact then tells the others too: runs that fit all of them are picked within the index, and no row is read
that is not shown. Two models may share a number, so a row's own columns have the last word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trait:
    """Some bits of the number: where they stand, and how Postgres makes them of a value."""

    shift: int
    bits: int
    made: str

    @property
    def mask(self) -> int:
        return (1 << self.bits) - 1 << self.shift

    def sql(self, value: str) -> str:
        """The bits of `value`, a column or a place for one."""
        return f"((coalesce({self.made.format(value)}, 0) & {(1 << self.bits) - 1})::bigint << {self.shift})"


# Never change one: the numbers of old runs are stored.
TRAITS: Mapping[str, Trait] = {
    "user_id": Trait(0, 12, "{}"),
    "key_id": Trait(12, 8, "uuid_hash({}::uuid)"),
    "model": Trait(20, 15, "hashtext({}::text)"),
    "operation": Trait(35, 14, "hashtext({}::text)"),
    "state": Trait(49, 6, "hashtext({}::text)"),
    "gateway_name": Trait(55, 8, "hashtext({}::text)"),
}
SQL = " | ".join(trait.sql(f'"{column}"') for column, trait in TRAITS.items())


def fitting(facts: Mapping[str, Any], within: Iterable[str]) -> tuple[str, list[Any]]:
    """A condition on the number, and its parameters: that it has the bits of these facts `within` the columns named."""
    columns = list(within)
    mask = sum(TRAITS[column].mask for column in columns)
    wanted = " | ".join(TRAITS[column].sql("%s") for column in columns)
    return f"traits & {mask} = ({wanted})", [facts[column] for column in columns]
