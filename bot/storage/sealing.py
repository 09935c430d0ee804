"""The cryptography of the store: one data key a person, wrapped by the master key, and keyed hashes.

Sealed bytes are ``version (1) || nonce (12) || AES-256-GCM ciphertext and tag``. The associated data names the
purpose, the person and the version, so that bytes of one person or purpose never open as another's.
From the data key two keys are derived (HKDF-SHA256): one seals records, one wraps the keys of files.
From the master key likewise: one wraps data keys, one hashes identities, one gives the key its public name.
Randomness is passed in.
Must not know: the tables, what the bytes mean.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from bot.core.errors import UnreadableError

if TYPE_CHECKING:
    from bot.core.ids import PersonId

Random = Callable[[int], bytes]
"""Gives that many random bytes, fit for keys."""

KEY_BYTES = 32
WRAPPED_BYTES = KEY_BYTES + 8
"""Length of a key under AES key wrap (RFC 3394)."""

_VERSION = b"\x01"
_NONCE_BYTES = 12
_ID_BYTES = 15


class Purpose(StrEnum):
    """What sealed bytes are for; part of the associated data, so never rename one."""

    IDENTITY = "identity"
    CASE = "case"
    DIALOGUE = "dialogue"
    INBOX = "inbox"
    OUTBOX = "outbox"
    ATTEMPT = "attempt"


class PersonKey:
    """A person's data key, ready to seal and to open."""

    __slots__ = ("_gcm", "_random", "_wrapping", "person")

    def __init__(self, person: PersonId, data_key: bytes, random: Random) -> None:
        self.person = person
        self._gcm = AESGCM(_derive(data_key, "records"))
        self._wrapping = _derive(data_key, "files")
        self._random = random

    def seal(self, purpose: Purpose, data: bytes) -> bytes:
        """The bytes sealed for this person and purpose."""
        nonce = self._random(_NONCE_BYTES)
        return _VERSION + nonce + self._gcm.encrypt(nonce, data, self._associated(purpose))

    def open(self, purpose: Purpose, sealed: bytes) -> bytes:
        """The bytes that were sealed. Raises UnreadableError when altered, of another person or purpose."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] == _VERSION and len(nonce) == _NONCE_BYTES:
                return self._gcm.decrypt(nonce, body, self._associated(purpose))
        except InvalidTag:
            pass
        raise UnreadableError(f"sealed bytes for {purpose} do not open")

    def wrap(self, file_key: bytes) -> bytes:
        """A file's key under this person's key."""
        return aes_key_wrap(self._wrapping, file_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The file's key. Raises UnreadableError when altered or of another person."""
        try:
            return aes_key_unwrap(self._wrapping, wrapped)
        except InvalidUnwrap as error:
            raise UnreadableError("a file's key does not open") from error

    def _associated(self, purpose: Purpose) -> bytes:
        return b"guichet" + _VERSION + purpose.encode() + b"\x00" + self.person.encode()


class MasterKey:
    """The deployment's key: wraps data keys and hashes what is looked up. Its bytes never leave this object."""

    __slots__ = ("_hashing", "_wrapping", "id")

    def __init__(self, secret: bytes) -> None:
        self.id = _derive(secret, "name", 8).hex()
        """Public name of the key; written beside every data key and checked when the database is opened."""
        self._wrapping = _derive(secret, "data keys")
        self._hashing = _derive(secret, "hashes")

    def wrap(self, data_key: bytes) -> bytes:
        """A person's data key, safe to store."""
        return aes_key_wrap(self._wrapping, data_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key. Raises UnreadableError when altered or wrapped by another master key."""
        try:
            return aes_key_unwrap(self._wrapping, wrapped)
        except InvalidUnwrap as error:
            raise UnreadableError("a data key does not open under this master key") from error

    def keyed_hash(self, *parts: str) -> bytes:
        """HMAC-SHA256 of the parts: equal for equal parts, meaningless without the key."""
        mac = hmac.HMAC(self._hashing, hashes.SHA256())
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            mac.update(len(data).to_bytes(8, "big") + data)
        return mac.finalize()


def fresh_id(prefix: str, random: Random) -> str:
    """A new opaque id: the prefix and 120 random bits, fit for file names and addresses."""
    return prefix + base64.b32encode(random(_ID_BYTES)).decode("ascii").lower()


def _derive(secret: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    return HKDF(hashes.SHA256(), length, None, b"guichet 1 " + purpose.encode()).derive(secret)
