"""What a team keeps: its keys, balances, gateways, people, alerts, links and tokens, tried by every kind of person.

Outsiders cannot tell a thing that exists from one that does not, and no new address slips past this page.
"""

import pytest

from accounts.models import (
    Gateway,
    Invitation,
    Key,
    Membership,
    PersonalToken,
    Team,
)
from playground.models import AlertRule, LinkRule, RunShare, SavedRequest, Webhook
from tests.rights.everybody import ADMINS, EVERYBODY, OUTSIDERS, TEAM, WRITERS, browser
from tests.rights.things import LINK_TOKEN, Things
from tests.rights.trying import Looks, Wish, addresses, happens, is_as_if_missing, look, missing, told, undone

# --- looking ------------------------------------------------------------------------------------------------------

LOOKS: Looks[Things] = {
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
    look(LOOKS, things, who, headers={"HX-Request": "true"} if part else {})


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


def _key(things: Things, of: str = "private") -> Key | None:
    return Key.objects.filter(pk=getattr(things, of).pk).first()


RULE = {"low_amount": "5", "low_unit": "USD", "low_days": "3", "spike_times": "3"}

DEEDS: dict[str, Wish[Things]] = {
    "key": Wish(lambda t: f"/keys/{t.private.pk}/", ADMINS, lambda t: _key(t).name, lambda t: {"name": "Renamed"}),
    "key (shared)": Wish(
        lambda t: f"/keys/{t.shared.pk}/", ADMINS, lambda t: _key(t, "shared").name,
        lambda t: {"name": "Renamed", "shared_with": "team"},
    ),
    "key_off": Wish(lambda t: f"/keys/{t.shared.pk}/off/", ADMINS, lambda t: _key(t, "shared").is_live),
    "key_off (private)": Wish(lambda t: f"/keys/{t.private.pk}/off/", ADMINS, lambda t: _key(t).is_live),
    "key_default": Wish(lambda t: f"/keys/{t.private.pk}/default/", ADMINS, lambda t: _key(t).is_default),
    "key_choose": Wish(
        lambda t: f"/keys/{t.shared.pk}/choose/", WRITERS,
        lambda t: Membership.objects.filter(chosen_key=t.shared).count(),
    ),
    "key_choose (private)": Wish(
        lambda t: f"/keys/{t.private.pk}/choose/", (),
        lambda t: Membership.objects.filter(chosen_key=t.private).count(),
    ),
    "key_replace": Wish(
        lambda t: f"/keys/{t.private.pk}/replace/", ADMINS, lambda t: _key(t).secret.reveal(),
        lambda t: {"secret": "sk-other-0123456789", "overlap": "0"},
    ),
    "key_move": Wish(
        lambda t: f"/keys/{t.private.pk}/move/", (), lambda t: _key(t).team_id,
        lambda t: {"team": str(Team.objects.get(name="Strangers").public_id)},
    ),
    "key_delete": Wish(
        lambda t: f"/keys/{t.private.pk}/delete/", ADMINS, lambda t: _key(t) is None, lambda t: {"name": "Private"},
    ),
    "key_new": Wish(
        lambda t: "/keys/new/", WRITERS, lambda t: t.team.keys.count(),
        lambda t: {"name": "N", "gateway": t.shared.gateway_id, "secret": "sk-new-0123456789", "shared_with": "me"},
    ),
    "gateway": Wish(
        lambda t: f"/gateways/{t.gateway.pk}/", ADMINS, lambda t: Gateway.objects.get(pk=t.gateway.pk).name,
        lambda t: {"name": "R", "base_url": "https://203.0.114.8"},
    ),
    "gateway_delete": Wish(
        lambda t: f"/gateways/{t.gateway.pk}/delete/", ADMINS,
        lambda t: Gateway.objects.filter(pk=t.gateway.pk).exists(), lambda t: {"name": "Own"},
    ),
    "gateway_new": Wish(
        lambda t: "/gateways/new/", WRITERS, lambda t: t.team.gateways.count(),
        lambda t: {"name": "N", "base_url": "https://203.0.114.9"},
    ),
    "team_role": Wish(
        lambda t: f"/team/members/{t.bystander.pk}/role/", ADMINS,
        lambda t: Membership.objects.get(pk=t.bystander.pk).role, lambda t: {"role": "viewer"},
    ),
    "team_remove": Wish(
        lambda t: f"/team/members/{t.bystander.pk}/remove/", ADMINS,
        lambda t: Membership.objects.filter(pk=t.bystander.pk).exists(),
    ),
    "team_hand_over": Wish(
        lambda t: f"/team/members/{t.bystander.pk}/hand-over/", ("owner",),
        lambda t: Membership.objects.get(pk=t.bystander.pk).role,
    ),
    "team_invite": Wish(
        lambda t: "/team/invitations/", ADMINS, lambda t: t.team.invitations.count(),
        lambda t: {"email": "x@example.com", "role": "member"},
    ),
    "team_invite_again": Wish(
        lambda t: f"/team/invitations/{t.invitation.pk}/again/", ADMINS,
        lambda t: Invitation.objects.get(pk=t.invitation.pk).token_hash,
    ),
    "team_invite_revoke": Wish(
        lambda t: f"/team/invitations/{t.invitation.pk}/revoke/", ADMINS,
        lambda t: Invitation.objects.get(pk=t.invitation.pk).revoked_at,
    ),
    "team_rename": Wish(
        lambda t: "/team/rename/", ADMINS, lambda t: Team.objects.get(pk=t.team.pk).name, lambda t: {"name": "Else"},
    ),
    "team_second_factor": Wish(
        lambda t: "/team/second-factor/", ("owner",), lambda t: Team.objects.get(pk=t.team.pk).requires_second_factor,
        lambda t: {"required": "on"},
    ),
    "team_delete": Wish(
        lambda t: "/team/delete/", ("owner",), lambda t: Team.objects.filter(pk=t.team.pk).exists(),
        lambda t: {"name": "Demo team"},
    ),
    "alerts": Wish(
        lambda t: "/alerts/", ADMINS, lambda t: AlertRule.objects.filter(team=t.team).count(), lambda t: RULE,
    ),
    "alert_key": Wish(
        lambda t: f"/alerts/keys/{t.private.pk}/", ADMINS, lambda t: AlertRule.objects.filter(key=t.private).count(),
        lambda t: RULE,
    ),
    "alert_key (shared)": Wish(
        lambda t: f"/alerts/keys/{t.shared.pk}/", ADMINS, lambda t: AlertRule.objects.filter(key=t.shared).count(),
        lambda t: RULE,
    ),
    "alert_webhook_new": Wish(
        lambda t: "/alerts/webhooks/", ADMINS, lambda t: t.team.webhooks.count(),
        lambda t: {"url": "https://203.0.114.9/"},
    ),
    "alert_webhook_renew": Wish(
        lambda t: f"/alerts/webhooks/{t.webhook.pk}/renew/", ADMINS,
        lambda t: Webhook.objects.get(pk=t.webhook.pk).secret.reveal(),
    ),
    "alert_webhook_delete": Wish(
        lambda t: f"/alerts/webhooks/{t.webhook.pk}/delete/", ADMINS,
        lambda t: Webhook.objects.filter(pk=t.webhook.pk).exists(),
    ),
    "saved_describe": Wish(
        lambda t: f"/saved/{t.saved.pk}/describe/", (), lambda t: SavedRequest.objects.get(pk=t.saved.pk).name,
        lambda t: {"name": "Renamed"},
    ),
    "saved_restore": Wish(
        lambda t: f"/saved/{t.saved.pk}/restore/", (), lambda t: SavedRequest.objects.get(pk=t.saved.pk).version,
        lambda t: {"version": "1", "after": "1"},
    ),
    "saved_share": Wish(
        lambda t: f"/saved/{t.saved.pk}/share/", (), lambda t: SavedRequest.objects.get(pk=t.saved.pk).visibility,
        lambda t: {"visibility": "me", "team_right": "run"},
    ),
    "saved_fork": Wish(lambda t: f"/saved/{t.saved.pk}/fork/", WRITERS, lambda t: t.team.saved_requests.count()),
    "saved_fork (private)": Wish(
        lambda t: f"/saved/{t.private_saved.pk}/fork/", (), lambda t: t.team.saved_requests.count(),
    ),
    "saved_delete": Wish(lambda t: f"/saved/{t.saved.pk}/delete/", (), lambda t: t.team.saved_requests.count()),
    "share_run": Wish(
        lambda t: f"/runs/{t.run.uuid}/share/", WRITERS, lambda t: t.team.run_shares.count(),
        lambda t: {"audience": "team", "days": "7"},
    ),
    "link_revoke": Wish(
        lambda t: f"/links/{t.link.pk}/revoke/", ADMINS, lambda t: RunShare.objects.get(pk=t.link.pk).revoked_at,
    ),
    "link_rule": Wish(
        lambda t: "/links/rule/", ADMINS, lambda t: LinkRule.lets_anyone(t.team), lambda t: {"anyone": "on"},
    ),
    "token_revoke": Wish(
        lambda t: f"/account/tokens/{t.token.pk}/revoke/", (),
        lambda t: PersonalToken.objects.get(pk=t.token.pk).revoked_at,
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_deeds_happen_for_those_who_may_and_for_nobody_else(things: Things, who: str) -> None:
    for name, wish in DEEDS.items():
        happens(wish, name, things, who)


@pytest.mark.django_db
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_hear_the_same_of_what_is_there_and_what_is_not(things: Things, who: str) -> None:
    for name, wish in DEEDS.items():
        is_as_if_missing(wish, name, things, who)


# --- nothing slips past ---------------------------------------------------------------------------------------------

# Addresses that name nothing of a team: the catalogue and its guides, one's own drafts, an invitation's secret link.
OPEN = {
    "draft", "operation", "operation_problems", "samples", "sample", "export", "turn", "guide", "schema", "team_join",
}  # fmt: skip


def test_every_address_that_names_a_thing_is_tried() -> None:
    tried = {name.partition(" ")[0] for name in (*LOOKS, *DEEDS, *HIDDEN)} | OPEN

    untried = {name for name, route in addresses() if "<" in route and name not in tried}

    assert not untried & _ours(), f"say who may use {', '.join(sorted(untried & _ours()))}"


def _ours() -> set[str]:
    """Every named address of keys, gateways, tokens, teams, balances, alerts, links and runs."""
    rooms = ("alert", "balance", "gateway", "key", "link", "model", "run", "share", "team", "token")
    return {name for name, _route in addresses() if name.startswith(rooms)}


# Verbs that are told as missing by whoever does not see the thing.
HIDDEN: Looks[Things] = {
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
        with undone():
            path = address(things)
            assert told(browser(who).post(path)) == told(browser(who).post(missing(path))), (name, who)
