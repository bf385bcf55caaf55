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


def unpacker(encoding: str) -> "_Plain | _Unzip":
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Unzip(31)
        case "deflate":
            return _Unzip(15)
        case other:
            raise GatewayBroke(f"The gateway used a content encoding that was not asked for: {other[:40]}.")
