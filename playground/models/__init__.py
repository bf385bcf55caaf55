"""What is kept: runs and, beside them, what people make of them."""

from playground.models.drafts import Draft
from playground.models.runs import Process, Run, RunCall, RunFrames, State

__all__ = ["Draft", "Process", "Run", "RunCall", "RunFrames", "State"]
