"""The rows of persons and their addresses, for use inside a transaction that somebody else holds.

Must not know: messages, effects, when to commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import RecipientGoneError
from bot.core.ids import PersonId
from bot.core.ports import Address
from bot.storage.keyring import Keyring
from bot.storage.sealing import MasterKey, Purpose, Random, fresh_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from bot.storage.sealing import PersonKey

BESIDE = 1
"""Microseconds by which the further names of a message are heard before the address to answer to."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a person on one channel."""

    number: int
    """Of the row of its identity."""
    address: Address
    heard_at: int
    account: str

    @property
    def kind(self) -> str:
        """Of the address."""
        return kind_of(self.address.identity)


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of a person, as stored."""

    number: int
    address: Address
    heard_at: int
    is_blocked: bool
    account: str
    """Which of our own numbers or bots they wrote to."""


class People:
    """Finds and makes persons; an identity is found by keyed hash and kept sealed."""

    def __init__(self, master: MasterKey, random: Random) -> None:
        self.keyring = Keyring(master, random)
        self._master = master
        self._random = random

    def find(self, conn: sqlite3.Connection, address: Address) -> tuple[int, PersonId] | None:
        """Row number and id of the person behind an address, or None."""
        row: tuple[int, PersonId] | None = conn.execute(
            "SELECT p.number, p.id FROM identities AS i JOIN persons AS p ON p.number = i.person"
            " WHERE i.channel = ? AND i.hash = ?",
            (address.channel, self.identity_hash(address)),
        ).fetchone()
        return row

    def names(self, conn: sqlite3.Connection, person: tuple[int, PersonId], channel: str) -> list[Name]:
        """All names of a person on a channel."""
        key = self.keyring.of(conn, *person)
        rows = conn.execute(
            "SELECT number, sealed, heard_at, account FROM identities WHERE person = ? AND channel = ? ORDER BY number",
            (person[0], channel),
        ).fetchall()
        return [
            Name(
                number,
                Address(channel, key.open(Purpose.IDENTITY, sealed).decode("utf-8", "surrogatepass")),
                heard_at,
                account,
            )
            for number, sealed, heard_at, account in rows
        ]

    def names_with(self, conn: sqlite3.Connection, person: tuple[int, PersonId], address: Address) -> list[Name]:
        """The name of the person behind an address and those of the same account; none when it is not theirs.

        One of each kind (a number, an id) is one account; of a person with two accounts on the channel, what was last
        heard in one message.
        """
        names = self.names(conn, person, address.channel)
        mine = self.numbers(conn, person[0], (address,))
        own = next((name for name in names if name.number in mine), None)
        if own is None:
            return []
        kinds = [name.kind for name in names]
        others = [name for name in names if "" != own.kind != name.kind != ""]
        is_one = kinds.count(own.kind) == 1
        return [
            own,
            *(
                name
                for name in others
                if abs(name.heard_at - own.heard_at) <= BESIDE or (is_one and kinds.count(name.kind) == 1)
            ),
        ]

    def numbers(self, conn: sqlite3.Connection, number: int, addresses: Iterable[Address]) -> list[int]:
        """The row numbers of those addresses that are the person's, in the given order."""
        found = [
            conn.execute(
                "SELECT number FROM identities WHERE person = ? AND channel = ? AND hash = ?",
                (number, address.channel, self.identity_hash(address)),
            ).fetchone()
            for address in addresses
        ]
        return [row[0] for row in found if row]

    def create(
        self,
        conn: sqlite3.Connection,
        address: Address,
        at: int,
        farewell_at: int | None = None,
        heard_at: int | None = None,
    ) -> tuple[int, PersonKey]:
        """A new person with a fresh key; ``farewell_at`` marks the blank one that stands for an erased person.

        ``heard_at`` is when they wrote from the address, if not at the same time.
        """
        person = PersonId(fresh_id("p", self._random))
        number: int = conn.execute(
            "INSERT INTO persons(id, created_at, active_at, farewell_at) VALUES (?, ?, ?, ?) RETURNING number",
            (person, at, at, farewell_at),
        ).fetchone()[0]
        key = self.keyring.create(conn, number, person)
        self.attach(conn, number, key, [address], at if heard_at is None else heard_at)
        return number, key

    def attach(
        self,
        conn: sqlite3.Connection,
        number: int,
        key: PersonKey,
        addresses: Iterable[Address],
        at: int,
        account: str = "",
    ) -> None:
        """Give the person further addresses, last heard at that time; one that somebody has already stays with them."""
        conn.executemany(
            "INSERT OR IGNORE INTO identities(person, channel, hash, sealed, heard_at, account)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    address.channel,
                    self.identity_hash(address),
                    key.seal(Purpose.IDENTITY, address.identity.encode("utf-8", "surrogatepass")),
                    at,
                    account,
                )
                for address in addresses
            ],
        )

    def heard(
        self, conn: sqlite3.Connection, address: Address, at: int, account: str = "", aliases: tuple[Address, ...] = ()
    ) -> int:
        """The person wrote from this known address at that time, so it can be reached; the row number of the identity.

        All names on the message are heard with it, and the address stays the one to answer to.
        """
        numbers: list[int] = [
            conn.execute(
                "UPDATE identities SET heard_at = max(heard_at, ?), blocked_at = NULL,"
                " account = CASE WHEN ? = '' THEN account ELSE ? END WHERE channel = ? AND hash = ? RETURNING number",
                (at if name is address else at - BESIDE, account, account, name.channel, self.identity_hash(name)),
            ).fetchone()[0]
            for name in (address, *aliases)
        ]
        return numbers[0]

    def identity(self, conn: sqlite3.Connection, number: int, key: PersonKey, wanted: int | None) -> Identity:
        """The address to answer to: the wanted one, else the one last heard from that is not blocked.

        Raises RecipientGoneError when the person has none left.
        """
        row = conn.execute(
            "SELECT number, channel, sealed, heard_at, blocked_at IS NOT NULL, account FROM identities WHERE person = ?"
            " ORDER BY number = ? DESC, blocked_at IS NULL DESC, heard_at DESC, number LIMIT 1",
            (number, wanted),
        ).fetchone()
        if row is None:
            raise RecipientGoneError("the person has no address left")
        found, channel, sealed, heard_at, is_blocked, account = row
        identity = key.open(Purpose.IDENTITY, sealed).decode("utf-8", "surrogatepass")
        return Identity(found, Address(channel, identity), heard_at, bool(is_blocked), account)

    def address(self, conn: sqlite3.Connection, number: int, key: PersonKey, wanted: int | None = None) -> Address:
        """Where a person of a row that was just read is written to."""
        return self.identity(conn, number, key, wanted).address

    def external_hash(self, channel: str, external_id: str) -> bytes:
        """What stands for a platform's message id."""
        return self._master.keyed_hash("message", channel, external_id)

    def album_hash(self, channel: str, album: str) -> bytes:
        """What stands for a platform's name of an album."""
        return self._master.keyed_hash("album", channel, album)

    def choice_token(self, person: PersonId, seq: int, index: int) -> bytes:
        """What stands for one button of one message to one person."""
        return self._master.keyed_hash("choice", person, str(seq), str(index))

    def delivery_token(self, seq: int) -> bytes:
        """What stands for a message on a platform that echoes it."""
        return self._master.keyed_hash("delivery", str(seq))

    def code_hash(self, code: str) -> bytes:
        """What stands for a one-time code."""
        return self._master.keyed_hash("link code", code)

    def identity_hash(self, address: Address) -> bytes:
        """What stands for an address."""
        return self._master.keyed_hash("identity", address.channel, address.identity)


def kind_of(identity: str) -> str:
    """What kind of name it is: ``phone`` of ``phone:33600000001``; empty for a name that says none."""
    kind, colon, _value = identity.partition(":")
    return kind if colon else ""
