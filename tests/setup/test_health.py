"""Whether the site can do its work, for whoever watches over it."""

import pytest


@pytest.mark.django_db
def test_a_healthy_site_says_ok(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
