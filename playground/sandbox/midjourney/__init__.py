"""Midjourney as new-api and midjourney-proxy spell it: submits that give out a task, and questions about tasks."""

from . import asking, submitting  # noqa: F401
