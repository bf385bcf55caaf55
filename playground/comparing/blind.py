"""Blind votes: what somebody who has yet to vote is told of a comparison.

It keeps their eyes from the names, not from the history: the runs stay the team's, and who looks one up finds its model.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID


def is_blind_for(document: dict[str, Any], votes: Mapping[str, UUID]) -> bool:
    """Whether names are hidden from somebody whose votes by row are these: until they have voted wherever there is a choice."""
    if not document.get("blind"):
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
