"""The demo team, its people's browsers, and a request saved as the workbench saves it."""

import json
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.demo import OWNER
from accounts.models import Membership, Role, Team, User
from playground.models import SavedRequest
from playground.saved import telling
from tests.views.conftest import client, client_of, demo, member, owner, stranger_client, team  # noqa: F401

BODY = '{"model": "gpt-5.1", "temperature": 1.0, "messages": [{"role": "user", "content": "Hello"}]}'


def page_text(text: str = BODY, **parts: Any) -> str:
    """A request as the page keeps it."""
    whole = {"text": text, "off": {}, "path": {}, "query": [], "headers": [], "stream": None}
    return json.dumps({**whole, **parts})


def save(client: Client, call: str = "", **more: Any) -> Any:  # noqa: F811
    """Save a new request."""
    given = {"operation": "chat-basic", "name": "Invoice check", "call": call or page_text(), **more}
    return client.post("/saved/new/", json.dumps(given), content_type="application/json")


def save_version(client: Client, saved: SavedRequest, call: str, after: int, **more: Any) -> Any:  # noqa: F811
    """Save the next version."""
    given = {"call": call, "after": after, **more}
    return client.post(f"/saved/{saved.pk}/versions/", json.dumps(given), content_type="application/json")


@pytest.fixture
def saved(client: Client) -> SavedRequest:  # noqa: F811
    """A request that the owner has saved for themselves."""
    return SavedRequest.objects.get(pk=save(client).json()["id"])


@pytest.fixture
def viewer(team: Team) -> User:  # noqa: F811
    person = User.objects.create_user("viewer@example.com", "a password nobody types")
    Membership.objects.create(team=team, user=person, role=Role.VIEWER)
    return person


def share(client: Client, saved: SavedRequest, visibility: str, **fields: str) -> Any:  # noqa: F811
    """Post the sharing form."""
    return client.post(f"/saved/{saved.pk}/share/", {"visibility": visibility, "team_right": "run", **fields})


def sent() -> list[EmailMessage]:
    """Every mail, those that waited for the worker just now sent."""
    waiting = ProcrastinateJob.objects.filter(task_name=telling.mail.name, status="todo").order_by("id")
    for job in waiting:
        telling.mail(**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[job.pk for job in waiting]])
    return mail.outbox  # type: ignore[return-value]


__all__ = ["OWNER", "page_text", "save", "save_version", "sent", "share"]
