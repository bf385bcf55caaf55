"""The contracts that import-linter checks leave nothing out."""

import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_the_sandbox_may_import_no_room_of_ours():
    forbidden = next(c["forbidden_modules"] for c in CONTRACTS if c.get("source_modules") == ["playground.sandbox"])
    rooms = {
        f"playground.{path.stem}"
        for path in (ROOT / "playground").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert set(forbidden) == rooms - {"playground.__init__", "playground.sandbox"} | {"accounts"}
