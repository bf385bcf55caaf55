"""Why something was not carried over, and why something was added, in sentences."""

from collections.abc import Callable
from dataclasses import dataclass

REASONS = {
    "audio": "The other dialect takes no sound, or not in this format.",
    "by_id": "The other dialect tells this by the id of the call it answers.",
    "empty": "It holds nothing.",
    "file": "The other dialect takes no file of this kind, or not from there.",
    "image": "The other dialect takes no picture from there.",
    "late_system": "The other dialect takes system texts only at the beginning.",
    "no_format": "The other dialect has no such form of answer.",
    "no_place": "The other dialect has no place for it.",
    "not_json": "The arguments are no JSON object, as the other dialect needs it.",
    "range": "The other dialect takes no value in this range.",
    "role": "The other dialect knows no such role; the text is said as a system text.",
    "shape": "It does not have the form that this dialect describes.",
    "thinking": "Thinking can be sent back only to the model that thought it.",
    "tool": "Tools of this kind belong to one vendor.",
    "twice": "It stands there a second time in an older spelling.",
    "value": "The other dialect knows no such value.",
    "video": "The other dialect takes no film.",
}
ADDED = {
    "detail": "The other dialect wants to know how closely to look; it decides by itself.",
    "parameters": "The other dialect wants every function to say what it takes.",
    "tool_choice": "The other dialect says this as a part of how tools are chosen.",
    "strict": "The other dialect holds to the schema strictly unless told otherwise.",
    "call_id": "The other dialect names calls; this one has no name.",
    "format_name": "The other dialect needs a name for the schema.",
    "max_tokens": "The other dialect needs a limit for the answer.",
    "mime": "The other dialect needs the type of the file; it was guessed.",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A leaf of the request that could not be carried."""

    pointer: str
    reason: str

    def told(self, translate: Callable[[str], str]) -> str:
        """Why, in the language of `translate`."""
        return translate(REASONS[self.reason])


@dataclass(frozen=True, slots=True)
class Added:
    """Something the other dialect needs that the request did not say; the pointer leads into the new body."""

    pointer: str
    reason: str

    def told(self, translate: Callable[[str], str]) -> str:
        """Why, in the language of `translate`."""
        return translate(ADDED[self.reason])
