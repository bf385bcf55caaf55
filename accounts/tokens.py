"""Personal tokens: made, told once, used by programs, revoked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, PersonalToken, Scope
from accounts.models.audit import record

LONGEST_DAYS = 3650


@transaction.atomic
def make_token(
    membership: Membership, *, name: str, scopes: list[Scope], days: int | None, address: str | None = None
) -> tuple[PersonalToken, str]:
    """A token for the person of `membership` in its team, and its text, told only now. Without `days` it never ends."""
    expires = timezone.now() + timedelta(days=days) if days else None
    token, text = PersonalToken.make(membership.user, membership.team, name=name, scopes=scopes, expires_at=expires)
    kinds = ", ".join(token.scopes)
    record("token.made", by=membership.user, team=membership.team, thing=token, address=address, scopes=kinds)
    return token, text


@transaction.atomic
def revoke(token: PersonalToken, address: str | None = None) -> None:
    """End a token; programs that use it are refused from now on."""
    token.revoke()
    record("token.revoked", by=token.user, team=token.team, thing=token, address=address)


def membership_of(token: PersonalToken) -> Membership | None:
    """In what right its bearer comes: None once the person has left the team, is locked out of it or was shut off."""
    found = Membership.objects.unlocked().filter(user=token.user, team=token.team)
    return found.select_related("user", "team").first()
