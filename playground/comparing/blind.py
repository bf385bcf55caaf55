"""Blind votes: what somebody who has yet to vote is told of a comparison, and of its runs on every other page.

Lists leave the runs out for them, and a run's own page sends them to the vote. Whoever started a run sees it always, and so do
the team's admins: they answer for what is spent, and nobody may hide a run from them by laying it into a vote.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.access import may
from accounts.models import Membership
from accounts.prepared import Prepared
from playground.comparing.documents import runs_in
from playground.models import Comparison, Run


@dataclass(frozen=True)
class Hidden:
    """Runs that a person is not shown yet: by their ids, and the comparison in which each waits for the vote."""

    votes: dict[UUID, UUID] = field(default_factory=dict)
    ids: frozenset[int] = frozenset()


_NOTHING = Hidden()
_BLIND = Prepared(
    lambda team: Comparison.objects.filter(team=team, is_shared=True, is_blind=True).order_by("created"), team=int
)


def hidden_from(membership: Membership) -> Hidden:
    """What blind votes keep from this member of a team: one quick question where there is no such vote."""
    if may(membership, "audit", membership.team):
        return _NOTHING
    found = [each for each in _BLIND(team=membership.team_id) if each.owner_id != membership.user_id]
    if not found:
        return _NOTHING
    votes: dict[UUID, UUID] = {}
    for comparison in found:
        document = json.loads(comparison.document)
        own = dict(comparison.votes.filter(user=membership.user_id).values_list("row", "run"))
        if is_blind_for(document, own):
            votes |= dict.fromkeys(runs_in(document), comparison.pk)
    runs = Run.objects.filter(team=membership.team_id, uuid__in=votes).exclude(user=membership.user_id)
    ids = dict(runs.values_list("uuid", "id"))
    return Hidden({run: votes[run] for run in ids}, frozenset(ids.values()))


def is_blind_for(document: dict[str, Any], votes: Mapping[str, UUID]) -> bool:
    """Whether names are hidden from somebody whose votes by row are these: until they have voted wherever there is a choice."""
    if document.get("blind") is not True:
        return False
    answers = Counter(place.split("/")[1] for place in document["runs"])
    standing = {UUID(run) for run in document["runs"].values()}
    rows = [row["id"] for row in document["rows"] if answers[row["id"]] > 1]
    return not rows or not all(votes.get(row) in standing for row in rows)


def without_names(document: dict[str, Any]) -> dict[str, Any]:
    """The document with nothing in it that says which column asks whom; the columns in an order that tells nothing."""
    columns = [
        {"id": column["id"], "operation": "", "model": "", "key": "", "call": None} for column in document["columns"]
    ]
    runs = document["runs"]

    def order(column: dict[str, Any]) -> bytes:
        told = "".join(run for place, run in sorted(runs.items()) if place.startswith(f"{column['id']}/"))
        return hashlib.sha256(f"{told}{column['id']}".encode()).digest()

    return {**document, "columns": sorted(columns, key=order)}
