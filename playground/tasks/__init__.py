"""Following what gateways work on after a submit: films and Midjourney's pictures.

A run that ended with a task gets a Task; it is asked for again and again by whichever process takes it next, until its
results are kept here. Watchers of the run hear of every change.
"""

from playground.tasks.following import Follower
from playground.tasks.starting import SUBMITS, begin_missed, begin_of
from playground.tasks.telling import has_task, tell

__all__ = ["SUBMITS", "Follower", "begin_missed", "begin_of", "has_task", "tell"]
