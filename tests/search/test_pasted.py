"""Keys pasted as search words: known by their looks, here and in the browser by the same signs, and searched for by nobody."""

import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from playground.search.pasted import holds_secret
from tests.views.conftest import client, client_of, demo, member, owner, team  # noqa: F401

SAMPLES = json.loads((Path(__file__).parent / "pasted.json").read_text())
KEY = SAMPLES["secrets"][0]


@pytest.mark.parametrize("text", SAMPLES["secrets"])
def test_what_looks_like_a_key_is_known(text):
    assert holds_secret(text)


@pytest.mark.parametrize("text", SAMPLES["words"])
def test_words_are_words(text):
    assert not holds_secret(text)


def test_a_key_that_arrives_as_words_is_sent_away_unsearched_and_stands_in_no_page_and_no_log(client, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    address = f"/history/?q={quote('why ' + KEY)}&state=failed"

    for path in (address, f"/palette.json?q={KEY}", f"/saved/?q={KEY}", f"/history/?tag={KEY}"):
        sent_away = client.get(path)
        page = client.get(sent_away["Location"])
        assert KEY not in sent_away["Location"] + sent_away.content.decode() + page.content.decode()
    part = client.get(address, headers={"HX-Request": "true"})
    client.logout()
    signed_out = client.get(address)

    assert client.get(signed_out["Location"])["Location"] == "/accounts/login/?next=/history/%3Fstate%3Dfailed"
    assert (part["HX-Redirect"], part.content) == ("/history/?state=failed", b"")
    assert "looks like a key" in page.content.decode()
    assert KEY not in caplog.text


def test_nobody_is_sent_to_another_host(client):  # noqa: F811
    answer = client.get("/history/", {"q": KEY}, PATH_INFO="//example.com/")

    assert answer["Location"] == "/%2Fexample.com/"
