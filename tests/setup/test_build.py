"""What the build made is what pages ask for."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = [path.read_text() for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")]
VERSIONS = json.loads((STATIC / "dist" / "versions.json").read_text())


def test_every_file_that_a_template_loads_is_there():
    loaded = {name for text in TEMPLATES for name in re.findall(r"static\s+['\"]([\w./-]+)['\"]", text)}

    assert {name for name in loaded if not (STATIC / name).is_file()} == set()


def test_every_icon_that_a_template_names_is_in_the_sprite():
    named = {name for text in TEMPLATES for name in re.findall(r"{%\s*icon\s+['\"]([\w-]+)['\"]", text)}
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "dist" / "icons.svg").read_text()))

    assert named - drawn == set()


def test_every_font_that_the_styles_name_is_there_with_its_version():
    fonts = re.findall(r"fonts/([\w.-]+)\?(\w+)", (STATIC / "dist" / "main.css").read_text())

    assert fonts
    assert [VERSIONS[f"dist/fonts/{name}"] for name, _ in fonts] == [version for _, version in fonts]


def test_nothing_built_asks_another_host():
    css = (STATIC / "dist" / "main.css").read_text()

    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)|@import[^;]*//[^;]*;", css) == []


def test_everything_that_shrinks_has_its_compressed_copies():
    built = [STATIC / name for name in VERSIONS if name.endswith((".js", ".css", ".svg"))]

    missing = [path.name for path in built for end in (".gz", ".br") if not Path(f"{path}{end}").is_file()]

    assert missing == []


def test_an_icon_is_a_picture_that_screen_readers_pass_over(tmp_path, settings):
    (tmp_path / "page.html").write_text('{% load icons %}{% icon "send" "small" %}')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    drawn = render_to_string("page.html")

    assert drawn == (
        '<svg class="icon icon-small" aria-hidden="true">'
        f'<use href="/static/dist/icons.svg?{VERSIONS["dist/icons.svg"]}#send"></use></svg>'
    )
