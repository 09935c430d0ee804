"""Which person the names on a message mean, and what becomes of names when numbers change hands.

Everything happens inside the caller's transaction. Wherever a platform does not say that two are one, they stay two: a
number that was given to somebody else must never show them another person's case.
Must not know: messages, platforms.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.storage.linking import join_persons
from bot.storage.moments import from_micros, to_micros
from bot.storage.people import kind_of

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.core.ports import Address
    from bot.storage.erasure import Erasure
    from bot.storage.people import People

_TICK = timedelta(seconds=1)
"""Platforms tell times in whole seconds."""


class Recognition:
    """Finds, joins and keeps apart the persons behind names."""

    def __init__(self, people: People, erasure: Erasure) -> None:
        self._people = people
        self._erasure = erasure

    def find(
        self, conn: sqlite3.Connection, address: Address, aliases: tuple[Address, ...], at: int
    ) -> tuple[int, PersonId] | None:
        """The person behind these names of one person, or None.

        Two who were known by one name each become one when they turn out to be the same. A further name says more than
        the address: a telephone number is given to somebody else in time. Whoever has the number under another further
        name has lost it, and the new owner sees nothing of theirs.
        """
        found = self._people.find(conn, address)
        known = next(filter(None, (self._people.find(conn, alias) for alias in aliases)), None)
        if found is None or not aliases or found == known:
            return found or known
        if not self._is_known_otherwise(conn, found, aliases):
            if known is None:
                return found
            if not self._is_known_otherwise(conn, known, (address,)):
                return self._join(conn, *self._by_weight(conn, found, known), at)
        self._take(conn, found[0], (address,), at)
        return known

    def move(
        self,
        conn: sqlite3.Connection,
        old: tuple[Address, ...],
        new: tuple[Address, ...],
        moved_at: datetime,
        now: datetime,
    ) -> None:
        """Whoever had the old names at ``moved_at`` has the new ones instead, and keeps no name of the old number.

        Somebody first seen under a new name since then is the same person, who wrote before the platform told of the
        change; somebody seen before had the number earlier, has lost it, and stays apart. Whoever was first seen under
        an old name since then is not the one who moved.
        """
        at, moment = to_micros(now), to_micros(moved_at)
        old = tuple(name for name in old if not self._is_since(conn, name, to_micros(moved_at + _TICK)))
        person = self.find(conn, old[0], old[1:], at) if old else None
        if person is None:
            return
        number = person[0]
        left = [name for each in old for name in self._people.names_with(conn, person, each)]
        for holder in dict.fromkeys(filter(None, (self._people.find(conn, name) for name in new))):
            if holder == person:
                continue
            if self._first_seen(conn, holder[0]) < moment:
                new = self._with_names_since(conn, holder, new, moment)
                self._take(conn, holder[0], new, at)
            elif self._is_blank(conn, number):
                return  # erased at their wish: they began anew under the new name
            else:
                self._join(conn, person, holder, at)
        # The platform's word is not the person's: it opens no window.
        heard_at, account = max(((name.heard_at, name.account) for name in left), default=(0, ""))
        self._people.attach(conn, number, self._people.keyring.of(conn, *person), new, heard_at, account)
        kept = self._people.numbers(conn, number, new)
        for gone in {name.number for name in left} - set(kept):
            for table in ("inbox", "outbox"):
                conn.execute(
                    f"UPDATE {table} SET identity = ? WHERE person = ? AND identity = ?",  # noqa: S608 - names of ours
                    (kept[0], number, gone),
                )
            conn.execute("DELETE FROM identities WHERE number = ?", (gone,))

    def _is_since(self, conn: sqlite3.Connection, name: Address, moment: int) -> bool:
        """True for the name of a person who was first seen at that time or later."""
        found = self._people.find(conn, name)
        return found is not None and self._first_seen(conn, found[0]) >= moment

    def _with_names_since(
        self, conn: sqlite3.Connection, holder: tuple[int, PersonId], new: tuple[Address, ...], moment: int
    ) -> tuple[Address, ...]:
        """The new names, and those the one who moved has since given to whoever had the number before."""
        more = [
            name.address
            for each in new
            for name in self._people.names_with(conn, holder, each)
            if name.heard_at >= moment
        ]
        return tuple(dict.fromkeys((*new, *more)))

    def _is_known_otherwise(
        self, conn: sqlite3.Connection, person: tuple[int, PersonId], names: tuple[Address, ...]
    ) -> bool:
        """True when the person has another name of the same kind as one of these."""
        mine = set(self._people.numbers(conn, person[0], names))
        kinds = {kind_of(name.identity) for name in names} - {""}
        return any(
            name.kind in kinds and name.number not in mine
            for name in self._people.names(conn, person, names[0].channel)
        )

    def _by_weight(
        self, conn: sqlite3.Connection, one: tuple[int, PersonId], other: tuple[int, PersonId]
    ) -> tuple[tuple[int, PersonId], tuple[int, PersonId]]:
        """The one whose case goes on, then the other: a case comes before none, then the older before the newer."""
        first = conn.execute(
            "SELECT number FROM persons WHERE number IN (?, ?) ORDER BY case_record IS NULL, created_at, number",
            (one[0], other[0]),
        ).fetchone()[0]
        return (one, other) if first == one[0] else (other, one)

    def _join(
        self, conn: sqlite3.Connection, kept: tuple[int, PersonId], given: tuple[int, PersonId], at: int
    ) -> tuple[int, PersonId]:
        """Make one of two; what lay under the other key is overwritten by the nightly purge."""
        keyring = self._people.keyring
        join_persons(conn, (given[0], keyring.of(conn, *given)), (kept[0], keyring.of(conn, *kept)))
        self._erasure.erase(conn, given[0], from_micros(at))
        keyring.forget(given[1])
        return kept

    def _take(self, conn: sqlite3.Connection, number: int, names: tuple[Address, ...], at: int) -> None:
        """Take names from a person: what waits to leave for them goes to another of theirs, or is given up."""
        for taken in self._people.numbers(conn, number, names):
            other = conn.execute(
                "SELECT number, channel FROM identities WHERE person = ? AND number <> ?"
                " ORDER BY channel = ? DESC, blocked_at IS NULL DESC, heard_at DESC, number LIMIT 1",
                (number, taken, names[0].channel),
            ).fetchone()
            if other is None:
                conn.execute(
                    "UPDATE outbox SET state = 3, error = 'RecipientGoneError', done_at = ?"
                    " WHERE person = ? AND identity = ? AND state = 0",
                    (at, number, taken),
                )
            else:
                conn.execute(
                    "UPDATE outbox SET identity = ?, channel = ? WHERE person = ? AND identity = ? AND state < 2",
                    (*other, number, taken),
                )
            conn.execute("DELETE FROM identities WHERE number = ?", (taken,))

    def _first_seen(self, conn: sqlite3.Connection, number: int) -> int:
        """When the person first wrote."""
        first_at: int = conn.execute("SELECT created_at FROM persons WHERE number = ?", (number,)).fetchone()[0]
        return first_at

    def _is_blank(self, conn: sqlite3.Connection, number: int) -> bool:
        """Whether the person stands for an erased one."""
        found = conn.execute("SELECT 1 FROM persons WHERE number = ? AND farewell_at IS NOT NULL", (number,)).fetchone()
        return found is not None
