"""Two persons become one on disk: sealed anew under one key, and erased as one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case
from bot.core.effects import (
    EraseEverything,
    HandoffReason,
    HandOver,
    IssueLinkCode,
    JoinPersons,
    KeepFiles,
    RecordAttempt,
)
from bot.core.errors import LeaseLostError, StorageError
from bot.core.events import MediaRef
from bot.core.messages import InboundFile, InboundKind, InboundMessage
from bot.core.ports import Address, Arrival, FileKind
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.records import LEASE, attempt, text, turn

if TYPE_CHECKING:
    from bot.core.effects import Effect
    from bot.core.ids import FileId, PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener

CODE = "K7QM2XPA"
OLD, NEW = Address("telegram", "IDENTITY-OLD-1"), Address("whatsapp", "IDENTITY-NEW-2")
PLAIN = ["IDENTITY-OLD-1", "IDENTITY-NEW-2", "WORDS-OLD", "WORDS-NEW", "ANSWER-OLD", "ANSWER-NEW", "FILE-NEW", CODE]


def play(store: Store, clock: FakeClock, address: Address, words: str, *effects: Effect, answer: str = "ok") -> None:
    store.inbox.put(address, f"{words}-{clock.advance(seconds=1)}", text(words), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn(answer, effects=effects, case=Case(language="fr")), clock.now())


def send_all(store: Store, clock: FakeClock) -> None:
    while queued := store.outbox.claim(clock.now(), LEASE):
        store.outbox.sent(queued, clock.now())


def live(store: Store, clock: FakeClock) -> tuple[PersonId, PersonId, FileId]:
    """The old one got a code; the new one has a folder, and words of all kinds."""
    play(store, clock, OLD, "WORDS-OLD", IssueLinkCode(CODE), answer="ANSWER-OLD")
    new = store.persons.find_or_create(NEW, clock.now())
    file = store.files.put(new, b"FILE-NEW" * 300, FileKind.ORIGINAL, clock.now())
    kept = (KeepFiles((file,)), RecordAttempt(attempt(file)), HandOver(HandoffReason.ASKED))
    play(store, clock, NEW, "WORDS-NEW", *kept, answer="ANSWER-NEW")
    old = store.persons.find(OLD)
    assert old is not None
    return old, new, file


def everything(data_dir: Path) -> bytes:
    paths = sorted(path for path in data_dir.rglob("*") if path.is_file())
    return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in paths)


def blobs(data_dir: Path, person: PersonId) -> list[bytes]:
    """Everything sealed or wrapped that stands in a person's rows."""
    conn = sqlite3.connect(data_dir / "guichet.db")
    number = conn.execute("SELECT number FROM persons WHERE id = ?", (person,)).fetchone()[0]
    queries = (
        "SELECT sealed FROM identities WHERE person = ?", "SELECT payload FROM inbox WHERE person = ?",
        "SELECT payload FROM outbox WHERE person = ?", "SELECT record FROM attempts WHERE person = ?",
        "SELECT wrapped_key FROM files WHERE person = ?", "SELECT case_record FROM persons WHERE number = ?",
        "SELECT dialogue FROM persons WHERE number = ?", "SELECT substr(padded_key, -40) FROM keys WHERE person = ?",
    )  # fmt: skip
    found = [blob for query in queries for (blob,) in conn.execute(query, (number,)) if blob]
    conn.close()
    return found


def test_nothing_sealed_under_the_second_key_is_left_and_erasing_leaves_no_trace(
    data_dir: Path, store: Store, clock: FakeClock
) -> None:
    old, new, file = live(store, clock)
    send_all(store, clock)
    before = blobs(data_dir, new)
    assert len(before) == 8
    play(store, clock, NEW, "yes", JoinPersons(CODE), answer="joined")
    assert not [blob for blob in before if blob[-24:] in everything(data_dir)]
    assert store.files.open(old, file) == b"FILE-NEW" * 300
    send_all(store, clock)
    mine = blobs(data_dir, old)
    play(store, clock, OLD, "erase", EraseEverything(), answer="farewell")
    send_all(store, clock)
    left = everything(data_dir)
    traces = [*(blob[-24:] for blob in (*before, *mine)), old.encode(), new.encode(), file.encode()]
    traces += [words.encode() for words in PLAIN]
    assert [trace for trace in traces if trace in left] == []
    assert store.persons.find(OLD) is store.persons.find(NEW) is None


def test_code_stands_nowhere_in_plain(data_dir: Path, store: Store, clock: FakeClock) -> None:
    live(store, clock)
    store.database.checkpoint()
    assert CODE.encode() not in everything(data_dir)


def test_purge_forgets_codes_that_are_over(store: Store, clock: FakeClock) -> None:
    live(store, clock)
    codes = "SELECT count(*) FROM link_codes"
    store.shredder.purge(clock.advance(minutes=5))
    assert store.database.connection().execute(codes).fetchone() == (1,)
    store.shredder.purge(clock.advance(minutes=6))
    assert store.database.connection().execute(codes).fetchone() == (0,)


def test_joined_store_opens_again_with_all_of_it(store: Store, clock: FakeClock, open_again: Opener) -> None:
    old, _new, file = live(store, clock)
    play(store, clock, NEW, "yes", JoinPersons(CODE))
    again = open_again()
    assert again.files.open(old, file) == b"FILE-NEW" * 300
    assert len(again.persons.state(old).attempts) == 1
    assert {entry.message.text for entry in again.outbox.history(old)} >= {"WORDS-OLD", "WORDS-NEW", "ANSWER-NEW"}
    again.files.discard(old, (file,))
    with pytest.raises(StorageError):
        again.files.open(old, file)


def test_file_of_one_joined_twice_still_opens(store: Store, clock: FakeClock) -> None:
    old, _new, file = live(store, clock)
    play(store, clock, NEW, "yes", JoinPersons(CODE))
    third = Address("web", "third")
    play(store, clock, third, "link", IssueLinkCode("AAAAAAA1"))
    play(store, clock, OLD, "yes again", JoinPersons("AAAAAAA1"))
    kept = store.persons.find(third)
    assert kept not in {None, old}
    assert store.files.open(kept, file) == b"FILE-NEW" * 300  # type: ignore[arg-type]


def test_picture_on_its_way_when_the_two_become_one_still_comes(store: Store, clock: FakeClock) -> None:
    """A worker that fetched for the person that was has lost; the row is fetched again for the one that is."""
    old, new, _file = live(store, clock)
    store.inbox.put(NEW, "yes", text("yes"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    ref = MediaRef("ref-1", "image", "image/png")
    done = InboundFile("", "image/png", 3, "00", problem="unreadable")  # type: ignore[arg-type]
    arrival = Arrival(media=(ref, MediaRef("ref-2", "image", "image/png")))
    store.inbox.put(NEW, "picture", InboundMessage(InboundKind.MEDIA), clock.now(), arrival)
    first, second = (store.media.claim(clock.now(), LEASE) for _ in range(2))
    assert first is not None
    assert second is not None
    store.media.fetched(first, done, clock.now())
    assert received is not None
    store.inbox.commit(received, turn("joined", effects=(JoinPersons(CODE),)), clock.now())
    with pytest.raises(StorageError):
        store.files.put(new, b"PICTURE", FileKind.ORIGINAL, clock.now())
    with pytest.raises(LeaseLostError):
        store.media.fetched(second, done, clock.now())
    again = store.media.claim(clock.now(), LEASE)  # at once, not when the lease of the one that was has ended
    assert again is not None
    assert (again.seq, again.person, again.ref.ref) == (second.seq, old, "ref-2")
    file = store.files.put(old, b"PICTURE", FileKind.ORIGINAL, clock.now())
    store.media.fetched(again, InboundFile(file, "image/png", 7, "00"), clock.now())
    taken = store.inbox.claim(clock.now(), LEASE)
    assert taken is not None
    assert taken.person == old
    assert [each.problem for each in taken.message.files] == ["unreadable", None]


def test_answer_being_sent_when_the_two_become_one_is_not_sent_twice(store: Store, clock: FakeClock) -> None:
    live(store, clock)
    sending = [store.outbox.claim(clock.now(), LEASE) for _ in range(2)]
    play(store, clock, NEW, "yes", JoinPersons(CODE), answer="joined")
    for queued in sending:
        assert queued is not None
        store.outbox.sent(queued, clock.now())
    told = []
    while queued := store.outbox.claim(clock.now(), LEASE):
        told.append((queued.address, queued.message.text))
        store.outbox.sent(queued, clock.now())
    assert sorted(told, key=repr) == sorted([(OLD, "joined"), (NEW, "joined")], key=repr)


def test_bytes_that_do_not_open_join_nobody(data_dir: Path, store: Store, clock: FakeClock) -> None:
    """One spoilt row and the whole is as it was: nothing is half of each."""
    old, new, _file = live(store, clock)
    with store.database.transaction() as conn:
        conn.execute("UPDATE attempts SET record = randomblob(80)")
    before = blobs(data_dir, new)
    with pytest.raises(StorageError):
        play(store, clock, NEW, "yes", JoinPersons(CODE))
    assert store.persons.find(NEW) == new != old
    assert set(before) <= set(blobs(data_dir, new))


# --- Killed in the middle

_VICTIM = """
import os, signal, sys
from pathlib import Path
from tests.storage import test_linking
test_linking.join_and_die(Path(sys.argv[1]), int(sys.argv[2]))
"""


def join_and_die(data_dir: Path, statements: int) -> None:
    """Join the two, and be killed after so many statements of the transaction, or right after the commit."""
    from tests.storage.worker import RealClock

    store = open_store(data_dir, MasterKey(bytes(32)), os.urandom, RealClock())
    received = store.inbox.claim(RealClock().now(), LEASE)
    assert received is not None
    left = [statements]

    def count(_statement: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store.database.connection().set_trace_callback(count)
    store.inbox.commit(received, turn("joined", effects=(JoinPersons(CODE),)), RealClock().now())
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("statements", [0, 3, 8, 14, 22, 30, 45, 10_000])
def test_killed_at_any_statement_the_two_are_two_or_one(tmp_path: Path, statements: int) -> None:
    from tests.storage.worker import RealClock

    clock, data_dir = RealClock(), tmp_path / "data"
    store = open_store(data_dir, MasterKey(bytes(32)), os.urandom, clock)
    store.inbox.put(OLD, "1", text("link"), clock.now())
    first = store.inbox.claim(clock.now(), LEASE)
    assert first is not None
    store.inbox.commit(first, turn("code", effects=(IssueLinkCode(CODE),)), clock.now())
    old, new = first.person, store.persons.find_or_create(NEW, clock.now())
    file = store.files.put(new, b"PICTURE", FileKind.ORIGINAL, clock.now())
    store.inbox.put(NEW, "2", text("mine", file), clock.now())
    second = store.inbox.claim(clock.now(), LEASE)
    assert second is not None
    kept = (KeepFiles((file,)), RecordAttempt(attempt(file)))
    store.inbox.commit(second, turn("kept", effects=kept), clock.now())
    store.inbox.put(NEW, "3", text("yes"), clock.now())
    store.close()

    root = Path(__file__).parents[2]
    died = subprocess.run([sys.executable, "-c", _VICTIM, str(data_dir), str(statements)], cwd=root, check=False)
    assert died.returncode == -signal.SIGKILL

    store = open_store(data_dir, MasterKey(bytes(32)), os.urandom, clock)
    owner = store.persons.find(NEW)
    assert owner in {old, new}
    if owner == new:
        again = store.inbox.claim(clock.now(), LEASE)
        assert again is not None
        assert again.message.text == "yes"
        store.inbox.commit(again, turn("joined", effects=(JoinPersons(CODE),)), clock.now())
    else:
        assert statements == 10_000 or statements > 8
    assert store.persons.find(OLD) == store.persons.find(NEW) == old
    assert store.files.open(old, file) == b"PICTURE"
    said = [entry.message.text for entry in store.outbox.history(old)]
    assert (said.count("joined"), said.count("yes"), said.count("kept")) == (1, 1, 1)
    assert store.database.connection().execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()
