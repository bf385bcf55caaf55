"""The frame of every page: what it offers, in which language and theme, in colours that can be read."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from playground.dialects.problems import PROBLEMS
from playground.views import texts
from playground.views.frame import PAGES, avatar

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: pair for name, *pair in re.findall(r"--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
}
GROUNDS = ("bg", "surface", "sunken", "raised", "hover")
SOFT = ("ok", "warn", "bad", "violet", "tool", "teal", "pink")


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *(("ink", ground, 12.4) for ground in GROUNDS),
    *(("ink2", ground, 7) for ground in GROUNDS),
    *(("ink3", ground, 4.5) for ground in GROUNDS),
    ("ink", "mark", 6.4),
    ("on-accent", "accent", 5.5),
    ("accent-ink", "accent-soft", 5.2),
    ("accent", "surface", 4.5),
    *((name, f"{name}-soft", 4.9) for name in SOFT),
    *((name, ground, 4.5) for name in SOFT for ground in ("bg", "surface", "sunken", "raised")),
    *((name, "surface", 3) for name in ("ctl", *(each for each in COLOURS if each.startswith("kind-")))),
]


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS, ids=lambda value: str(value))
def test_every_text_can_be_read_on_its_ground_in_both_themes(text, ground, least):
    for theme in (0, 1):
        assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= least


def test_the_rail_holds_the_pages_that_exist_and_marks_the_one_that_is_open(client):
    page = client.get("/history/").content.decode()
    rail = page[page.index('<nav class="rail"') : page.index("</nav>", page.index('<nav class="rail"'))]

    links = re.findall(r'class="rail-link" href="([^"]+)"( aria-current="page")?', rail)

    assert ("/", "") in links
    assert ("/history/", ' aria-current="page"') in links
    assert [url for url, _ in links] == [reverse(page.name) for page in PAGES if _exists(page.name)]


def _exists(name):
    from django.urls import NoReverseMatch

    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def test_the_theme_is_the_systems_until_somebody_chooses(client):
    assert 'data-theme="' not in client.get("/history/").content.decode()

    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/history/").content.decode()

    client.cookies["theme"] = '"><script>'
    assert 'data-theme="' not in client.get("/history/").content.decode()


def test_the_language_is_switched_by_a_form_and_the_page_stays(client):
    answer = client.post("/language/", {"language": "zh-hans", "next": "/history/"})

    assert answer.headers["Location"] == "/history/"
    assert answer.cookies["django_language"].value == "zh-hans"
    assert '<html lang="zh-hans"' in client.get("/history/").content.decode()


def test_scripts_are_given_their_sentences_in_the_pages_language(client_of, demo):
    chinese = client_of("owner@example.com", "zh-hans").get("/history/").content.decode()
    english = client_of("owner@example.com", "en").get("/history/").content.decode()

    address = re.search(r'src="(/texts\.js\?zh-hans&amp;[0-9a-f]+)"', chinese)
    assert address
    assert "texts.js" not in english
    assert texts.dictionary("zh-hans") != texts.NOTHING


def test_nothing_in_a_page_needs_more_than_the_strict_policy_allows(client):
    answer = client.get("/history/")
    page = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert re.search(r"""<[^>]+\s(?:style|on\w+)=""", page) is None
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    assert all(f'nonce="{nonce}"' in script for script in re.findall(r"<script[^>]*>", page))


def test_a_name_always_goes_with_the_same_letter_and_colour():
    assert avatar("林悦") == avatar("林悦")
    assert avatar("林悦")["letter"] == "林"
    assert avatar("")["letter"] == ""


def test_every_problem_a_dialect_or_the_gateway_can_tell_has_a_sentence_for_the_page():
    from playground import gateway

    source = (Path(settings.BASE_DIR) / "static/js/answer/problems.js").read_text(encoding="utf-8")
    table = source[source.index("SENTENCES = {") : source.index("};")]
    known = set(re.findall(r"^\s+(\w+): t\(", table, re.MULTILINE))

    errors = [
        each for each in vars(gateway).values() if isinstance(each, type) and issubclass(each, gateway.GatewayError)
    ]
    assert {*PROBLEMS, *(error.code for error in errors), "interrupted", "internal"} - known == set()


# A browser ends a paragraph where one of these begins, and what follows stands outside of it.
ENDS_A_PARAGRAPH = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*?<(?:form|div|ul|ol|table|dl|section|h[1-6]|p)\b", re.DOTALL)


def test_no_paragraph_holds_what_ends_it():
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

    broken = [path.name for path in templates if ENDS_A_PARAGRAPH.search(path.read_text(encoding="utf-8"))]

    assert (len(templates) > 100, broken) == (True, [])


def test_what_is_not_there_is_told_in_words_that_give_nothing_away(client, db):
    nowhere, nobodys = "/nowhere/", "/shared/never-made/"
    told = [client.get(path, headers={"accept-language": "en"}) for path in (nowhere, nobodys)]
    program = client.get("/runs/nowhere.json", headers={"accept-language": "en"})

    assert [page.status_code for page in told] == [404, 404]
    assert "<h1>Nothing is here</h1>" in told[0].content.decode()
    assert "Traceback" not in told[0].content.decode() and nowhere not in told[0].content.decode()
    assert (program.status_code, program.json()["code"]) == (404, "not_found")
