"""People, their teams, and the keys they share."""

from accounts.models.audit import AuditEvent
from accounts.models.gateways import Gateway
from accounts.models.invitations import Invitation
from accounts.models.keys import Key
from accounts.models.people import User
from accounts.models.readings import BalanceReading, BalanceRefresh, BalanceStanding
from accounts.models.teams import Membership, Role, Team
from accounts.models.tokens import PersonalToken, Scope

__all__ = [
    "AuditEvent",
    "BalanceReading",
    "BalanceRefresh",
    "BalanceStanding",
    "Gateway",
    "Invitation",
    "Key",
    "Membership",
    "PersonalToken",
    "Role",
    "Scope",
    "Team",
    "User",
]
