"""Chat completions and completions, with the accents of the gateways."""

from . import errors, extras, thinking, tools, whole, wire

RECORDINGS = tuple(
    recording for room in (wire, thinking, tools, extras, errors, whole) for recording in room.RECORDINGS
)
