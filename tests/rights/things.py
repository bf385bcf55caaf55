"""One of everything, for each kind of person to look at and to change."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.demo import make_demo
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
from playground.models import (
    Attachment,
    Check,
    CheckResult,
    CheckRound,
    Comment,
    Comparison,
    Incoming,
    Run,
    RunCall,
    RunShare,
    SavedFolder,
    SavedRequest,
    Suggestion,
    Variable,
    Visibility,
    Webhook,
)
from playground.models import Right as Allowed
from playground.models.shares import hash_of
from playground.saved import links
from tests.comparing.conftest import a_document
from tests.people import PASSWORD
from tests.rights.everybody import EMAILS

CALL = json.dumps({"text": '{"model": "other"}', "off": {}, "path": {}, "query": [], "headers": [], "stream": None})


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


def make_things() -> Things:
    """The demo team with one of everything, and people of every role in it."""
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


@dataclass
class Room:
    """What `holder` keeps in the demo team: shared with it, to be edited by it, and for themselves alone."""

    things: Things
    editable: SavedRequest
    comment: Comment
    suggestion: Suggestion
    comparison: Comparison
    private_comparison: Comparison
    round: CheckRound
    check: Check
    variable: Variable
    private_variable: Variable
    upload: Attachment
    result: Attachment


def make_room(things: Things) -> Room:
    """What the team shares and what its holder keeps to themselves."""
    team, holder, run = things.team, things.holder, things.run
    editable = _saved(team, holder, Visibility.TEAM)
    editable.team_right = Allowed.EDIT
    editable.save()
    SavedFolder.objects.create(team=team, path="Finance")
    round_ = CheckRound.objects.create(team=team, person=holder, folder="Finance")
    CheckResult.objects.create(round=round_, place=0, request=things.private_saved, name="Private check", version=1)
    document = json.dumps(a_document(runs={"c1/r1": str(run.uuid)}))
    for_team, own = (
        Comparison.objects.create(team=team, owner=holder, title="Private words", document=document, is_shared=shared)
        for shared in (True, False)
    )
    teams, mine = (
        Variable(team=team, owner=owner, name=name) for owner, name in ((None, "of_team"), (holder, "of_holder"))
    )
    teams.become("Private value", is_secret=False, by=holder)
    mine.become("Private value", is_secret=False, by=holder)
    return Room(
        things, editable,
        Comment.objects.create(team=team, request=things.saved, author=holder, text="Private words"),
        editable.suggestions.create(author=holder, call=CALL, after=1, message="Shorter"),
        for_team, own, round_, Check.objects.create(request=editable, kind="contains", expected="x"),
        teams, mine,
        _file(things), _file(things, run=run, kind=Attachment.Kind.RESULT, source="s"),
    )  # fmt: skip


def _file(things: Things, **more: Any) -> Attachment:
    incoming = Incoming()
    incoming.write(b"Private")
    kept = incoming.keep(
        Attachment(team=things.team, owner=things.holder, name="private.txt", mime="text/plain", **more)
    )
    assert kept
    return kept
