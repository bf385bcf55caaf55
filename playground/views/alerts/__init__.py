"""What people are told of: rules of the team and of keys, what was told, and webhooks."""

from playground.views.alerts.pages import alerts, follow_team, key
from playground.views.alerts.webhooks import add, delete, renew, test, webhook

__all__ = ["add", "alerts", "delete", "follow_team", "key", "renew", "test", "webhook"]
