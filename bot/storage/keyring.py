"""The data keys of persons: made, kept wrapped in the database, unwrapped ones remembered for a while.

A remembered key is only handed out after the person's row was found in the same read, so that an erasure by any
process takes effect at once: without the row there is no key, and the memory is emptied.
Must not know: what the keys seal.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from bot.core.errors import KeyDestroyedError
from bot.storage.sealing import KEY_BYTES, WRAPPED_BYTES, MasterKey, PersonKey, Random

if TYPE_CHECKING:
    import sqlite3

    from bot.core.ids import PersonId

REMEMBERED = 256
"""Unwrapped keys in memory."""

_PADDING_BYTES = 4096
"""See the table ``keys`` in migrations.py."""


class Keyring:
    """Safe to share between threads."""

    def __init__(self, master: MasterKey, random: Random) -> None:
        self._master = master
        self._random = random
        self._lock = threading.Lock()
        self._known: OrderedDict[PersonId, tuple[int, PersonKey]] = OrderedDict()

    def __len__(self) -> int:
        """How many unwrapped keys are in memory."""
        with self._lock:
            return len(self._known)

    def create(self, conn: sqlite3.Connection, number: int, person: PersonId) -> PersonKey:
        """A fresh key for a person's new row; call it inside a transaction."""
        data_key = self._random(KEY_BYTES)
        padded = bytes(_PADDING_BYTES) + self._master.wrap(data_key)
        conn.execute(
            "INSERT INTO keys(person, master_key, padded_key) VALUES (?, ?, ?)", (number, self._master.id, padded)
        )
        return PersonKey(person, data_key, self._random)

    def find(self, conn: sqlite3.Connection, person: PersonId) -> tuple[int, PersonKey]:
        """The person's row number and key. Raises KeyDestroyedError when the person was erased."""
        row = conn.execute("SELECT number FROM persons WHERE id = ?", (person,)).fetchone()
        if row is None:
            self.forget(person)
            raise _destroyed(person)
        return row[0], self.of(conn, row[0], person)

    def of(self, conn: sqlite3.Connection, number: int, person: PersonId) -> PersonKey:
        """The key of a row that was just read. Raises KeyDestroyedError when it was erased since."""
        with self._lock:
            known = self._known.get(person)
            if known is not None and known[0] == number:
                self._known.move_to_end(person)
                return known[1]
        row = conn.execute("SELECT padded_key FROM keys WHERE person = ?", (number,)).fetchone()
        if row is None:
            raise _destroyed(person)
        key = PersonKey(person, self._master.unwrap(row[0][-WRAPPED_BYTES:]), self._random)
        with self._lock:
            self._known[person] = (number, key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return key

    def forget(self, person: PersonId) -> None:
        """Drop the unwrapped key from memory."""
        with self._lock:
            self._known.pop(person, None)


def _destroyed(person: PersonId) -> KeyDestroyedError:
    return KeyDestroyedError(f"person {person} was erased")
