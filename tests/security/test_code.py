"""What our own code never does, read from the code itself."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def found(pattern: str, *globs: str) -> set[str]:
    """The lines of ours in which the pattern stands, by file."""
    wanted = re.compile(pattern)
    files = [
        path
        for one in globs
        for path in ROOT.glob(one)
        if "node_modules" not in path.parts and "dist" not in path.parts
    ]
    assert files, globs
    return {
        f"{path.relative_to(ROOT)}: {line.strip()[:120]}"
        for path in files
        for line in path.read_text().splitlines()
        if wanted.search(line)
    }


PYTHON = ("playground/**/*.py", "accounts/**/*.py")
SCRIPTS = ("static/js/**/*.js",)
PAGES = ("templates/**/*.html",)
# Lists of breached passwords come as SHA-1: looked up, nothing more.
LISTED = {
    "accounts/breaches.py: wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()"
}


def test_nothing_that_came_in_is_run_as_a_program():
    assert (
        found(r"(?<![.\w])(eval|exec)\(|\bos\.system\(|shell=True|\bimport_module\(|\b__import__\(", *PYTHON) == set()
    )
    assert found(r"(?<![.\w])eval\(|new Function\(|document\.write|setTimeout\(['\"]", *SCRIPTS) == set()


def test_nothing_that_came_in_is_read_as_objects():
    assert (
        found(
            r"\b(pickle|marshal|shelve|dill|jsonpickle)\b|yaml\.(unsafe_load|full_load)|ElementTree|minidom|lxml",
            *PYTHON,
        )
        == set()
    )


def test_no_broken_hash_or_cipher_guards_anything():
    assert (
        found(
            r"\b(md5|sha1|DES|RC4|ECB|Blowfish)\b|\brandom\.(choice|randint|random|getrandbits)\(",
            *PYTHON,
        )
        <= {line for line in found(r"random", "playground/**/*.py") if "jitter" in line or "spread" in line} | LISTED
    )


def test_pages_are_written_by_templates_that_escape():
    """Marked as safe are texts of ours and what one function has cleaned."""
    marked = found(r"\|safe\b|autoescape off", *PAGES)
    assert all("field.help_text|safe" in line for line in marked), marked
    assert found(r"@csrf_exempt", *PYTHON) == {
        "playground/views/uploads.py: @csrf_exempt",
        "playground/api/__init__.py: @csrf_exempt",
    }
    assert (
        found(r"\sstyle=\"|\son[a-z]+=\"|<script(?![^>]*(src=|application/json|nonce=))|javascript:", *PAGES) == set()
    )


def test_no_page_asks_another_host():
    assert found(r"(src|href|action)=\"(https?:)?//", *PAGES) == set()


def test_no_setting_opens_the_site_to_others_scripts_or_pages():
    assert found(r"Access-Control-Allow|CORS_|postMessage", *PYTHON, *PAGES) == set()
