"""The whole store, opened once a process: every port over one database and one directory.

Must not know: settings, who calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.storage.database import BUSY_SECONDS, Database, open_database
from bot.storage.dead_letters import SqliteDeadLetters
from bot.storage.disk import Disk
from bot.storage.erasure import Erasure
from bot.storage.files import SqliteFiles
from bot.storage.handoffs import SqliteHandoffs
from bot.storage.inbox import SqliteInbox
from bot.storage.leases import Leases
from bot.storage.master_key import check_master_key
from bot.storage.media import SqliteMedia
from bot.storage.notes import SqliteNotes
from bot.storage.outbox import SqliteOutbox
from bot.storage.people import People
from bot.storage.persons import SqlitePersons
from bot.storage.reminders import SqliteReminders
from bot.storage.shredder import SqliteShredder
from bot.storage.slips import Slips

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.ports import Clock
    from bot.storage.sealing import MasterKey, Random

DATABASE_NAME = "guichet.db"


@dataclass(frozen=True, slots=True)
class Store:
    """The ports; safe to share between threads, not across a fork."""

    inbox: SqliteInbox
    outbox: SqliteOutbox
    persons: SqlitePersons
    files: SqliteFiles
    handoffs: SqliteHandoffs
    reminders: SqliteReminders
    shredder: SqliteShredder
    media: SqliteMedia
    dead_letters: SqliteDeadLetters
    notes: SqliteNotes
    database: Database
    leases: Leases

    def close(self) -> None:
        """Close every connection and give this worker's leases back; call it when no thread works any more."""
        self.database.close()
        self.leases.close()


def open_store(
    data_dir: Path, master: MasterKey, random: Random, clock: Clock, busy_seconds: float = BUSY_SECONDS
) -> Store:
    """The store in that directory, made if need be; what crashes left behind is swept.

    Raises SettingsError when the database was made under another master key, StorageError when it cannot be opened.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{data_dir} cannot be made ({type(error).__name__})") from error
    database = open_database(data_dir / DATABASE_NAME, busy_seconds)
    try:
        with database.transaction() as conn:
            check_master_key(conn, master)
        leases = Leases(data_dir / "locks", random)
        disk = Disk(data_dir / "files", leases.owner)
    except BaseException:
        database.close()
        raise
    leases.sweep()
    people = People(master, random)
    erasure = Erasure(database, people.keyring, disk)
    files = SqliteFiles(database, people.keyring, disk, leases, random)
    files.sweep()
    outbox = SqliteOutbox(database, people, erasure, leases, Slips(data_dir / "slips"))
    outbox.sweep()
    return Store(
        inbox=SqliteInbox(database, people, erasure, disk, leases),
        outbox=outbox,
        persons=SqlitePersons(database, people, erasure, clock),
        files=files,
        handoffs=SqliteHandoffs(database),
        reminders=SqliteReminders(database),
        shredder=SqliteShredder(database, people, erasure, disk, files),
        media=SqliteMedia(database, people, leases),
        dead_letters=SqliteDeadLetters(database),
        notes=SqliteNotes(database),
        database=database,
        leases=leases,
    )
