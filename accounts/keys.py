"""The life of keys: added, shared, replaced, switched off, moved, deleted. Every deed stands in the audit; secrets never."""

from datetime import timedelta

from django.db import transaction

from accounts.access import may
from accounts.models import Gateway, Key, Membership, Team
from accounts.models.audit import record
from accounts.teams import NotAllowed

DETAILS = ("name", "note", "tags", "allowed_models", "allowed_operations", "expires_at", "remind_days", "read_minutes")


@transaction.atomic
def add(key: Key, members: list[Membership], *, by: Membership, address: str | None = None) -> Key:
    """Keep a new key of the person; its secret is sealed already."""
    if not may(by, "add key", key.team) or not _is_open_to(key.gateway, key.team):
        raise NotAllowed
    key.owner = by.user
    key.save()
    key.members.set(members)
    record("key.added", by=by.user, team=key.team, thing=key, address=address, shared_with=key.shared_with)
    return key


@transaction.atomic
def change(key: Key, changed: list[str], *, by: Membership, address: str | None = None) -> None:
    """Keep changed details. `changed` names them."""
    _allow(by, "change", key)
    key.save(update_fields=DETAILS)
    record("key.changed", by=by.user, team=key.team, thing=key, address=address, changed=", ".join(changed))


@transaction.atomic
def share(key: Key, shared_with: str, members: list[Membership], *, by: Membership, address: str | None = None) -> None:
    """Let others use a key, or no longer."""
    _allow(by, "share", key)
    before, key.shared_with = Key.objects.get(pk=key.pk).shared_with, shared_with
    key.save(update_fields=["shared_with"])
    key.members.set(members)
    people = ", ".join(member.user.email for member in members) if shared_with == Key.Sharing.MEMBERS else ""
    record(
        "key.shared", by=by.user, team=key.team, thing=key, address=address, before=before, after=shared_with, people=people
    )  # fmt: skip


@transaction.atomic
def replace(key: Key, secret: str, overlap: timedelta | None, *, by: Membership, address: str | None = None) -> None:
    """Keep another secret; for `overlap` the old one can be brought back."""
    _allow(by, "replace", key)
    before = key.mask
    key.replace_secret(secret, overlap)
    record("key.replaced", by=by.user, team=key.team, thing=key, address=address, before=before)


@transaction.atomic
def bring_back(key: Key, *, by: Membership, address: str | None = None) -> None:
    """Use the former secret again."""
    _allow(by, "replace", key)
    key.bring_back_secret()
    record("key.brought_back", by=by.user, team=key.team, thing=key, address=address)


@transaction.atomic
def switch(key: Key, on: bool, *, by: Membership, address: str | None = None) -> None:
    """Refuse calls with the key from now on, or let them out again."""
    _allow(by, "switch off", key)
    if on:
        key.switch_on()
    else:
        key.switch_off()
    record("key.switched_on" if on else "key.switched_off", by=by.user, team=key.team, thing=key, address=address)


@transaction.atomic
def make_default(key: Key, *, by: Membership, address: str | None = None) -> None:
    """Let the team's calls go out with it where a person chose none."""
    _allow(by, "see", key)
    if not may(by, "set default key", key.team):
        raise NotAllowed
    key.make_default()
    record("key.made_default", by=by.user, team=key.team, thing=key, address=address)


def choose(key: Key | None, *, by: Membership) -> None:
    """Let the person's own calls go out with it; None leaves it to the team."""
    if key is not None and not may(by, "use", key):
        raise NotAllowed
    by.choose(key)


@transaction.atomic
def move(key: Key, team: Team, *, by: Membership, address: str | None = None) -> None:
    """Take a key of one's own along to another of one's teams. There only its owner may use it until they share it."""
    _allow(by, "move", key)
    if not may(by.user, "add key", team):
        raise NotAllowed
    before = key.team
    record("key.moved", by=by.user, team=before, thing=key, address=address, to=team.name)
    Membership.objects.filter(chosen_key=key).update(chosen_key=None)
    key.members.clear()
    key.team, key.gateway, key.is_default = team, _gateway_in(team, key.gateway), False
    key.shared_with = Key.Sharing.ME
    key.save(update_fields=["team", "gateway", "is_default", "shared_with"])
    record("key.added", by=by.user, team=team, thing=key, address=address, moved_from=before.name)


@transaction.atomic
def delete(key: Key, *, by: Membership, address: str | None = None) -> None:
    """Erase a key. Its runs stay and keep its name."""
    _allow(by, "delete", key)
    record("key.deleted", by=by.user, team=key.team, thing=key, address=address)
    key.delete()


def _allow(by: Membership, verb: str, key: Key) -> None:
    if not may(by, verb, key):
        raise NotAllowed


def _is_open_to(gateway: Gateway, team: Team) -> bool:
    return Gateway.objects.open_to(team).filter(pk=gateway.pk).exists()


def _gateway_in(team: Team, gateway: Gateway) -> Gateway:
    """The same place as another team knows it: the secret must go nowhere else than before."""
    if gateway.team is None:
        return gateway
    same = team.gateways.filter(base_url=gateway.base_url).first()
    return same or Gateway.objects.create(
        team=team, name=gateway.name, base_url=gateway.base_url, kind=gateway.kind
    )  # fmt: skip
