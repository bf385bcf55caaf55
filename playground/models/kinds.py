"""What a file is, told by its first bytes: what it is called and what was said of it proves nothing."""

MPEG_SYNC, MPEG_NO_RATE, MPEG_NO_SAMPLES = 0xE0, 0xF0, 0x0C
NO_FILM = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"qt  ", b"crx ", b"jp2 ")


def kind_of(start: bytes, said: str = "") -> str | None:
    """The type of a file that begins so, None for one that is of no use in a call.

    Two boxes hold sound as well as films and begin alike: there, and only there, `said` decides which it is.
    """
    if plain := next((mime for signature, mime in _SIGNATURES if start.startswith(signature)), None):
        return plain
    if start[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(start[8:12])
    if start[4:8] == b"ftyp":
        return _mp4(start[8:12], said)
    if start[:4] == b"\x1aE\xdf\xa3" and b"webm" in start:
        return "audio/webm" if said.startswith("audio/") else "video/webm"
    return "audio/mpeg" if start[:3] == b"ID3" or _is_mpeg_sound(start) else None


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
)


def _mp4(brand: bytes, said: str) -> str | None:
    if brand in NO_FILM:
        return None
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") or said.startswith("audio/") else "video/mp4"


def _is_mpeg_sound(start: bytes) -> bool:
    """Whether a frame of MPEG sound begins here: in sync, of a layer there is, at rates there are."""
    if len(start) < 4 or start[0] != 0xFF or start[1] & MPEG_SYNC != MPEG_SYNC:
        return False
    has_layer = start[1] & 0x06 != 0 and start[1] & 0x18 != 0x08
    return has_layer and start[2] & MPEG_NO_RATE != MPEG_NO_RATE and start[2] & MPEG_NO_SAMPLES != MPEG_NO_SAMPLES
