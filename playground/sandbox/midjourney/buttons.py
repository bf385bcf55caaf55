"""The buttons under a finished task, and what pressing one means."""

from dataclasses import dataclass
from typing import Any

_FOUR = range(1, 5)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button does: the action that follows, the picture it is about, whether a window must be answered first."""

    action: str
    index: int = 0
    opens_window: bool = False


def under(action: str, number: str) -> list[dict[str, Any]]:
    """The buttons under a task of this action."""
    mark = f"{number[:8]}-{number[8:12]}-4c07-a471-{number[:12]}"
    if action == "UPSCALE":
        return _under_one(mark)
    if action == "DESCRIBE":
        return [_button(f"MJ::Job::PicReader::{place}", str(place)) for place in _FOUR]
    if action == "SHORTEN":
        return [_button(f"MJ::Job::PromptAnalyzer::{place}", str(place)) for place in _FOUR]
    upscale = [_button(f"MJ::JOB::upsample::{place}::{mark}", f"U{place}") for place in _FOUR]
    vary = [_button(f"MJ::JOB::variation::{place}::{mark}", f"V{place}") for place in _FOUR]
    return [*upscale, _button(f"MJ::JOB::reroll::0::{mark}::SOLO", emoji="🔄"), *vary]


def _under_one(mark: str) -> list[dict[str, Any]]:
    return [
        _button(f"MJ::JOB::upsample_v6_2x_subtle::1::{mark}::SOLO", "Upscale (Subtle)"),
        _button(f"MJ::JOB::upsample_v6_2x_creative::1::{mark}::SOLO", "Upscale (Creative)"),
        _button(f"MJ::JOB::low_variation::1::{mark}::SOLO", "Vary (Subtle)", "🪄"),
        _button(f"MJ::JOB::high_variation::1::{mark}::SOLO", "Vary (Strong)", "🪄"),
        _button(f"MJ::Inpaint::1::{mark}::SOLO", "Vary (Region)", "🖌️"),
        _button(f"MJ::Outpaint::50::1::{mark}::SOLO", "Zoom Out 2x", "🔍"),
        _button(f"MJ::Outpaint::75::1::{mark}::SOLO", "Zoom Out 1.5x", "🔍"),
        _button(f"MJ::CustomZoom::{mark}", "Custom Zoom", "🔍"),
        _button(f"MJ::JOB::pan_left::1::{mark}::SOLO", emoji="⬅️"),
        _button(f"MJ::JOB::pan_right::1::{mark}::SOLO", emoji="➡️"),
        _button(f"MJ::JOB::pan_up::1::{mark}::SOLO", emoji="⬆️"),
        _button(f"MJ::JOB::pan_down::1::{mark}::SOLO", emoji="⬇️"),
    ]


def _button(custom_id: str, label: str = "", emoji: str = "") -> dict[str, Any]:
    return {"customId": custom_id, "emoji": emoji, "label": label, "style": 2, "type": 2}


def pressed(custom_id: str) -> Pressed | None:
    """What pressing the button of this id means; None for an id that no button has."""
    kind, _, rest = custom_id.removeprefix("MJ::").partition("::")
    if not custom_id.startswith("MJ::"):
        return None
    if kind == "Inpaint":
        return Pressed("INPAINT", opens_window=True)
    if kind == "CustomZoom":
        return Pressed("CUSTOM_ZOOM", opens_window=True)
    if kind == "Outpaint":
        return Pressed("ZOOM")
    if kind == "Job":
        return Pressed("IMAGINE")
    verb, _, place = rest.partition("::")
    index = int(place[:1]) if place[:1].isdigit() else 0
    if verb.startswith("pan_"):
        return Pressed("PAN")
    for start, action in (("upsample", "UPSCALE"), ("reroll", "REROLL")):
        if verb.startswith(start):
            return Pressed(action, index)
    return Pressed("VARIATION", index) if verb.endswith("variation") else None
