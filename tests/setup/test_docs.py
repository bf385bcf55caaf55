"""What the docs promise is what the code does."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SETTINGS = (ROOT / "playground" / "settings.py").read_text() + (ROOT / "playground" / "secrets.py").read_text()


def test_every_variable_the_settings_read_is_explained():
    read = set(re.findall(r'(?:env\.\w+|environ\.get)\("([A-Z_]+)"', SETTINGS))
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "setup.md").read_text()))

    assert told == read | {"WARNING", "INFO"}


def test_every_make_target_of_the_readme_exists():
    told = set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text()))
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert told == {"run", "test", "check", "bench"}
    assert told <= made


def test_the_rooms_of_the_readme_exist():
    house = (ROOT / "README.md").read_text().split("## The house")[1].split("```")[1]
    rooms = re.findall(r"^(  )?([\w.]+/?)", house, re.MULTILINE)

    missing = [name for inside, name in rooms if not (ROOT / ("playground" if inside else "") / name).exists()]

    assert missing == []
