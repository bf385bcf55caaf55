"""What the real vendors refuse of pictures, sound and film, for requests that ask for it with `X-Sandbox-Strict: 1`."""

from .forms import Given
from .refusals import Refused

_LARGEST_SOUND = 25 << 20
_SOUNDS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
_VOICES = [
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
    "fable",
    "onyx",
    "nova",
]


def images(given: Given) -> None:
    """Refuse what the image calls refuse."""
    _require(given, "prompt")
    model = given.text("model")
    _within(given, "n", 1, 1 if model == "dall-e-3" else 10)
    _within(given, "output_compression", 0, 100)
    _within(given, "partial_images", 0, 3)
    if model.startswith("gpt-image") and given.text("response_format"):
        raise _refused("Unknown parameter: 'response_format'.", "unknown_parameter", "response_format")
    if given.flag("stream") and model.startswith("dall-e"):
        raise _refused(f"The model '{model}' does not support streaming.", "invalid_value", "stream")
    if given.text("background") == "transparent" and given.text("output_format") == "jpeg":
        raise _refused("Transparent background is not supported for jpeg.", "invalid_value", "background")


def image_edits(given: Given) -> None:
    """Refuse what edits refuse besides."""
    images(given)
    if not given.files_named("image") and not given.fields.get("image"):
        raise _missing("image")


def transcription(given: Given) -> None:
    """Refuse what transcriptions and translations refuse."""
    _require(given, "model")
    _within(given, "temperature", 0, 1)
    for file in given.files_named("file"):
        if file.name.rpartition(".")[2].lower() not in _SOUNDS:
            raise _refused(f"Invalid file format. Supported formats: {list(_SOUNDS)}", "invalid_value", "file")
        if len(file.content) > _LARGEST_SOUND:
            raise Refused(413, "Maximum content size limit (26214400) exceeded.", "request_too_large", "file")
    form = given.text("response_format")
    if "gpt-4o" in given.text("model") and form not in ("", "json", "text", "diarized_json"):
        message = f"response_format '{form}' is not compatible with model '{given.text('model')}'."
        raise _refused(message, "unsupported_value", "response_format")


def speech(given: Given) -> None:
    """Refuse what speech refuses."""
    for name in ("model", "input", "voice"):
        _require(given, name)
    _within(given, "speed", 0.25, 4)
    if len(given.text("input")) > 4096:
        raise _refused("Invalid 'input': string too long. Expected at most 4096.", "string_above_max_length", "input")
    if given.text("voice") and given.text("voice") not in _VOICES:
        raise _refused(f"Input should be one of {_VOICES}", "invalid_value", "voice")
    if given.text("stream_format") == "sse" and given.text("model").startswith("tts-1"):
        raise _refused("stream_format 'sse' is not supported for this model.", "unsupported_value", "stream_format")


def video(given: Given) -> None:
    """Refuse what videos refuse."""
    _require(given, "prompt")
    seconds = given.fields.get("seconds", "4")
    if seconds not in ("4", "8", "12"):
        raise _refused("Invalid value for 'seconds': supported are '4', '8', '12'.", "invalid_value", "seconds")
    size = given.text("size") or "720x1280"
    if size not in ("720x1280", "1280x720", "1024x1792", "1792x1024"):
        raise _refused(f"Invalid value for 'size': '{size}'.", "invalid_value", "size")


def _require(given: Given, name: str) -> None:
    if not given.fields.get(name):
        raise _missing(name)


def _within(given: Given, name: str, low: float, high: float) -> None:
    value = given.number(name)
    if value is not None and not low <= value <= high:
        raise _refused(f"Invalid value for '{name}': expected a number from {low} to {high}.", "invalid_value", name)


def _missing(name: str) -> Refused:
    return _refused(f"Missing required parameter: '{name}'.", "missing_required_parameter", name)


def _refused(message: str, code: str, name: str) -> Refused:
    return Refused(400, message, code, name)
