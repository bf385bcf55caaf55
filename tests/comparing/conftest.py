"""The demo team in a browser without scripts, and a comparison of its owner."""

import json

import pytest
from django.test import Client

from accounts.models import Team, User
from playground.models import Comparison
from tests.views.conftest import client, client_of, demo, member, owner, stranger_client, team  # noqa: F401


def a_document(**changes):
    """A document as a page writes it: one row, two columns, nothing asked yet."""
    given = {
        "operation": "chat-stream",
        "call": json.dumps(
            {"text": '{"model": "a"}', "off": {}, "path": {}, "query": [], "headers": [], "stream": None}
        ),
        "columns": [
            {"id": "c1", "operation": "chat-stream", "model": "gpt-5.1", "key": "", "call": None},
            {"id": "c2", "operation": "chat-stream", "model": "deepseek-v3.2", "key": "", "call": None},
        ],
        "rows": [{"id": "r1", "values": {}}],
        "runs": {},
        "view": "text",
        "base": "c1",
        "blind": False,
    }
    return {**given, **changes}


@pytest.fixture
def comparison(client: Client, team: Team, owner: User) -> Comparison:  # noqa: F811
    runs = {"c1/r1": "00000000-0000-4000-8000-000000000001", "c2/r1": "00000000-0000-4000-8000-000000000002"}
    return Comparison.objects.create(
        team=team, owner=owner, title="Refund policy", document=json.dumps(a_document(runs=runs))
    )
