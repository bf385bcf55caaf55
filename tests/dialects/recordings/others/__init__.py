"""Vectors, rankings, pictures, transcripts, speech, videos, Midjourney, lists and balances."""

from . import lists, media, tasks

RECORDINGS = tuple(recording for room in (lists, media, tasks) for recording in room.RECORDINGS)
