"""The deeds that the audit keeps, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, Role

DEEDS: dict[str, Any] = {
    "team.made": _("made the team %(thing)s"),
    "team.renamed": _("renamed the team from %(before)s to %(thing)s"),
    "team.second_factor_required": _("required a second factor of everybody"),
    "team.second_factor_optional": _("no longer required a second factor"),
    "team.handed_over": _("handed the team over to %(thing)s"),
    "team.deleted": _("deleted the team %(thing)s"),
    "member.joined": _("joined as %(role)s"),
    "member.role_changed": _("changed the role of %(thing)s from %(before)s to %(after)s"),
    "member.left": _("left the team"),
    "member.removed": _("removed %(thing)s"),
    "invitation.made": _("invited %(thing)s as %(role)s"),
    "invitation.sent_again": _("renewed the invitation of %(thing)s"),
    "invitation.revoked": _("revoked the invitation of %(thing)s"),
    "key.added": _("added the key %(thing)s"),
    "key.changed": _("changed the key %(thing)s"),
    "key.shared": _("changed who may use the key %(thing)s"),
    "key.replaced": _("replaced the secret of the key %(thing)s"),
    "key.brought_back": _("brought the former secret of the key %(thing)s back"),
    "key.switched_off": _("switched the key %(thing)s off"),
    "key.switched_on": _("switched the key %(thing)s on"),
    "key.made_default": _("made %(thing)s the team's default key"),
    "key.moved": _("moved the key %(thing)s to another team"),
    "key.deleted": _("deleted the key %(thing)s"),
    "gateway.added": _("added the gateway %(thing)s"),
    "gateway.changed": _("changed the gateway %(thing)s"),
    "gateway.deleted": _("deleted the gateway %(thing)s"),
    "alerts.changed": _("changed the alerts of the team"),
    "alerts.changed_for_key": _("changed the alerts of the key %(thing)s"),
    "alerts.followed": _("let the key %(thing)s follow the team's alerts again"),
    "webhook.added": _("added the webhook %(thing)s"),
    "webhook.renewed": _("made a new secret for the webhook %(thing)s"),
    "webhook.deleted": _("deleted the webhook %(thing)s"),
    "token.made": _("made the personal token %(thing)s"),
    "token.revoked": _("revoked the personal token %(thing)s"),
    "share.made": _("shared %(thing)s"),
    "share.revoked": _("ended the sharing of %(thing)s"),
    "share.anyone_allowed": _("allowed links that open without signing in"),
    "share.anyone_forbidden": _("allowed links for the team only"),
    "variable.kept": _("kept the team's value of %(thing)s"),
    "variable.forgotten": _("forgot the team's value of %(thing)s"),
}
_ROLES = {role.value: role.label for role in Role}


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def sentence_of(event: AuditEvent) -> str:
    """What `event` tells, after the person's name."""
    details = {
        name: _ROLES.get(value, value) if isinstance(value, str) else value for name, value in event.details.items()
    }
    return str(DEEDS.get(event.what, event.what)) % _Known(details, thing=event.thing_name)
