"""Scripts, styles and pictures: found, compressed, kept by the browser, and nothing else is given out."""

import gzip
import json

import httpx
import pytest
from django.templatetags.static import static

from playground import static_files


@pytest.fixture
def folder(tmp_path, settings):
    """A static folder with one built file, its compressed copy and its version."""
    (tmp_path / "secret.txt").write_text("outside")
    dist = tmp_path / "static" / "dist"
    dist.mkdir(parents=True)
    (dist / "page.js").write_text("go()")
    (dist / "page.js.gz").write_bytes(gzip.compress(b"go()"))
    (dist / "versions.json").write_text(json.dumps({"dist/page.js": "v1"}))
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    static_files.finders.get_finder.cache_clear()
    static_files._versions.cache_clear()
    yield dist
    static_files.finders.get_finder.cache_clear()
    static_files._versions.cache_clear()


async def get(path, method="GET", **headers):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(static_files.application), base_url="http://site"
    ) as site:
        return await site.request(method, path, headers=headers)


async def test_a_file_is_given_with_its_kind(folder):
    answer = await get("/static/dist/page.js", **{"Accept-Encoding": "identity"})

    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        "go()",
        "text/javascript; charset=utf-8",
    )


async def test_a_browser_that_reads_gzip_gets_the_smaller_copy(folder):
    answer = await get("/static/dist/page.js", **{"Accept-Encoding": "gzip"})

    assert (answer.text, answer.headers["content-encoding"]) == ("go()", "gzip")


async def test_a_file_that_did_not_change_is_not_sent_again(folder):
    tag = (await get("/static/dist/page.js")).headers["etag"]

    answer = await get("/static/dist/page.js", **{"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


async def test_an_address_with_a_version_may_be_kept_for_ever(folder):
    address = static("dist/page.js")

    kept = (await get(address)).headers["cache-control"]
    asked_again = (await get("/static/dist/page.js")).headers["cache-control"]

    assert address == "/static/dist/page.js?v1"
    assert (kept, asked_again) == ("public, max-age=31536000, immutable", "public, no-cache")


async def test_a_rebuilt_file_is_given_at_once(folder):
    await get("/static/dist/page.js")
    (folder / "page.js").write_text("stay()")

    answer = await get("/static/dist/page.js", **{"Accept-Encoding": "identity"})

    assert answer.text == "stay()"


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "%2e%2e/secret.txt", "dist/../../secret.txt", "/etc/hostname", "dist", "", "a%00b", "x" * 300],
)
async def test_nothing_outside_the_folders_is_given(folder, path):
    assert (await get(f"/static/{path}")).status_code == 404


async def test_the_files_of_installed_apps_are_given(folder):
    assert (await get("/static/mfa/js/webauthn.js")).status_code == 200


async def test_a_head_tells_the_length_and_sends_nothing(folder):
    answer = await get("/static/dist/page.js", method="HEAD", **{"Accept-Encoding": "identity"})

    assert (answer.headers["content-length"], answer.content) == ("4", b"")


async def test_only_reading_is_allowed(folder):
    assert (await get("/static/dist/page.js", method="POST")).status_code == 405
