"""Who is who, by opaque id, in SQLite.

Must not know: queues, effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Case
from bot.core.delivery import Status
from bot.core.effects import PersonState
from bot.core.evidence import Attempt
from bot.storage.codec import from_bytes
from bot.storage.linking import find_issuer
from bot.storage.moments import to_micros
from bot.storage.recognition import Recognition
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.delivery import Permanent
    from bot.core.ids import PersonId
    from bot.core.ports import Address, Clock
    from bot.storage.database import Database
    from bot.storage.erasure import Erasure
    from bot.storage.people import People

_STRIKES = """
SELECT count(*) FROM identities AS i JOIN outbox AS o ON o.person = i.person AND o.identity = i.number
WHERE o.state = 3 AND o.done_at > i.heard_at
  AND o.done_at > coalesce((SELECT max(r.done_at) FROM outbox AS r WHERE r.person = i.person
    AND r.identity = i.number AND r.state = 2 AND r.status IN (?, ?)), 0)
  AND o.error = ? AND i.channel = ? AND i.hash = ?"""


class SqlitePersons:
    """The port ``Persons``."""

    def __init__(self, database: Database, people: People, erasure: Erasure, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._erasure = erasure
        self._recognition = Recognition(people, erasure)
        self._clock = clock

    def find(self, address: Address) -> PersonId | None:
        """The person behind an address, or None."""
        with self._database.reading() as conn:
            found = self._people.find(conn, address)
        return found[1] if found else None

    def find_or_create(self, address: Address, now: datetime) -> PersonId:
        """The person behind an address; a new one gets a fresh data key."""
        known = self.find(address)
        if known is not None:
            return known
        with self._database.transaction() as conn:
            found = self._people.find(conn, address)
            return found[1] if found else self._people.create(conn, address, to_micros(now))[1].person

    def state(self, person: PersonId) -> PersonState:
        """Case, dialogue and attempts. Raises KeyDestroyedError when the person was erased."""
        with self._database.snapshot() as conn:
            number, key = self._people.keyring.find(conn, person)
            case, dialogue = conn.execute(
                "SELECT case_record, dialogue FROM persons WHERE number = ?", (number,)
            ).fetchone()
            attempts = conn.execute(
                "SELECT record FROM attempts WHERE person = ? ORDER BY number", (number,)
            ).fetchall()
        return PersonState(
            from_bytes(Case, key.open(Purpose.CASE, case)) if case else Case(),
            key.open(Purpose.DIALOGUE, dialogue) if dialogue else b"",
            tuple(from_bytes(Attempt, key.open(Purpose.ATTEMPT, record)) for (record,) in attempts),
        )

    def set_reachable(self, address: Address, now: datetime, *, is_reachable: bool) -> None:
        """The person blocked or unblocked us there, under all names of that account; an unknown address is passed over.

        Blocked everywhere, reminders end and what waits for these names is given up.
        """
        with self._database.transaction() as conn:
            found = self._people.find(conn, address)
            if found is None:
                return
            number = found[0]
            blocked_at = None if is_reachable else to_micros(now)
            names = [(blocked_at, number, name.number) for name in self._people.names_with(conn, found, address)]
            conn.executemany("UPDATE identities SET blocked_at = ? WHERE person = ? AND number = ?", names)
            if is_reachable:
                return
            conn.executemany(
                "UPDATE outbox SET state = 3, error = 'RecipientGoneError', done_at = ?"
                " WHERE person = ? AND identity = ? AND state = 0",
                names,
            )
            conn.execute(
                "DELETE FROM reminders WHERE person = ?"
                " AND NOT EXISTS (SELECT 1 FROM identities WHERE person = ? AND blocked_at IS NULL)",
                (number, number),
            )

    def refused(self, address: Address, refusal: Permanent, now: datetime) -> None:
        """The platform says that the person cannot be reached there; an unknown address is passed over.

        As blocked after ``refusal.strikes`` messages in a row, this one included: what they said or what reached them
        since begins the count anew. It is counted in what was given up, as long as that is kept.
        """
        with self._database.reading() as conn:
            strikes = conn.execute(
                _STRIKES,
                (Status.DELIVERED, Status.READ, refusal.reason, address.channel, self._people.identity_hash(address)),
            ).fetchone()[0]
        if strikes >= refusal.strikes or refusal.strikes == 1:
            self.set_reachable(address, now, is_reachable=False)

    def move(self, old: tuple[Address, ...], new: tuple[Address, ...], moved_at: datetime, now: datetime) -> None:
        """Whoever had the old names at ``moved_at`` has the new ones instead; an unknown person is passed over.

        Somebody first seen under a new name since then is the same person; somebody seen before stays another, without
        that name.
        """
        with self._database.transaction() as conn:
            self._recognition.move(conn, old, new, moved_at, now)

    def is_link_code(self, code: str, now: datetime) -> bool:
        """Whether somebody got this code, and it may still be used."""
        with self._database.reading() as conn:
            return find_issuer(conn, self._people, code, to_micros(now)) is not None

    def erase(self, person: PersonId) -> None:
        """Destroy the key, then rows and files; nothing of the person can be opened afterwards.

        An unknown or erased person is passed over.
        """
        with self._database.transaction() as conn:
            row = conn.execute("SELECT number FROM persons WHERE id = ?", (person,)).fetchone()
            erased = self._erasure.erase(conn, row[0], self._clock.now()) if row else None
        if erased:
            self._erasure.clean([erased])
