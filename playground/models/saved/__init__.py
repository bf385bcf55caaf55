"""Saved requests and what people make of them: versions, suggestions, folders, and the values of their variables."""

from playground.models.saved.folders import SavedFolder, below
from playground.models.saved.requests import (
    LONGEST_TAG,
    ChangedElsewhere,
    Right,
    SavedRequest,
    SavedRequestQuerySet,
    SavedRun,
    SavedShare,
    SavedVersion,
    Visibility,
)
from playground.models.saved.suggestions import Suggestion
from playground.models.saved.variables import Variable

__all__ = [
    "LONGEST_TAG",
    "ChangedElsewhere",
    "Right",
    "SavedFolder",
    "SavedRequest",
    "SavedRequestQuerySet",
    "SavedRun",
    "SavedShare",
    "SavedVersion",
    "Suggestion",
    "Variable",
    "Visibility",
    "below",
]
