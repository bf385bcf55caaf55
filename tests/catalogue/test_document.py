"""Every page of the document works: all 105, one after the other, at a site that was really started."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground import catalogue
from tests import folders
from tests.catalogue.document import PAGES, Page, Visitor
from tests.server import served


@pytest.fixture(scope="module")
def visitor(used_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with served(folders.copy(used_folder, tmp_path_factory.mktemp("document") / "data")) as server:
        yield Visitor(server.person())


@pytest.mark.parametrize("listed", PAGES, ids=[page.id for page in PAGES])
def test_a_page_of_the_document_is_whole_and_runs(listed: Page, visitor: Visitor) -> None:
    assert visitor.visit(listed)


def test_the_site_has_the_documents_105_pages_and_no_other() -> None:
    assert len(PAGES) == 105
    assert [row.id for row in catalogue.operations()] == [page.id for page in PAGES]
