"""Which rule holds for a key – its own, else the team's, else the defaults – and who may change it."""

from django.db import transaction
from django.db.models import F, Q

from accounts.access import may
from accounts.models import Key, Membership, Team
from accounts.models.audit import record
from accounts.teams import NotAllowed
from playground.models import AlertRule


def rule_of(key: Key) -> AlertRule:
    """The rule that holds for `key`. It may be a default that is stored nowhere."""
    stored = AlertRule.objects.filter(Q(key=key) | Q(key=None), team=key.team_id)
    # Rows with a key come first.
    return stored.order_by(F("key").asc(nulls_last=True)).first() or AlertRule(team_id=key.team_id)


def team_rule(team: Team) -> AlertRule:
    """The team's rule, stored or not."""
    return AlertRule.objects.filter(team=team, key=None).first() or AlertRule(team=team)


def own_rule(key: Key) -> AlertRule | None:
    """The rule that only this key has."""
    return AlertRule.objects.filter(team=key.team_id, key=key).first()


@transaction.atomic
def change(rule: AlertRule, *, by: Membership, address: str | None = None) -> None:
    """Keep a rule of the team or of a key."""
    key = rule.key
    if not (may(by, "change", key) if key else may(by, "set alerts", rule.team)):
        raise NotAllowed
    if key:
        # A rule that the key brought along from another team holds no longer.
        AlertRule.objects.filter(key=key).exclude(pk=rule.pk).delete()
    rule.save()
    what = "alerts.changed_for_key" if key else "alerts.changed"
    record(what, by=by.user, team=rule.team, thing=key or rule.team, address=address)


@transaction.atomic
def follow_team(key: Key, *, by: Membership, address: str | None = None) -> None:
    """Let a key follow the team's rule again."""
    if not may(by, "change", key):
        raise NotAllowed
    AlertRule.objects.filter(key=key).delete()
    record("alerts.followed", by=by.user, team=key.team, thing=key, address=address)
