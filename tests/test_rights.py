"""Who may do what: every thing × every verb × every kind of person, by pages, parts, sockets and the API.

Outsiders cannot tell a thing that exists from one that does not, and no new address slips past this page.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from accounts.demo import MEMBER, OWNER, STRANGER, make_demo
from accounts.gateways import sandbox
from accounts.models import (
    BalanceRefresh,
    Gateway,
    Invitation,
    Key,
    Membership,
    PersonalToken,
    Role,
    Scope,
    Team,
    User,
)
from playground.alerts.webhooks import new_secret
from playground.models import AlertRule, LinkRule, Run, RunCall, RunShare, SavedRequest, Visibility, Webhook
from playground.models.shares import hash_of
from playground.saved import links
from tests.conftest import Site
from tests.people import PASSWORD, Person, chat, start, tell, watch_until_end

EVERYBODY = ("signed out", "removed", "stranger", "viewer", "member", "admin", "owner")
OUTSIDERS = EVERYBODY[:3]
TEAM = EVERYBODY[3:]
WRITERS = ("member", "admin", "owner")
ADMINS = ("admin", "owner")
EMAILS = {
    "removed": "removed@example.com",
    "stranger": STRANGER,
    "viewer": "viewer@example.com",
    "member": MEMBER,
    "admin": "admin@example.com",
    "owner": OWNER,
}


@dataclass
class Things:
    """One of everything in the demo team. The private key and the run belong to `holder`, who is a member."""

    team: Team
    holder: User
    bystander: Membership
    shared: Key
    private: Key
    gateway: Gateway
    invitation: Invitation
    run: Run
    refresh: BalanceRefresh
    token: PersonalToken
    webhook: Webhook
    saved: SavedRequest
    private_saved: SavedRequest
    link: RunShare
    others: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def things(request: pytest.FixtureRequest) -> Things:
    make_demo(PASSWORD)
    team = Team.objects.get(name="Demo team")
    for role in (Role.VIEWER, Role.ADMIN):
        Membership.objects.create(team=team, user=_person(EMAILS[role.value]), role=role)
    removed = Membership.objects.create(team=team, user=_person(EMAILS["removed"]), role=Role.MEMBER)
    removed.delete()
    holder = _person("holder@example.com")
    Membership.objects.create(team=team, user=holder, role=Role.MEMBER)
    bystander = Membership.objects.create(team=team, user=_person("bystander@example.com"), role=Role.MEMBER)
    shared = team.keys.get()
    private = Key.objects.create(
        team=team, owner=holder, gateway=sandbox(), name="Private", secret="sk-private-0123456789"
    )
    invitation = Invitation(team=team, email="new@example.com", role=Role.MEMBER)
    invitation.renew_token()
    invitation.save()
    run = Run.objects.create(
        team=team, user=holder, key=private, operation="chat-stream", dialect="openai-chat", state="succeeded",
        started_at=timezone.now(),
    )  # fmt: skip
    sent = {"method": "POST", "url": "http://x/", "headers": [], "query": []}
    RunCall.objects.create(run=run, given=b"{}", body=b"{}", sent=json.dumps(sent).encode())
    return Things(
        team, holder, bystander, shared, private,
        Gateway.objects.create(team=team, name="Own", base_url="https://203.0.114.8"),
        invitation, run, BalanceRefresh.objects.create(team=team, person=holder, total=1),
        PersonalToken.make(holder, team, name="t", scopes=[Scope.READ], expires_at=None)[0],
        _webhook(team), _saved(team, holder, Visibility.TEAM), _saved(team, holder, Visibility.ME), _link(run, holder),
    )  # fmt: skip


# A link's token as its address holds it; it looks like an id, so that a made-up one can stand in its place.
LINK_TOKEN = "3d7f1a52-0000-4000-8000-1c96a1b2c3d4"


def _webhook(team: Team) -> Webhook:
    webhook = Webhook(team=team, url="https://203.0.114.8/hook")
    webhook.secret = new_secret()
    webhook.save()
    return webhook


def _saved(team: Team, owner: User, visibility: Visibility) -> SavedRequest:
    saved = SavedRequest.objects.create(
        team=team, owner=owner, name="Private check", operation="chat-basic", visibility=visibility
    )
    saved.versions.create(number=1, author=owner, call=json.dumps({"text": "{}"}))
    return saved


def _link(run: Run, author: User) -> RunShare:
    member = run.team.memberships.get(user=author)
    share, _token = links.make(run, by=member, audience=RunShare.Audience.TEAM, days=None)
    share.token_hash = hash_of(LINK_TOKEN)
    share.save(update_fields=["token_hash"])
    return share


def _person(email: str) -> User:
    return User.objects.create_user(email, PASSWORD)


def browser(who: str) -> Client:
    """The browser of that kind of person."""
    client = Client(headers={"accept-language": "en"})
    if who in EMAILS:
        person = User.objects.get(email=EMAILS[who])
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- looking ------------------------------------------------------------------------------------------------------

Looked = tuple[Callable[[Things], str], tuple[str, ...]]

# What may be looked at, and by whom; everybody else is answered as if it were missing.
LOOKS: dict[str, Looked] = {
    "run": (lambda t: f"/runs/{t.run.uuid}/", TEAM),
    "run_request": (lambda t: f"/runs/{t.run.uuid}/request.json", TEAM),
    "key": (lambda t: f"/keys/{t.shared.pk}/", TEAM),
    "key (private)": (lambda t: f"/keys/{t.private.pk}/", ADMINS),
    "balance": (lambda t: f"/balances/{t.shared.pk}/", TEAM),
    "balance (private)": (lambda t: f"/balances/{t.private.pk}/", ADMINS),
    "balance_readings": (lambda t: f"/balances/{t.shared.pk}/readings.json", TEAM),
    "balance_readings (private)": (lambda t: f"/balances/{t.private.pk}/readings.json", ADMINS),
    "balances_progress": (lambda t: f"/balances/refresh/{t.refresh.pk}/", TEAM),
    "gateway": (lambda t: f"/gateways/{t.gateway.pk}/", TEAM),
    "alert_key": (lambda t: f"/alerts/keys/{t.shared.pk}/", TEAM),
    "alert_key (private)": (lambda t: f"/alerts/keys/{t.private.pk}/", ADMINS),
    "alert_webhook": (lambda t: f"/alerts/webhooks/{t.webhook.pk}/", ADMINS),
    "saved_request": (lambda t: f"/saved/{t.saved.pk}/", TEAM),
    "saved_request (private)": (lambda t: f"/saved/{t.private_saved.pk}/", ()),
    "saved_call": (lambda t: f"/saved/{t.saved.pk}/call.json", TEAM),
    "saved_call (private)": (lambda t: f"/saved/{t.private_saved.pk}/call.json", ()),
    "shared": (lambda t: f"/shared/{LINK_TOKEN}/", TEAM),
    "shared_call": (lambda t: f"/shared/{LINK_TOKEN}/call.json", TEAM),
    "model_names": (lambda t: f"/models/{t.shared.pk}/names.json", TEAM),
    "model_names (private)": (lambda t: f"/models/{t.private.pk}/names.json", ADMINS),
}
# Lists that say nothing of the team to outsiders, and pages that only some of the team may open.
LISTS = {
    "/": TEAM, "/history/": TEAM, "/keys/": TEAM, "/balances/": TEAM, "/models/": TEAM, "/gateways/": TEAM, "/team/": TEAM,
    "/balances/differences/": TEAM,
    "/team/audit/": ADMINS, "/keys/new/": WRITERS, "/gateways/new/": WRITERS,
    "/alerts/": TEAM, "/notices/": TEAM, "/saved/": TEAM, "/links/": TEAM,
}  # fmt: skip
NAMES = ("Demo team", "Private", "Demo key", "Own", "holder")


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("part", [False, True], ids=["page", "htmx part"])
def test_things_are_seen_by_those_who_may_and_are_missing_for_all_others(things: Things, who: str, part: bool) -> None:
    headers = {"HX-Request": "true"} if part else {}

    for name, (address, allowed) in LOOKS.items():
        path = address(things)
        answer, missing = (browser(who).get(at, headers=headers) for at in (path, _missing(path)))
        if who in allowed:
            assert answer.status_code == 200, (name, who, answer.status_code)
        else:
            assert _told(answer) == _told(missing), (name, who)
            assert answer.status_code in (302, 401, 404), (name, who, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_lists_open_for_the_team_and_name_nothing_of_it_to_others(things: Things, who: str) -> None:
    for path, allowed in LISTS.items():
        answer = browser(who).get(path)
        if who in allowed:
            assert answer.status_code == 200, (path, who)
        elif who in TEAM:
            assert answer.status_code in (302, 403), (path, who)
        else:
            said = answer.content.decode()
            assert not [name for name in NAMES if name in said and who != "stranger"], (path, who)
            assert "Demo team" not in said and "Private" not in said, (path, who)


# --- doing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """A wish by a form: where, what is filled in, who may, and how to see that it happened."""

    address: Callable[[Things], str]
    form: Callable[[Things], dict[str, Any]]
    allowed: tuple[str, ...]
    mark: Callable[[Things], Any]


def _nothing(things: Things) -> dict[str, Any]:
    return {}


def _key(things: Things, of: str = "private") -> Key | None:
    return Key.objects.filter(pk=getattr(things, of).pk).first()


RULE = {"low_amount": "5", "low_unit": "USD", "low_days": "3", "spike_times": "3"}

DEEDS: dict[str, Deed] = {
    "key": Deed(
        lambda t: f"/keys/{t.private.pk}/", lambda t: {"name": "Renamed"}, ADMINS, lambda t: _key(t).name
    ),
    "key (shared)": Deed(
        lambda t: f"/keys/{t.shared.pk}/", lambda t: {"name": "Renamed", "shared_with": "team"}, ADMINS,
        lambda t: _key(t, "shared").name,
    ),
    "key_off": Deed(lambda t: f"/keys/{t.shared.pk}/off/", _nothing, ADMINS, lambda t: _key(t, "shared").is_live),
    "key_off (private)": Deed(lambda t: f"/keys/{t.private.pk}/off/", _nothing, ADMINS, lambda t: _key(t).is_live),
    "key_default": Deed(lambda t: f"/keys/{t.private.pk}/default/", _nothing, ADMINS, lambda t: _key(t).is_default),
    "key_choose": Deed(
        lambda t: f"/keys/{t.shared.pk}/choose/", _nothing, WRITERS,
        lambda t: Membership.objects.filter(chosen_key=t.shared).count(),
    ),
    "key_choose (private)": Deed(
        lambda t: f"/keys/{t.private.pk}/choose/", _nothing, (),
        lambda t: Membership.objects.filter(chosen_key=t.private).count(),
    ),
    "key_replace": Deed(
        lambda t: f"/keys/{t.private.pk}/replace/", lambda t: {"secret": "sk-other-0123456789", "overlap": "0"}, ADMINS,
        lambda t: _key(t).secret.reveal(),
    ),
    "key_move": Deed(
        lambda t: f"/keys/{t.private.pk}/move/",
        lambda t: {"team": str(Team.objects.get(name="Strangers").public_id)}, (), lambda t: _key(t).team_id,
    ),
    "key_delete": Deed(
        lambda t: f"/keys/{t.private.pk}/delete/", lambda t: {"name": "Private"}, ADMINS, lambda t: _key(t) is None
    ),
    "key_new": Deed(
        lambda t: "/keys/new/",
        lambda t: {"name": "N", "gateway": t.shared.gateway_id, "secret": "sk-new-0123456789", "shared_with": "me"},
        WRITERS, lambda t: t.team.keys.count(),
    ),
    "gateway": Deed(
        lambda t: f"/gateways/{t.gateway.pk}/", lambda t: {"name": "R", "base_url": "https://203.0.114.8"}, ADMINS,
        lambda t: Gateway.objects.get(pk=t.gateway.pk).name,
    ),
    "gateway_delete": Deed(
        lambda t: f"/gateways/{t.gateway.pk}/delete/", lambda t: {"name": "Own"}, ADMINS,
        lambda t: Gateway.objects.filter(pk=t.gateway.pk).exists(),
    ),
    "gateway_new": Deed(
        lambda t: "/gateways/new/", lambda t: {"name": "N", "base_url": "https://203.0.114.9"}, WRITERS,
        lambda t: t.team.gateways.count(),
    ),
    "team_role": Deed(
        lambda t: f"/team/members/{t.bystander.pk}/role/", lambda t: {"role": "viewer"}, ADMINS,
        lambda t: Membership.objects.get(pk=t.bystander.pk).role,
    ),
    "team_remove": Deed(
        lambda t: f"/team/members/{t.bystander.pk}/remove/", _nothing, ADMINS,
        lambda t: Membership.objects.filter(pk=t.bystander.pk).exists(),
    ),
    "team_hand_over": Deed(
        lambda t: f"/team/members/{t.bystander.pk}/hand-over/", _nothing, ("owner",),
        lambda t: Membership.objects.get(pk=t.bystander.pk).role,
    ),
    "team_invite": Deed(
        lambda t: "/team/invitations/", lambda t: {"email": "x@example.com", "role": "member"}, ADMINS,
        lambda t: t.team.invitations.count(),
    ),
    "team_invite_again": Deed(
        lambda t: f"/team/invitations/{t.invitation.pk}/again/", _nothing, ADMINS,
        lambda t: Invitation.objects.get(pk=t.invitation.pk).token_hash,
    ),
    "team_invite_revoke": Deed(
        lambda t: f"/team/invitations/{t.invitation.pk}/revoke/", _nothing, ADMINS,
        lambda t: Invitation.objects.get(pk=t.invitation.pk).revoked_at,
    ),
    "team_rename": Deed(
        lambda t: "/team/rename/", lambda t: {"name": "Else"}, ADMINS, lambda t: Team.objects.get(pk=t.team.pk).name
    ),
    "team_second_factor": Deed(
        lambda t: "/team/second-factor/", lambda t: {"required": "on"}, ("owner",),
        lambda t: Team.objects.get(pk=t.team.pk).requires_second_factor,
    ),
    "team_delete": Deed(
        lambda t: "/team/delete/", lambda t: {"name": "Demo team"}, ("owner",),
        lambda t: Team.objects.filter(pk=t.team.pk).exists(),
    ),
    "alerts": Deed(
        lambda t: "/alerts/", lambda t: RULE, ADMINS, lambda t: AlertRule.objects.filter(team=t.team).count()
    ),
    "alert_key": Deed(
        lambda t: f"/alerts/keys/{t.private.pk}/", lambda t: RULE, ADMINS,
        lambda t: AlertRule.objects.filter(key=t.private).count(),
    ),
    "alert_key (shared)": Deed(
        lambda t: f"/alerts/keys/{t.shared.pk}/", lambda t: RULE, ADMINS,
        lambda t: AlertRule.objects.filter(key=t.shared).count(),
    ),
    "alert_webhook_new": Deed(
        lambda t: "/alerts/webhooks/", lambda t: {"url": "https://203.0.114.9/"}, ADMINS,
        lambda t: t.team.webhooks.count(),
    ),
    "alert_webhook_renew": Deed(
        lambda t: f"/alerts/webhooks/{t.webhook.pk}/renew/", _nothing, ADMINS,
        lambda t: Webhook.objects.get(pk=t.webhook.pk).secret.reveal(),
    ),
    "alert_webhook_delete": Deed(
        lambda t: f"/alerts/webhooks/{t.webhook.pk}/delete/", _nothing, ADMINS,
        lambda t: Webhook.objects.filter(pk=t.webhook.pk).exists(),
    ),
    "saved_describe": Deed(
        lambda t: f"/saved/{t.saved.pk}/describe/", lambda t: {"name": "Renamed"}, (),
        lambda t: SavedRequest.objects.get(pk=t.saved.pk).name,
    ),
    "saved_restore": Deed(
        lambda t: f"/saved/{t.saved.pk}/restore/", lambda t: {"version": "1", "after": "1"}, (),
        lambda t: SavedRequest.objects.get(pk=t.saved.pk).version,
    ),
    "saved_share": Deed(
        lambda t: f"/saved/{t.saved.pk}/share/", lambda t: {"visibility": "me", "team_right": "run"}, (),
        lambda t: SavedRequest.objects.get(pk=t.saved.pk).visibility,
    ),
    "saved_fork": Deed(
        lambda t: f"/saved/{t.saved.pk}/fork/", _nothing, WRITERS, lambda t: t.team.saved_requests.count()
    ),
    "saved_fork (private)": Deed(
        lambda t: f"/saved/{t.private_saved.pk}/fork/", _nothing, (), lambda t: t.team.saved_requests.count()
    ),
    "saved_delete": Deed(
        lambda t: f"/saved/{t.saved.pk}/delete/", _nothing, (), lambda t: t.team.saved_requests.count()
    ),
    "share_run": Deed(
        lambda t: f"/runs/{t.run.uuid}/share/", lambda t: {"audience": "team", "days": "7"}, WRITERS,
        lambda t: t.team.run_shares.count(),
    ),
    "link_revoke": Deed(
        lambda t: f"/links/{t.link.pk}/revoke/", _nothing, ADMINS,
        lambda t: RunShare.objects.get(pk=t.link.pk).revoked_at,
    ),
    "link_rule": Deed(
        lambda t: "/links/rule/", lambda t: {"anyone": "on"}, ADMINS,
        lambda t: LinkRule.lets_anyone(t.team),
    ),
    "token_revoke": Deed(
        lambda t: f"/account/tokens/{t.token.pk}/revoke/", _nothing, (),
        lambda t: PersonalToken.objects.get(pk=t.token.pk).revoked_at,
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("deed", DEEDS)
def test_deeds_happen_for_those_who_may_and_for_nobody_else(things: Things, deed: str, who: str) -> None:
    wish = DEEDS[deed]
    before = wish.mark(things)

    with _undone():
        answer = browser(who).post(wish.address(things), wish.form(things))
        happened = wish.mark(things) != before

    assert happened == (who in wish.allowed), (deed, who, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_hear_the_same_of_what_is_there_and_what_is_not(things: Things, who: str) -> None:
    for name, wish in DEEDS.items():
        path = wish.address(things)
        if _missing(path) == path:
            continue
        told = []
        for at in (path, _missing(path)):
            with _undone():
                told.append(_told(browser(who).post(at, wish.form(things))))
        assert told[0] == told[1], (name, who)


@contextmanager
def _undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- nothing slips past ---------------------------------------------------------------------------------------------

# Addresses that name nothing of a team: the catalogue and its guides, one's own drafts, an invitation's secret link.
OPEN = {
    "draft", "operation", "operation_problems", "samples", "sample", "export", "turn", "guide", "schema", "team_join",
}  # fmt: skip


def test_every_address_that_names_a_thing_is_tried() -> None:
    tried = {name.partition(" ")[0] for name in (*LOOKS, *DEEDS, *HIDDEN)} | OPEN

    untried = {name for name, route in _addresses(get_resolver().url_patterns) if "<" in route and name not in tried}

    assert not untried & _ours(), f"say who may use {', '.join(sorted(untried & _ours()))}"


def _addresses(patterns: list[Any]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", str(pattern.pattern)
        elif isinstance(pattern, URLResolver) and pattern.namespace is None and "accounts/" not in str(pattern.pattern):
            yield from _addresses(pattern.url_patterns)


def _ours() -> set[str]:
    """Every named address of keys, gateways, tokens, teams, balances, alerts, links and runs."""
    rooms = ("alert", "balance", "gateway", "key", "link", "model", "run", "share", "team", "token")
    return {name for name, _route in _addresses(get_resolver().url_patterns) if name.startswith(rooms)}


# Verbs that are told as missing by whoever does not see the thing.
HIDDEN: dict[str, Looked] = {
    "key_test": (lambda t: f"/keys/{t.private.pk}/test/", ADMINS),
    "key_on": (lambda t: f"/keys/{t.private.pk}/on/", ADMINS),
    "key_bring_back": (lambda t: f"/keys/{t.private.pk}/bring-back/", ADMINS),
    "balance_read": (lambda t: f"/balances/{t.private.pk}/read/", ADMINS),
    "balances_cancel": (lambda t: f"/balances/refresh/{t.refresh.pk}/cancel/", TEAM),
    "gateway_test": (lambda t: f"/gateways/{t.gateway.pk}/test/", TEAM),
    "alert_key_follow": (lambda t: f"/alerts/keys/{t.private.pk}/follow/", ADMINS),
    "alert_webhook_test": (lambda t: f"/alerts/webhooks/{t.webhook.pk}/test/", TEAM),
    "saved_version": (lambda t: f"/saved/{t.private_saved.pk}/versions/", ()),
    "saved_describe (private)": (lambda t: f"/saved/{t.private_saved.pk}/describe/", ()),
    "saved_restore (private)": (lambda t: f"/saved/{t.private_saved.pk}/restore/", ()),
    "saved_share (private)": (lambda t: f"/saved/{t.private_saved.pk}/share/", ()),
    "saved_delete (private)": (lambda t: f"/saved/{t.private_saved.pk}/delete/", ()),
    "run_again": (lambda t: f"/runs/{t.run.uuid}/again/", TEAM),
    "run_comment": (lambda t: f"/runs/{t.run.uuid}/comments/", TEAM),
    "run_picture": (lambda t: f"/runs/{t.run.uuid}/picture", TEAM),
    "run_marks": (lambda t: f"/runs/{t.run.uuid}/marks/", TEAM),
    "run_delete": (lambda t: f"/runs/{t.run.uuid}/delete/", TEAM),
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_verbs_on_things_one_does_not_see_are_as_on_missing_ones(things: Things, who: str) -> None:
    for name, (address, allowed) in HIDDEN.items():
        if who in allowed:
            continue
        with _undone():
            path = address(things)
            assert _told(browser(who).post(path)) == _told(browser(who).post(_missing(path))), (name, who)


# --- sockets and programs --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_sockets_open_and_tell_by_the_same_rights(site: Site, things: Things) -> None:
    seen: dict[str, Any] = {}
    for who in EMAILS:
        person = Person(site.url, EMAILS[who])
        try:
            with person.socket() as socket:
                seen[who] = _socket_rights(socket, things)
        except InvalidStatus as refused:
            seen[who] = refused.response.status_code

    missing = ("not_found", "not_found")
    assert seen == {
        "removed": 403,
        "stranger": {"watch": missing, "stop": missing, "private key": "not_found", "start": "succeeded"},
        "viewer": {"watch": ("succeeded", "not_found"), "stop": ("forbidden", "not_found"), "private key": "forbidden", "start": "forbidden"},
        "member": {"watch": ("succeeded", "not_found"), "stop": ("forbidden", "not_found"), "private key": "not_found", "start": "succeeded"},
        "admin": {"watch": ("succeeded", "not_found"), "stop": ("", "not_found"), "private key": "not_found", "start": "succeeded"},
        "owner": {"watch": ("succeeded", "not_found"), "stop": ("", "not_found"), "private key": "not_found", "start": "succeeded"},
    }  # fmt: skip


def _socket_rights(socket: Any, things: Things) -> dict[str, Any]:
    run, missing = str(things.run.uuid), str(uuid.uuid4())

    def watched(name: str) -> str:
        tell(socket, type="watch", run=name, after=0)
        told = watch_until_end(socket, name, 10)
        return told.error.get("code") or told.state

    def stopped(name: str) -> str:
        tell(socket, type="stop", run=name)
        tell(socket, type="watch", run="no uuid")  # is refused, so that something comes back in any case
        codes = []
        while not codes or codes[-1] != "bad_message":
            message = json.loads(socket.recv(timeout=10))
            if message["type"] == "error":
                codes.append(message["code"])
        return codes[0] if len(codes) > 1 else ""

    def started(key: str | None) -> str:
        name = start(socket, "chat-stream", chat(), key=key)
        told = watch_until_end(socket, name, 20)
        return told.error.get("code") or told.state

    return {
        "watch": (watched(run), watched(missing)),
        "stop": (stopped(run), stopped(missing)),
        "private key": started(str(things.private.pk)),
        "start": started(None),
    }


@pytest.mark.django_db(transaction=True)
def test_programs_have_the_rights_of_their_people(site: Site, things: Things) -> None:
    run, missing = things.run.uuid, uuid.uuid4()

    for who in EVERYBODY:
        client = _program(site, things, who)
        for pair in [
            [client.get(f"/api/runs/{name}") for name in (run, missing)],
            [client.post(f"/api/runs/{name}/stop") for name in (run, missing)],
            [client.get(f"/api/keys/{name}/balance") for name in (things.private.pk, missing)],
        ]:
            if who in OUTSIDERS:
                assert (pair[0].status_code, pair[0].json()) == (pair[1].status_code, pair[1].json())
                assert pair[0].status_code == (404 if who == "stranger" else 401)
            else:
                assert pair[1].status_code == 404
        seen = client.get(f"/api/keys/{things.private.pk}/balance").status_code
        assert (seen == 200) == (who in ADMINS), who
        begun = client.post("/api/runs", json={"operation": "chat-stream", "call": chat()}).status_code
        assert (begun == 201) == (who in (*WRITERS, "stranger")), who


def _program(site: Site, things: Things, who: str) -> httpx.Client:
    text = "tp_none"
    if who in EMAILS:
        person = User.objects.get(email=EMAILS[who])
        team = things.team if who != "stranger" else person.memberships.get().team
        _token, text = PersonalToken.make(person, team, name="t", scopes=list(Scope), expires_at=None)
    return httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {text}"}, timeout=30)


# --- comparing ----------------------------------------------------------------------------------------------------------

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?<=/)\d+(?=/)")
_PASSING = re.compile(r'(nonce|data-now|value|content)="[^"]*"')


def _missing(path: str) -> str:
    """The same address of a thing that does not exist."""
    return _NUMBER.sub("987654321", _UUID.sub(str(uuid.uuid4()), path))


def _told(answer: Any) -> tuple[int, str, str]:
    """What an answer says, without what differs between any two answers and without the id that was asked for."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = _PASSING.sub("", body.decode())
    where = answer.headers.get("Location", "")
    return answer.status_code, _plain(where), _plain(text)


def _plain(text: str) -> str:
    return _NUMBER.sub("N", _UUID.sub("ID", text.replace("%2F", "/")))
