"""Bodies unpacked as they arrive."""

import zlib
from typing import Any

from playground.gateway.errors import GatewayBroke


class _Plain:
    """A body without content encoding."""

    def feed(self, raw: bytes) -> list[bytes]:
        return [raw]

    def finish(self) -> None:
        """Nothing is pending."""


class _Unzip:
    """gzip and deflate in small pieces, so that no bomb goes off. Raises GatewayBroke for a damaged or short body."""

    PIECE = 256 * 2**10

    def __init__(self, wbits: int) -> None:
        self._unzip, self._fed = zlib.decompressobj(wbits), False

    def feed(self, raw: bytes) -> Any:
        self._fed = True
        try:
            while raw:
                if data := self._unzip.decompress(raw, self.PIECE):
                    yield data
                raw = self._unzip.unconsumed_tail
        except zlib.error as error:
            raise GatewayBroke("The answer's compressed data is damaged.") from error

    def finish(self) -> None:
        if self._fed and not self._unzip.eof:
            raise GatewayBroke("The answer's compressed data ended too early.")


class _Inflate(_Unzip):
    """What is called deflate: with the header it should have, or bare, as some servers understand the word."""

    def __init__(self) -> None:
        super().__init__(15)
        self._head: bytes | None = b""

    def feed(self, raw: bytes) -> Any:
        if self._head is not None:
            raw, self._head = self._head + raw, None
            if len(raw) < 2:
                self._head = raw
                return
            if raw[0] & 0x0F != 8 or int.from_bytes(raw[:2], "big") % 31:
                self._unzip = zlib.decompressobj(-15)
        yield from super().feed(raw)


def unpacker(encoding: str) -> "_Plain | _Unzip":
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Unzip(31)
        case "deflate":
            return _Inflate()
        case other:
            raise GatewayBroke(f"The gateway used a content encoding that was not asked for: {other[:40]}.")
