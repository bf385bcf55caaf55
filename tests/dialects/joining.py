"""Playing a recording in pieces, and frames with their pieces joined."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from playground.dialects import open_decoder
from playground.frames import Frame

from .recordings import Recording

SPOKEN = ("text", "reasoning", "refusal")


@dataclass(frozen=True)
class Played:
    """What a decoder told of one answer."""

    frames: list[Frame]
    outcome: str | None
    unreadable: int
    undecodable: int
    finished: bool
    end_reason: str | None


def play(recording: Recording, cuts: Iterable[int] = ()) -> Played:
    """Read a recording's body, cut at these places."""
    decoder = open_decoder(
        recording.dialect, recording.status, recording.content_type, recording.path, dict(recording.headers)
    )
    frames: list[Frame] = []
    places = sorted({0, *cuts, len(recording.body)})
    for start, end in pairwise(places):
        frames += decoder.decode(recording.body[start:end])
    frames += decoder.flush()
    return Played(
        joined(frames), decoder.outcome, decoder.unreadable, decoder.undecodable, decoder.finished, decoder.end_reason
    )


def joined(frames: Iterable[Frame]) -> list[Frame]:
    """The same frames with neighbouring pieces of one kind joined."""
    out: list[Frame] = []
    for frame in frames:
        if out and _continues(out[-1], frame):
            out[-1] = _together(out[-1], frame)
        else:
            out.append(frame)
    return out


def _continues(before: Frame, frame: Frame) -> bool:
    if frame["kind"] != before["kind"] or before.get("index", 0) != frame.get("index", 0):
        return False
    if frame["kind"] == "tool_call":
        return frame["id"] is None or before["id"] is None
    return frame["kind"] in SPOKEN and set(frame) == set(before)


def _together(before: Frame, frame: Frame) -> Frame:
    if frame["kind"] == "tool_call":
        return {
            **before,
            "id": before["id"] or frame["id"],
            "name": before["name"] or frame["name"],
            "arguments": before["arguments"] + frame["arguments"],
        }
    return {**before, "text": before["text"] + frame["text"]}
