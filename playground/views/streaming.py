"""Long answers that are worked out while they are sent, by functions that know nothing of the event loop."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse

PIECE = 64 * 2**10


class Streamed(StreamingHttpResponse):
    """Django would read an ordinary iterator to its end and hold all of it before the first byte is sent; this reads on
    only when the last piece has left. Each piece is made in a thread.
    """

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self.streaming_content)  # type: ignore[arg-type]
        while piece := await sync_to_async(_next, thread_sensitive=False)(parts):
            yield piece


def _next(parts: Iterator[bytes]) -> bytes:
    """The next bytes, some of them together; nothing at the end."""
    piece = bytearray()
    try:
        for part in parts:
            piece += part
            if len(piece) >= PIECE:
                break
    finally:
        # Whoever reads slowly must not hold one of the few connections.
        if not connection.in_atomic_block:
            connection.close()
    return bytes(piece)
