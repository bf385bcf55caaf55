"""Small real pictures, made without any library."""

import struct
import zlib
from functools import lru_cache

from .seed import Seed


def picture(seed: Seed, width: int = 256, height: int = 256) -> bytes:
    """A PNG of a sun over hills, in colours of its own."""
    return _drawn(seed.number("picture") & 0xFFF, width, height)


@lru_cache(maxsize=32)
def _drawn(number: int, width: int, height: int) -> bytes:
    sky, sun, hill = _colour(number), (255, 220, 120), _colour(number * 7 + 3)
    across, down, radius = width * (20 + number % 60) // 100, height // 3, min(width, height) // 6
    rows = []
    for y in range(height):
        light = 0.5 + y / height / 2
        row = bytes(int(part * light) for part in sky) * width
        half = int(max(0, radius**2 - (y - down) ** 2) ** 0.5)
        if half:
            left, right = max(0, across - half), min(width, across + half)
            row = row[: left * 3] + bytes(sun) * (right - left) + row[right * 3 :]
        if y > height * 2 // 3:
            row = bytes(int(part * (1.3 - light)) for part in hill) * width
        rows.append(b"\0" + row)
    return _png(width, height, zlib.compress(b"".join(rows), 6))


def _colour(number: int) -> tuple[int, int, int]:
    return 70 + number * 37 % 150, 70 + number * 61 % 150, 90 + number * 89 % 150


def _png(width: int, height: int, data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
