"""Erases what is past its time (core.retention), by kind of data.

Activity is the person's own: a message received, or a turn played. Answers, reminders and notices do not count.
Must not know: what the data says, who runs it when.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core import retention
from bot.core.case import Case
from bot.core.errors import StorageError
from bot.core.retention import Purged
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.erasure import keep_replay_keys, messages_of
from bot.storage.moments import from_micros, to_micros
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime, timedelta

    from bot.core.ids import PersonId
    from bot.storage.database import Database
    from bot.storage.disk import Disk
    from bot.storage.erasure import Erased, Erasure
    from bot.storage.files import SqliteFiles
    from bot.storage.people import People
    from bot.storage.sealing import PersonKey

_QUIET = """
SELECT number, id, active_at, notice_at FROM persons AS p
WHERE active_at <= :before AND farewell_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM inbox WHERE person = p.number AND at > :before)"""
_WITH_FOLDER = " AND EXISTS (SELECT 1 FROM attempts WHERE person = p.number)"
_THIS = " AND number = :number"
_HAS_FOLDER = "SELECT EXISTS (SELECT 1 FROM attempts WHERE person = ?)"
_HAS_REMINDER = "SELECT EXISTS (SELECT 1 FROM reminders WHERE person = ?)"


class SqliteShredder:
    """The retention of everything in the store."""

    def __init__(self, database: Database, people: People, erasure: Erasure, disk: Disk, files: SqliteFiles) -> None:
        self._database = database
        self._people = people
        self._erasure = erasure
        self._disk = disk
        self._files = files

    def purge(self, now: datetime) -> Purged:
        """Erase all that is past its time, and overwrite what SQLite left of erased persons.

        Raises StorageError; what was erased until then stays erased, and the next purge goes on.
        """
        folders = [number for number in self._folders(now) if self._erase_folder(number, now)]
        erased = self._farewells(now)
        reduced = 0
        for number, person in self._quiet(now, retention.CONVERSATION):
            gone = self._end_conversation(number, person, now)
            erased += [gone] if gone else []
            reduced += gone is None
        files = self._files.discard_waiting(now - retention.WAITING_FILE)
        counts = self._old_rows(now)
        self._erasure.clean(erased, is_nightly=True)
        self._files.sweep()
        return replace(counts, conversations=reduced, folders=len(folders), persons=len(erased), files=files)

    def notice_due(self, now: datetime) -> list[PersonId]:
        """Persons to be told, once, that their proof folder will be erased in 14 days."""
        before = retention.PROOF_FOLDER - retention.PROOF_NOTICE
        return [
            person
            for _, person, active_at, notice_at in self._quiet_rows(now - before, _WITH_FOLDER)
            if retention.is_notice_due(active_at, notice_at, now)
        ]

    def notice_given(self, person: PersonId, now: datetime) -> None:
        """The notice was queued, or could not be; a later message of the person takes it back."""
        with self._database.transaction() as conn:
            conn.execute("UPDATE persons SET notice_at = ? WHERE id = ?", (to_micros(now), person))

    def _quiet_rows(self, before: datetime, more: str = "") -> list[tuple[int, PersonId, datetime, datetime | None]]:
        with self._database.reading() as conn:
            rows = conn.execute(_QUIET + more, {"before": to_micros(before)}).fetchall()
        return [
            (number, person, from_micros(active_at), from_micros(notice_at) if notice_at is not None else None)
            for number, person, active_at, notice_at in rows
        ]

    def _quiet(self, now: datetime, duration: timedelta) -> list[tuple[int, PersonId]]:
        """Persons without activity for that long who still have something to erase."""
        with self._database.reading() as conn:
            return [
                (number, person)
                for number, person, *_ in self._quiet_rows(now - duration)
                if not (self._has(conn, _HAS_FOLDER, number) or self._has(conn, _HAS_REMINDER, number))
                or self._has_conversation(conn, number)
            ]

    def _folders(self, now: datetime) -> list[int]:
        return [
            number
            for number, _, active_at, notice_at in self._quiet_rows(now - retention.PROOF_FOLDER, _WITH_FOLDER)
            if retention.is_folder_over(active_at, notice_at, now)
        ]

    def _erase_folder(self, number: int, now: datetime) -> bool:
        with self._database.transaction() as conn:
            if not _is_quiet(conn, number, now - retention.PROOF_FOLDER):
                return False
            conn.execute("DELETE FROM attempts WHERE person = ?", (number,))
            rows = conn.execute("DELETE FROM files WHERE person = ? RETURNING id", (number,)).fetchall()
            conn.execute("UPDATE persons SET notice_at = NULL WHERE number = ?", (number,))
        self._disk.remove(file for (file,) in rows)
        return True

    def _farewells(self, now: datetime) -> list[Erased]:
        before = to_micros(now - retention.FAREWELL)
        with self._database.transaction() as conn:
            rows = conn.execute("SELECT number FROM persons WHERE farewell_at <= ?", (before,)).fetchall()
            return [self._erasure.erase(conn, number, now) for (number,) in rows]

    def _end_conversation(self, number: int, person: PersonId, now: datetime) -> Erased | None:
        """Erase a quiet person whole, or all but what their folder or reminders need."""
        with self._database.transaction() as conn:
            if not _is_quiet(conn, number, now - retention.CONVERSATION):
                return None
            has_folder = self._has(conn, _HAS_FOLDER, number)
            if not has_folder and not self._has(conn, _HAS_REMINDER, number):
                return self._erasure.erase(conn, number, now)
            key = self._people.keyring.of(conn, number, person)
            case = retention.kept_case(_case(conn, number, key), has_folder=has_folder)
            kept = key.seal(Purpose.CASE, to_bytes(case))
            keep_replay_keys(conn, messages_of(conn, number), now)
            conn.execute("UPDATE persons SET case_record = ?, dialogue = NULL WHERE number = ?", (kept, number))
            conn.execute("DELETE FROM inbox WHERE person = ?", (number,))
            conn.execute("DELETE FROM outbox WHERE person = ? AND state IN (2, 3)", (number,))
            conn.execute("DELETE FROM handoffs WHERE person = ?", (number,))
            conn.execute("UPDATE files SET state = 0 WHERE person = ? AND state = 1", (number,))
        return None

    def _old_rows(self, now: datetime) -> Purged:
        answered = to_micros(now - retention.SENT_MESSAGE)
        with self._database.transaction() as conn:
            old = conn.execute("SELECT seq FROM inbox WHERE state IN (2, 3) AND done_at <= ?", (answered,)).fetchall()
            keep_replay_keys(conn, [seq for (seq,) in old], now)
            conn.executemany("DELETE FROM inbox WHERE seq = ?", old)
            # One that never left goes too: its channel may be set up no more.
            sent = conn.execute(
                "DELETE FROM outbox WHERE state IN (2, 3) AND done_at <= :before OR state = 0 AND at <= :before"
                " OR state = 1 AND at <= :before AND lease_until <= :now",
                {"before": answered, "now": to_micros(now)},
            ).rowcount
            keys = conn.execute("DELETE FROM replays WHERE until <= ?", (to_micros(now),)).rowcount
            closed, failed = to_micros(now - retention.CLOSED_HANDOFF), to_micros(now - retention.FAILURE_RECORD)
            conn.execute("DELETE FROM link_codes WHERE until <= ?", (to_micros(now),))
            conn.execute("DELETE FROM handoffs WHERE closed_at <= ?", (closed,))
            conn.execute("DELETE FROM failures WHERE at <= ?", (failed,))
        return Purged(messages=len(old) + sent, replay_keys=keys)

    @staticmethod
    def _has(conn: sqlite3.Connection, question: str, number: int) -> bool:
        return bool(conn.execute(question, (number,)).fetchone()[0])

    @staticmethod
    def _has_conversation(conn: sqlite3.Connection, number: int) -> bool:
        """False once a conversation was erased around a folder or a reminder that stays."""
        return bool(
            conn.execute(
                "SELECT dialogue IS NOT NULL OR EXISTS (SELECT 1 FROM inbox WHERE person = number)"
                " FROM persons WHERE number = ?",
                (number,),
            ).fetchone()[0]
        )


def _is_quiet(conn: sqlite3.Connection, number: int, before: datetime) -> bool:
    """False when the person has written since they were found quiet."""
    values = {"before": to_micros(before), "number": number}
    return conn.execute(_QUIET + _THIS, values).fetchone() is not None


def _case(conn: sqlite3.Connection, number: int, key: PersonKey) -> Case:
    """The person's case; one that does not open counts as empty, so that it holds up no erasure."""
    sealed = conn.execute("SELECT case_record FROM persons WHERE number = ?", (number,)).fetchone()[0]
    with suppress(StorageError):
        return from_bytes(Case, key.open(Purpose.CASE, sealed or b""))
    return Case()
