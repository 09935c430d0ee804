"""Erasing a person leaves no trace."""

from __future__ import annotations

import sqlite3
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case, Situation
from bot.core.effects import (
    EraseEverything,
    HandoffReason,
    HandOver,
    KeepFiles,
    RecordAttempt,
    Remind,
    ReminderKind,
)
from bot.core.errors import KeyDestroyedError, StorageError
from bot.core.ports import Address, FileKind
from bot.storage import erasure
from tests.records import LEASE, attempt, text, turn, web

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.ids import FileId, PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener

SECRET = Address("telegram", "IDENTITY-5417")
WORDS = ("WORDS-SAID-1", "WORDS-SAID-2", "WORDS-SAID-3")


def _play(store: Store, clock: FakeClock, *effects: object, answers: tuple[str, ...] = ("ANSWER-GIVEN",)) -> PersonId:
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    case = Case(situation=Situation(departement="DEPARTEMENT-93"))
    store.inbox.commit(received, turn(*answers, effects=effects, case=case), clock.now())  # type: ignore[arg-type]
    return received.person


def _send(store: Store, clock: FakeClock) -> None:
    while queued := store.outbox.claim(clock.now(), LEASE):
        store.outbox.sent(queued, clock.now())


def _crowd(store: Store, clock: FakeClock, chance: Random, rounds: int) -> None:
    """Other people write, so that pages fill, split and are used again."""
    for _ in range(rounds):
        address = web(f"other{chance.randrange(12)}")
        store.inbox.put(address, chance.randbytes(8).hex(), text("x" * chance.randrange(900)), clock.now())
        _play(store, clock, answers=("y" * chance.randrange(900),))
        _send(store, clock)


def _live(store: Store, clock: FakeClock, chance: Random) -> tuple[PersonId, list[FileId]]:
    """The person to be erased: messages, files, an attempt, a reminder, a handoff."""
    person = store.persons.find_or_create(SECRET, clock.now())
    files = [store.files.put(person, b"FILE-BYTES" * 300, FileKind.ORIGINAL, clock.now()) for _ in range(3)]
    remind = Remind(clock.now(), ReminderKind.TRY_AGAIN)
    effects = ((KeepFiles(tuple(files)), RecordAttempt(attempt(files[0]))), (remind,), (HandOver(HandoffReason.ASKED),))
    for n, words in enumerate(WORDS):
        store.inbox.put(SECRET, f"EXTERNAL-ID-{n}", text(words, *files), clock.now())
        _play(store, clock, *effects[n])
        _send(store, clock)
        _crowd(store, clock, chance, 12)
    return person, files


def _sealed_bytes(data_dir: Path, number: int) -> list[bytes]:
    """Everything sealed, wrapped or hashed that stands in the person's rows, but the hashes kept against replays."""
    conn = sqlite3.connect(data_dir / "guichet.db")
    queries = (
        "SELECT hash, sealed FROM identities WHERE person = ?",
        "SELECT case_record, dialogue FROM persons WHERE number = ?",
        "SELECT substr(padded_key, -40) FROM keys WHERE person = ?",
        "SELECT payload FROM inbox WHERE person = ?",
        "SELECT payload FROM outbox WHERE person = ?",
        "SELECT record FROM attempts WHERE person = ?",
        "SELECT wrapped_key FROM files WHERE person = ?",
    )
    found = [blob for query in queries for row in conn.execute(query, (number,)) for blob in row if blob]
    conn.close()
    return found


def _everything(data_dir: Path) -> bytes:
    paths = sorted(path for path in data_dir.rglob("*") if path.is_file())
    return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in paths)


def _number(store: Store, person: PersonId) -> int:
    with store.database.reading() as conn:
        number: int = conn.execute("SELECT number FROM persons WHERE id = ?", (person,)).fetchone()[0]
    return number


@pytest.mark.parametrize("seed", range(3))
def test_erased_person_leaves_no_trace(data_dir: Path, store: Store, clock: FakeClock, seed: int) -> None:
    chance = Random(seed)
    _crowd(store, clock, chance, 20)
    person, files = _live(store, clock, chance)
    sealed = _sealed_bytes(data_dir, _number(store, person))
    assert len(sealed) == 4 + 1 + 3 + 3 + 1 + 3
    traces = [person.encode(), *(file.encode() for file in files), *(blob[-24:] for blob in sealed)]
    before = _everything(data_dir)
    assert all(trace in before for trace in traces)
    store.inbox.put(SECRET, "EXTERNAL-ID-9", text("ERASE-ME"), clock.now())
    _play(store, clock, EraseEverything(), answers=("FAREWELL-SAID",))
    blank = store.persons.find(SECRET)
    assert blank is not None
    blank_sealed = _sealed_bytes(data_dir, _number(store, blank))
    _send(store, clock)
    after = _everything(data_dir)
    plain = [*WORDS, "IDENTITY-5417", "EXTERNAL-ID", "ANSWER-GIVEN", "FILE-BYTES", "DEPARTEMENT-93", "FAREWELL-SAID"]
    traces += [blank.encode(), *(blob[-24:] for blob in blank_sealed), *(each.encode() for each in plain)]
    assert [trace for trace in traces if trace in after] == []
    assert list((data_dir / "files").iterdir()) == []
    assert not (data_dir / "guichet.db-wal").stat().st_size


def test_nothing_a_person_says_stands_in_clear(data_dir: Path, store: Store, clock: FakeClock) -> None:
    _live(store, clock, Random(0))
    stored = _everything(data_dir)
    for plain in (*WORDS, "IDENTITY-5417", "EXTERNAL-ID", "ANSWER-GIVEN", "FILE-BYTES", "DEPARTEMENT-93"):
        assert plain.encode() not in stored


def test_pages_that_were_split_and_merged_keep_no_copy_of_erased_messages(
    data_dir: Path, store: Store, clock: FakeClock
) -> None:
    store.database.connection().execute("PRAGMA synchronous = OFF")
    chance, sealed = Random(3), []
    for n in range(900):
        address = web(f"person{chance.randrange(30)}")
        store.inbox.put(address, str(n), text("x" * chance.randrange(100, 900)), clock.now())
        person = _play(store, clock, answers=("y" * chance.randrange(100, 900),))
        if n % 15 == 14:
            sealed += _sealed_bytes(data_dir, _number(store, person))[1:]  # the address is used again
            store.persons.erase(person)
    assert len(sealed) > 400
    stored = _everything(data_dir)
    assert [blob for blob in sealed if blob[-24:] in stored] == []


def test_key_is_overwritten_at_once_even_when_the_database_is_too_large_to_rewrite(
    data_dir: Path, store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "REWRITE_AT_ONCE_BYTES", 0)
    store.database.connection().execute("PRAGMA synchronous = OFF")
    chance, keys, living = Random(5), [], []
    for n in range(600):
        living.append(store.persons.find_or_create(web(f"person{n}"), clock.now()))
        if n > 50 and chance.random() < 0.8:
            person = living.pop(chance.randrange(len(living)))
            keys.append(_sealed_bytes(data_dir, _number(store, person))[-1])
            store.persons.erase(person)
    assert {len(key) for key in keys} == {40}
    stored = _everything(data_dir)
    assert [key for key in keys if key in stored] == []
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM meta WHERE name = 'rewrite is due'").fetchone() == (1,)
    store.shredder.purge(clock.now())
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM meta WHERE name = 'rewrite is due'").fetchone() == (0,)


def test_cached_key_does_not_outlive_an_erasure_by_another_process(
    store: Store, open_again: Opener, clock: FakeClock
) -> None:
    other = open_again()
    person = store.persons.find_or_create(web("one"), clock.now())
    file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    assert store.files.open(person, file) == b"png"
    other.persons.erase(person)
    with pytest.raises(KeyDestroyedError):
        store.persons.state(person)
    with pytest.raises(KeyDestroyedError):
        store.files.open(person, file)
    assert store.persons.find_or_create(web("one"), clock.now()) != person


def test_erasure_holds_although_the_old_pages_could_not_be_overwritten(
    data_dir: Path, clock: FakeClock, open_again: Opener
) -> None:
    store = open_again(busy_seconds=0.05)
    person = store.persons.find_or_create(web("one"), clock.now())
    reader = sqlite3.connect(data_dir / "guichet.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM persons").fetchall()
    store.persons.erase(person)
    assert store.persons.find(web("one")) is None
    assert person.encode() in _everything(data_dir)
    reader.close()
    store.shredder.purge(clock.now())
    assert person.encode() not in _everything(data_dir)


def test_crash_between_rows_and_files_leaves_files_that_the_next_start_sweeps(
    data_dir: Path, store: Store, open_again: Opener, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = store.persons.find_or_create(web("one"), clock.now())
    kept = store.persons.find_or_create(web("two"), clock.now())
    store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    file = store.files.put(kept, b"png", FileKind.ORIGINAL, clock.now())
    monkeypatch.setattr(erasure.Erasure, "clean", lambda *_: None)
    store.persons.erase(person)
    assert len(list((data_dir / "files").iterdir())) == 2
    store = open_again()
    assert [path.name for path in (data_dir / "files").iterdir()] == [file]
    assert store.files.open(kept, file) == b"png"


def test_sealed_bytes_of_a_person_do_not_open_in_anothers_row(store: Store, clock: FakeClock) -> None:
    one, two = (store.persons.find_or_create(web(name), clock.now()) for name in ("one", "two"))
    for name in ("one", "two"):
        store.inbox.put(web(name), name, text(name), clock.now())
        _play(store, clock)
    with store.database.transaction() as conn:
        record = conn.execute("SELECT case_record FROM persons WHERE id = ?", (one,)).fetchone()[0]
        conn.execute("UPDATE persons SET case_record = ? WHERE id = ?", (record, two))
    assert store.persons.state(one).case.situation.departement == "DEPARTEMENT-93"
    with pytest.raises(StorageError):
        store.persons.state(two)
