"""The format of a sealed file: chunks of 1 MiB, so that truncation and reordering show.

A file is ``"GCH1" || prefix (7) || chunk || chunk ...``. Every chunk but the last seals exactly 1 MiB; the last seals
the rest, perhaps nothing. A chunk is the AES-256-GCM ciphertext and its tag of 16 bytes under a key used for this file
alone. Its nonce is ``prefix || counter (4, big endian, from 0) || 1 for the last chunk, else 0``. Associated data is
the same for all chunks and names whom and what the file belongs to.
Must not know: where the file lies, how its key is kept.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import UnreadableError

CHUNK_BYTES = 1 << 20
PREFIX_BYTES = 7

_MAGIC = b"GCH1"
_TAG_BYTES = 16


def seal_file(key: bytes, prefix: bytes, associated: bytes, data: bytes) -> bytes:
    """The whole sealed file; ``prefix`` is 7 random bytes."""
    gcm = AESGCM(key)
    count = max(1, -(-len(data) // CHUNK_BYTES))
    view = memoryview(data)
    parts = [_MAGIC, prefix]
    for number in range(count):
        chunk = view[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
        parts.append(gcm.encrypt(_nonce(prefix, number, count), chunk, associated))
    return b"".join(parts)


def open_file(key: bytes, associated: bytes, sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises UnreadableError when cut, altered, or of another key or owner."""
    start = len(_MAGIC) + PREFIX_BYTES
    body = memoryview(sealed)[start:]
    if sealed[: len(_MAGIC)] != _MAGIC or len(body) < _TAG_BYTES:
        raise _altered()
    prefix = sealed[len(_MAGIC) : start]
    step = CHUNK_BYTES + _TAG_BYTES
    count = -(-len(body) // step)
    gcm = AESGCM(key)
    try:
        return b"".join(
            gcm.decrypt(_nonce(prefix, number, count), body[number * step : (number + 1) * step], associated)
            for number in range(count)
        )
    except InvalidTag:
        raise _altered() from None


def _nonce(prefix: bytes, number: int, count: int) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([number == count - 1])


def _altered() -> UnreadableError:
    return UnreadableError("a sealed file is cut or altered")
