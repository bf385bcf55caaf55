"""What is kept: runs and, beside them, what people make of them."""

from playground.models.alerts import (
    Alert,
    AlertKind,
    AlertNotice,
    AlertRule,
    DeliveryState,
    Webhook,
    WebhookDelivery,
)
from playground.models.attachments import Attachment, Incoming
from playground.models.checks import Check, CheckResult, CheckRound
from playground.models.comments import Comment, Sighting
from playground.models.comparisons import Comparison, ComparisonVote, WaitingAnswer
from playground.models.drafts import Draft
from playground.models.keeping import Keeping
from playground.models.notices import Notice
from playground.models.runs import Process, Run, RunCall, RunFrames, State
from playground.models.saved import (
    ChangedElsewhere,
    Right,
    SavedFolder,
    SavedRequest,
    SavedRun,
    SavedShare,
    SavedVersion,
    Suggestion,
    Variable,
    Visibility,
)
from playground.models.shares import LinkRule, RunShare
from playground.models.shelf import Shelf, ShelfModel
from playground.models.tasks import Task
from playground.models.words import RunWords

__all__ = [
    "Alert",
    "AlertKind",
    "AlertNotice",
    "AlertRule",
    "Attachment",
    "ChangedElsewhere",
    "Check",
    "CheckResult",
    "CheckRound",
    "Comment",
    "Comparison",
    "ComparisonVote",
    "DeliveryState",
    "Draft",
    "Incoming",
    "Keeping",
    "LinkRule",
    "Notice",
    "Process",
    "Right",
    "Run",
    "RunCall",
    "RunFrames",
    "RunShare",
    "RunWords",
    "SavedFolder",
    "SavedRequest",
    "SavedRun",
    "SavedShare",
    "SavedVersion",
    "Shelf",
    "ShelfModel",
    "Sighting",
    "State",
    "Suggestion",
    "Task",
    "Variable",
    "Visibility",
    "WaitingAnswer",
    "Webhook",
    "WebhookDelivery",
]
