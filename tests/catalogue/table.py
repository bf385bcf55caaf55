"""The document's 105 pages as a Markdown table, each with what was seen: `python -m tests.catalogue.table > table.md`."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.catalogue.document import PAGES, Page, Visitor
from tests.server import served


def lines(visitor: Visitor) -> Iterator[str]:
    """The table, line by line, as the pages are visited."""
    yield "| | id | page | what was seen |"
    yield "|--:|---|---|---|"
    for number, page in enumerate(PAGES, 1):
        yield f"| {number} | `{page.id}` | {page.title} · {_spelled(page.call)} | {_seen(visitor, page)} |"


def _spelled(call: str) -> str:
    return f"`{call}`" if " " in call else call


def _seen(visitor: Visitor, page: Page) -> str:
    try:
        return visitor.visit(page)
    except AssertionError as fault:
        return f"**failed**: {str(fault).replace('|', '/')[:200]}"


def main() -> None:
    """Start a site of its own, visit it, print."""
    with tempfile.TemporaryDirectory(prefix="document-") as folder, served(Path(folder) / "data") as server:
        visitor = Visitor(server.person())
        for line in lines(visitor):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
