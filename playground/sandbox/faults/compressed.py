"""Faults of compression: a member that stops in the middle, a bomb."""

import struct
import zlib
from collections.abc import Iterator

from ..performance import Act, Say, Script, Wait
from .scene import Scene, around_text

_BLOCK = b"a" * (1 << 20)
_BLOCKS = 1024
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def truncated(scene: Scene) -> Script:
    """A gzip answer that stops at about sixty per cent, without its trailer."""
    return scene.played(_truncated(scene)).with_header(b"content-encoding", b"gzip")


def _truncated(scene: Scene) -> Iterator[Act]:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    if len(scene.acts) == 1:
        member = packer.compress(scene.acts[0].data) + packer.flush()
        yield Say(member[: len(member) * 6 // 10])
        return
    for act in scene.acts[: max(1, len(scene.acts) * 6 // 10)]:
        yield Say(packer.compress(act.data) + packer.flush(zlib.Z_SYNC_FLUSH), act.words, act.text)


def bomb(scene: Scene) -> Script:
    """A gigabyte in one event, about a megabyte on the wire."""
    return scene.played(_bomb(scene)).with_header(b"content-encoding", b"gzip")


def _bomb(scene: Scene) -> Iterator[Act]:
    head, tail = _around_middle(scene)
    block = _packed(_BLOCK)
    check = zlib.crc32(head)
    yield Say(_GZIP_HEAD + _packed(head))
    for _ in range(_BLOCKS):
        check = zlib.crc32(_BLOCK, check)
        yield Say(block)
        # A checksum of a megabyte takes a millisecond: let other streams speak in between.
        yield Wait(0)
    size = len(head) + _BLOCKS * len(_BLOCK) + len(tail)
    yield Say(_packed(tail, last=True) + struct.pack("<II", zlib.crc32(tail, check), size & 0xFFFFFFFF))


def _around_middle(scene: Scene) -> tuple[bytes, bytes]:
    middle = 0 if len(scene.acts) == 1 else scene.middle
    before, after = around_text(scene.acts[middle])
    head = b"".join(act.data for act in scene.acts[:middle]) + before
    return head, after + b"".join(act.data for act in scene.acts[middle + 1 :])


def _packed(data: bytes, last: bool = False) -> bytes:
    """A piece of a deflate stream that leans on nothing before it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
