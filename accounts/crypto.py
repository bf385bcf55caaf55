"""Sealing a short text so that it can be read only with a master key, and only in the row it was written for.

AES-256-GCM. The place (table, column, row) is associated data: a ciphertext moved to another row cannot be opened.
Stored as `v<number of the master key>:<nonce>:<ciphertext>`, both parts base64.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed text is broken, belongs to another row, or its master key is not among ours."""


@dataclass(frozen=True)
class Place:
    """Where a sealed text stands."""

    table: str
    column: str
    row: str

    def __bytes__(self) -> bytes:
        return "\0".join((self.table, self.column, self.row)).encode()


def seal(text: str, place: Place) -> str:
    """`text` under the newest master key, readable only at `place`."""
    number, key = next(iter(_master_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), bytes(place))
    return f"v{number}:{_base64(nonce)}:{_base64(ciphertext)}"


def unseal(sealed: str, place: Place) -> str:
    """The text that was sealed at `place`."""
    try:
        version, nonce, ciphertext = sealed.split(":")
        key = _master_keys()[int(version.removeprefix("v"))]
        text = AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(ciphertext), bytes(place))
    except KeyError as error:
        raise CannotOpen(f"the master key {version} is not in KEY_ENCRYPTION_KEYS") from error
    except (ValueError, binascii.Error, InvalidTag) as error:
        raise CannotOpen(f"a secret of {place.table} cannot be opened in row {place.row}") from error
    return text.decode("utf-8", "surrogatepass")


def is_sealed_by_newest(sealed: str) -> bool:
    """Whether `sealed` was written with the newest master key."""
    return sealed.startswith(f"v{next(iter(_master_keys()))}:")


def _master_keys() -> dict[int, bytes]:
    return _parsed(tuple(settings.KEY_ENCRYPTION_KEYS))


@lru_cache(maxsize=8)
def _parsed(spelled: Sequence[str]) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for item in spelled:
        number, _, text = item.partition(":")
        try:
            keys[int(number)] = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise ImproperlyConfigured("KEY_ENCRYPTION_KEYS holds `number:base64` items, newest first") from error
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured("every key of KEY_ENCRYPTION_KEYS is 32 bytes in base64, and there is at least one")
    return keys


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
