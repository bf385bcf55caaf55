"""What is kept: runs and, beside them, what people make of them."""

from playground.models.attachments import Attachment, Incoming
from playground.models.drafts import Draft
from playground.models.runs import Process, Run, RunCall, RunFrames, State
from playground.models.tasks import Task

__all__ = ["Attachment", "Draft", "Incoming", "Process", "Run", "RunCall", "RunFrames", "State", "Task"]
