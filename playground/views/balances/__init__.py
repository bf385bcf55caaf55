"""What every key has left, what burns it and when it runs out."""

from playground.views.balances.board import balances
from playground.views.balances.differences import differences
from playground.views.balances.key import balance, chart, read
from playground.views.balances.refreshing import cancel, progress, refresh
from playground.views.balances.summary import reconciled

__all__ = ["balance", "balances", "cancel", "chart", "differences", "progress", "read", "reconciled", "refresh"]
