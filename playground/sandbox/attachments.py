"""Pictures, sounds and files that came with a request, described by kind and size without being decoded whole."""

import struct
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

_HEAD = 87_384


@dataclass(frozen=True, slots=True)
class Attachment:
    """`kind` is image, audio, video or file; `size` in bytes and `pixels` are known for what was sent along."""

    kind: str
    mime: str = ""
    size: int | None = None
    pixels: tuple[int, int] | None = None
    name: str = ""
    url: str = ""

    def described(self, chinese: bool) -> str:
        """A phrase a reader understands."""
        kind = _CHINESE_KINDS[self.kind] if chinese else _ENGLISH_KINDS[self.kind]
        facts = [self.mime, f"{self.pixels[0]} × {self.pixels[1]}" if self.pixels else ""]
        facts += [
            f"{self.size:,} {'字节' if chinese else 'bytes'}" if self.size is not None else "",
            self.name,
            self.url,
        ]
        told = [fact for fact in facts if fact]
        return f"{kind}（{'，'.join(told)}）" if chinese else f"{kind} ({', '.join(told)})"


_CHINESE_KINDS = {"image": "图片", "audio": "音频", "video": "视频", "file": "文件"}
_ENGLISH_KINDS = {"image": "image", "audio": "audio", "video": "video", "file": "file"}


def from_address(kind: str, address: Any, name: str = "") -> Attachment:
    """What stands behind an address or a data URL."""
    text = address if isinstance(address, str) else ""
    if text.startswith("data:"):
        head, _, data = text.partition(",")
        return from_base64(kind, head[5:].split(";")[0], data, name)
    return Attachment(_kind_by_ending(kind, text), url=text[:200], name=name)


def from_base64(kind: str, mime: Any, data: Any, name: str = "") -> Attachment:
    """What was sent along as base64; only its head is decoded."""
    text = data if isinstance(data, str) else ""
    declared = mime if isinstance(mime, str) else ""
    head = _decoded_head(text)
    found, pixels = _looked_at(head)
    size = len(text) * 3 // 4 - (text[-2:].count("=") if text else 0)
    return Attachment(_kind_by_mime(kind, found or declared), found or declared, size, pixels, name)


def from_file(kind: str, mime: str, content: memoryview, name: str = "") -> Attachment:
    """What came as a file of a form."""
    found, pixels = _looked_at(bytes(content[:65_536]))
    return Attachment(_kind_by_mime(kind, found or mime), found or mime, len(content), pixels, name)


def _kind_by_mime(kind: str, mime: str) -> str:
    family = mime.partition("/")[0]
    return family if family in ("image", "audio", "video") else kind if not mime or kind != "image" else "file"


def _kind_by_ending(kind: str, address: str) -> str:
    ending = address.partition("?")[0].rpartition(".")[2].lower()
    if ending in ("mp4", "mov", "webm", "avi"):
        return "video"
    return "file" if kind == "image" and ending == "pdf" else kind


def _decoded_head(text: str) -> bytes:
    head = text[:_HEAD]
    try:
        return b64decode(head[: len(head) // 4 * 4] or head, altchars=b"-_" if "-" in head or "_" in head else None)
    except ValueError:
        return b""


def _looked_at(head: bytes) -> tuple[str, tuple[int, int] | None]:
    """Media type and pixels, as far as the first bytes tell."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return "image/png", struct.unpack(">II", head[16:24])
    if head.startswith(b"GIF8") and len(head) >= 10:
        return "image/gif", struct.unpack("<HH", head[6:10])
    if head.startswith(b"\xff\xd8"):
        return "image/jpeg", _jpeg_pixels(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", _webp_pixels(head)
    if head[:4] == b"RIFF":
        return "audio/wav", None
    if head.startswith(b"%PDF"):
        return "application/pdf", None
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3")):
        return "audio/mpeg", None
    return ("video/mp4", None) if head[4:8] == b"ftyp" else ("", None)


def _jpeg_pixels(head: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + struct.unpack(">H", head[place + 2 : place + 4])[0]
    return None


def _webp_pixels(head: bytes) -> tuple[int, int] | None:
    if head[12:16] == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[12:16] == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
