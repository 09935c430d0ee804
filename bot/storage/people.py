"""The rows of persons, for use inside a transaction that somebody else holds.

Must not know: messages, effects, when to commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.ids import PersonId
from bot.core.ports import Address
from bot.storage.keyring import Keyring
from bot.storage.sealing import MasterKey, Purpose, Random, fresh_id

if TYPE_CHECKING:
    import sqlite3

    from bot.storage.sealing import PersonKey


class People:
    """Finds and makes persons; the identity is found by keyed hash and kept sealed."""

    def __init__(self, master: MasterKey, random: Random) -> None:
        self.keyring = Keyring(master, random)
        self._master = master
        self._random = random

    def find(self, conn: sqlite3.Connection, address: Address) -> tuple[int, PersonId] | None:
        """Row number and id of the person behind an address, or None."""
        row: tuple[int, PersonId] | None = conn.execute(
            "SELECT number, id FROM persons WHERE channel = ? AND identity_hash = ?",
            (address.channel, self._identity_hash(address)),
        ).fetchone()
        return row

    def create(
        self, conn: sqlite3.Connection, address: Address, at: int, farewell_at: int | None = None
    ) -> tuple[int, PersonKey]:
        """A new person with a fresh key; ``farewell_at`` marks the blank one that stands for an erased person."""
        person = PersonId(fresh_id("p", self._random))
        number: int = conn.execute(
            "INSERT INTO persons(id, channel, identity_hash, identity, created_at, active_at, farewell_at)"
            " VALUES (?, ?, ?, x'', ?, ?, ?) RETURNING number",
            (person, address.channel, self._identity_hash(address), at, at, farewell_at),
        ).fetchone()[0]
        key = self.keyring.create(conn, number, person)
        sealed = key.seal(Purpose.IDENTITY, address.identity.encode("utf-8", "surrogatepass"))
        conn.execute("UPDATE persons SET identity = ? WHERE number = ?", (sealed, number))
        return number, key

    def address(self, conn: sqlite3.Connection, number: int, key: PersonKey) -> Address:
        """Where a person of a row that was just read writes from."""
        channel, sealed = conn.execute("SELECT channel, identity FROM persons WHERE number = ?", (number,)).fetchone()
        return Address(channel, key.open(Purpose.IDENTITY, sealed).decode("utf-8", "surrogatepass"))

    def external_hash(self, channel: str, external_id: str) -> bytes:
        """What stands for a platform's message id."""
        return self._master.keyed_hash("message", channel, external_id)

    def _identity_hash(self, address: Address) -> bytes:
        return self._master.keyed_hash("identity", address.channel, address.identity)
