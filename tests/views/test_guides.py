"""The guides for coding tools."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.models import Gateway, Key, Membership, Role, Team, User
from playground import catalogue
from playground.catalogue.guide import SYSTEMS, guide

pytestmark = pytest.mark.django_db

GUIDES = [row.id for row in catalogue.operations() if row.kind == "guide"]
SECRET = "sk-canary0123456789abcdef"
BASES = {
    "use-in-codex": "https://gateway.example/v1",
    "use-in-gemini-cli": "https://gateway.example",
    "use-in-claude-code": "https://gateway.example",
}


@pytest.fixture
def team() -> Team:
    team = Team.objects.create(name="Ours")
    gateway = Gateway.objects.create(team=team, name="G", base_url="https://gateway.example", kind="new-api")
    Key.objects.create(team=team, gateway=gateway, name="Writers", secret=SECRET, shared_with="team")
    return team


@pytest.fixture
def member(team: Team) -> Client:
    browser = Client()
    person = User.objects.create_user("member@example.com", password="x")
    Membership.objects.create(user=person, team=team, role=Role.MEMBER)
    browser.force_login(person)
    return browser


def blocks(page: str) -> str:
    return "\n".join(unescape(block) for block in re.findall(r"<code[^>]*>(.*?)</code>", page, re.DOTALL))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("id", GUIDES)
def test_a_guide_is_filled_in_for_the_chosen_key(id: str, system: str, language: str, member: Client) -> None:
    answer = member.get(f"/guides/{id}/?system={system}", headers={"Accept-Language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'"{BASES[id]}"' in blocks(page)
    assert "Writers" in page
    assert SECRET not in page
    assert "{{" not in page


def test_the_system_is_the_browsers_unless_another_is_chosen(member: Client) -> None:
    page = member.get("/guides/use-in-codex/", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0)"}).content.decode()

    assert "setx GATEWAY_API_KEY" in page


def test_unverified_facts_are_said_to_be_so(member: Client) -> None:
    for id in GUIDES:
        page = member.get(f"/guides/{id}/", headers={"Accept-Language": "en"}).content.decode()

        assert page.count("Not verified") == sum(not fact.sure for fact in guide(id).facts)


def test_a_guide_that_is_not_there_is_missing(member: Client) -> None:
    assert member.get("/guides/chat-basic/").status_code == 404
    assert member.get("/guides/..%2fguides/").status_code == 404


def test_the_tree_leads_to_the_guides(member: Client) -> None:
    page = member.get("/").content.decode()

    assert [id for id in GUIDES if f'href="/guides/{id}/"' in page] == GUIDES


def test_guides_are_closed_to_strangers() -> None:
    assert Client().get("/guides/use-in-codex/").status_code == 302
