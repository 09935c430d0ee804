"""Inbox and outbox in SQLite: what is recorded of failures, and rows that do not open."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bot.core.effects import HandoffReason
from bot.core.errors import DuplicateMessageError, StorageError
from bot.core.events import MediaRef
from bot.core.ports import Address, Arrival
from bot.storage.queues import class_name
from tests.records import LEASE, answer, text, turn, web

if TYPE_CHECKING:
    from bot.core.ids import PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener

NAMES = [
    ("TurnFailedError", "TurnFailedError"),
    ("bot.core.errors.TurnFailedError", "bot.core.errors.TurnFailedError"),
    ("ValueError: words of a person", "unnamed"),
    ("", "unnamed"),
    ("x" * 81, "unnamed"),
]


def _failures(store: Store) -> list[tuple[object, ...]]:
    with store.database.reading() as conn:
        return conn.execute("SELECT queue, error, is_final FROM failures ORDER BY number").fetchall()


def test_every_name_is_tried() -> None:
    assert len(NAMES) == 5


@pytest.mark.parametrize(("error", "expected"), NAMES)
def test_only_class_names_are_recorded(error: str, expected: str) -> None:
    assert class_name(error) == expected


def test_failures_are_recorded_without_content(store: Store, clock: FakeClock) -> None:
    store.inbox.put(web("one"), "1", text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.fail(received, "ValueError: words", clock.now(), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn("sorry"), clock.now(), failure="TurnFailedError")
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    store.outbox.failed(queued, "RecipientGoneError", clock.now(), None)
    expected = [("inbox", "unnamed", 0), ("inbox", "TurnFailedError", 1), ("outbox", "RecipientGoneError", 1)]
    assert _failures(store) == expected
    store.shredder.purge(clock.advance(days=30))
    assert _failures(store) == []


@pytest.mark.parametrize("queue", ["inbox", "outbox"])
def test_row_that_waited_often_is_not_given_up_for_a_store_that_refuses_once(
    store: Store, clock: FakeClock, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = store.persons.find_or_create(web("one"), clock.now())
    store.inbox.put(web("one"), "1", text("1"), clock.now())
    store.outbox.put(person, answer("1"), "1", clock.now())
    with store.database.transaction() as conn:
        conn.execute(f"UPDATE {queue} SET attempts = 9")
    port = store.inbox if queue == "inbox" else store.outbox

    def refusing(*_given: object) -> None:
        raise StorageError("the database refused: SQLITE_IOERR")

    with monkeypatch.context() as patch:
        patch.setattr("bot.storage.keyring.Keyring.of", refusing)
        for _ in range(4):
            with pytest.raises(StorageError):
                port.claim(clock.now(), LEASE)
            clock.advance(seconds=30)
    following = port.claim(clock.now(), LEASE)
    assert following is not None
    assert following.message.text == "1"
    assert _failures(store) == []


@pytest.mark.parametrize("queue", ["inbox", "outbox"])
def test_row_that_does_not_open_is_given_up_the_third_time(store: Store, clock: FakeClock, queue: str) -> None:
    person = store.persons.find_or_create(web("one"), clock.now())
    for n in range(2):
        store.inbox.put(web("one"), str(n), text(str(n)), clock.now())
        store.outbox.put(person, answer(str(n)), str(n), clock.now())
    with store.database.transaction() as conn:
        conn.execute(f"UPDATE {queue} SET payload = x'00' WHERE seq = 1")
    port = store.inbox if queue == "inbox" else store.outbox
    for _ in range(3):
        with pytest.raises(StorageError):
            port.claim(clock.now(), LEASE)
        clock.advance(seconds=30)
    following = port.claim(clock.now(), LEASE)
    assert following is not None
    assert following.message.text == "1"
    assert _failures(store) == [(queue, "UnreadableError", 1)]
    reasons = [row.reason for row in store.handoffs.open()]
    assert reasons == ([HandoffReason.FAILED_TURN] if queue == "inbox" else [])


def test_fifty_deliveries_at_once_of_one_message_are_one_row(store: Store, clock: FakeClock) -> None:
    barrier, taken, refused = threading.Barrier(50), [], []

    def put() -> None:
        barrier.wait()
        try:
            taken.append(store.inbox.put(web("one"), "same", text("x"), clock.now()))
        except DuplicateMessageError:
            refused.append(1)

    threads = [threading.Thread(target=put) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (1, 49)
    with store.database.reading() as conn:
        assert conn.execute("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM persons)").fetchone() == (1, 1)


def test_threads_lose_double_and_reorder_nothing(store: Store, clock: FakeClock) -> None:
    persons, each = 6, 12

    def put(name: int) -> None:
        for n in range(each):
            store.inbox.put(web(f"p{name}"), f"{name}:{n}", text(f"{name}:{n}"), clock.now())

    answered = threading.Semaphore(0)

    def play() -> None:
        while True:
            received = store.inbox.claim(clock.now(), LEASE)
            if received is None:
                if stop.wait(0.002):
                    return
                continue
            store.inbox.commit(received, turn(f"re {received.message.text}"), clock.now())
            answered.release()

    stop = threading.Event()
    workers = [threading.Thread(target=play) for _ in range(4)]
    writers = [threading.Thread(target=put, args=(name,)) for name in range(persons)]
    for thread in [*workers, *writers]:
        thread.start()
    done = [answered.acquire(timeout=20) for _ in range(persons * each)]
    stop.set()
    for thread in [*workers, *writers]:
        thread.join()
    assert all(done)
    sent: dict[PersonId, list[str]] = {}
    while queued := store.outbox.claim(clock.now(), LEASE):
        sent.setdefault(queued.person, []).append(queued.message.text)
        store.outbox.sent(queued, clock.now())
    expected = sorted([f"re {name}:{n}" for n in range(each)] for name in range(persons))
    assert sorted(sent.values()) == expected


def _on_two_channels(store: Store, clock: FakeClock) -> PersonId:
    """A person of pigeon and dove, with an answer waiting on each, pigeon's first."""
    pigeon, dove = Address("pigeon", "one"), Address("dove", "one")
    person = store.persons.find_or_create(pigeon, clock.now())
    people = store.outbox._people
    with store.database.transaction() as conn:
        number, key = people.keyring.find(conn, person)
        people.attach(conn, number, key, [dove], 0)
    for address in (pigeon, dove):
        store.inbox.put(address, "1", text("x"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        assert received.person == person
        store.inbox.commit(received, turn(f"on {address.channel}"), clock.now())
    return person


def test_send_that_hangs_on_one_channel_does_not_hold_the_person_s_other(store: Store, clock: FakeClock) -> None:
    _on_two_channels(store, clock)
    hanging = store.outbox.claim(clock.now(), LEASE, only=["pigeon"])
    following = store.outbox.claim(clock.now(), LEASE)
    assert hanging is not None
    assert following is not None
    assert (hanging.message.text, following.message.text) == ("on pigeon", "on dove")


def test_message_in_the_hands_of_a_dead_process_holds_no_other_channel_and_goes_in_time(
    store: Store, open_again: Opener, clock: FakeClock
) -> None:
    _on_two_channels(store, clock)
    assert store.outbox.claim(clock.now(), LEASE, only=["pigeon"]) is not None
    store.leases.close()
    here = open_again()
    following = here.outbox.claim(clock.advance(minutes=1), LEASE, only=["dove"])
    assert following is not None
    assert following.message.text == "on dove"
    here.outbox.sent(following, clock.now())
    here.shredder.purge(clock.advance(days=31))
    with here.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_message_that_is_being_sent_is_not_purged(store: Store, clock: FakeClock) -> None:
    person = store.persons.find_or_create(web("one"), clock.now())
    store.outbox.put(person, answer("old"), "k", clock.now())
    queued = store.outbox.claim(clock.advance(days=31), LEASE)
    assert queued is not None
    store.shredder._old_rows(clock.now())
    store.outbox.sent(queued, clock.now())


def _asked(store: Store, clock: FakeClock, account: str, words: str) -> None:
    address = Address("pigeon", "one")
    store.inbox.put(address, f"{account}:{words}", text(words), clock.now(), Arrival(account=account))


def test_answer_leaves_from_the_number_that_was_asked(store: Store, clock: FakeClock) -> None:
    for account in ("A", "B"):
        _asked(store, clock, account, f"to {account}")
    for _ in range(2):
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn(f"re {received.message.text}"), clock.now())
    _asked(store, clock, "C", "later")
    store.outbox.put(received.person, answer("reminder"), "r", clock.now())
    left = []
    while (queued := store.outbox.claim(clock.now(), LEASE)) is not None:
        left.append((queued.message.text, queued.account))
        store.outbox.sent(queued, clock.now())
    assert left == [("re to A", "A"), ("re to B", "B"), ("reminder", "C")]


def test_number_that_rests_is_passed_over_and_another_of_its_channel_is_not(store: Store, clock: FakeClock) -> None:
    for person, account in (("one", "A"), ("two", "B"), ("three", "")):
        store.inbox.put(Address("pigeon", person), person, text("x"), clock.now(), Arrival(account=account))
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn(account), clock.now())
    skip = [("pigeon", "A"), ("dove", "B")]
    claimed = [store.outbox.claim(clock.now(), LEASE, skip_accounts=skip) for _ in range(3)]
    assert [queued and queued.account for queued in claimed] == ["B", "", None]


def test_claim_stays_fast_behind_a_long_queue_of_one_person(store: Store, clock: FakeClock) -> None:
    store.database.connection().execute("PRAGMA synchronous = OFF")
    for n in range(400):
        store.inbox.put(web("one"), str(n), text("x"), clock.now())
    store.inbox.put(web("two"), "other", text("other"), clock.now())
    assert store.inbox.claim(clock.now(), LEASE) is not None
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    store.database.connection().set_progress_handler(count, 100)
    received = store.inbox.claim(clock.now(), LEASE)
    store.database.connection().set_progress_handler(None, 0)
    assert received is not None
    assert received.message.text == "other"
    assert steps < 400  # hundreds of SQLite's instructions: linear in the queue, not quadratic


def test_person_waits_until_their_last_message_is_played(store: Store, clock: FakeClock) -> None:
    assert not store.inbox.is_waited_for(web("one"))
    store.inbox.put(web("one"), "1", text("x"), clock.now())
    store.inbox.put(web("two"), "2", text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    assert store.inbox.is_waited_for(web("one"))
    store.inbox.commit(received, turn("yes"), clock.now())
    assert not store.inbox.is_waited_for(web("one"))
    assert store.inbox.is_waited_for(web("two"))


ROWS = 20_000
SHAPES = [("one person", 1), ("two hundred persons", 200), ("as many persons as rows", ROWS)]


@pytest.mark.parametrize(("name", "persons"), SHAPES, ids=[name for name, _persons in SHAPES])
@pytest.mark.parametrize("queue", ["inbox", "media"])
def test_claim_and_arrival_cost_the_same_behind_twenty_thousand_rows(
    store: Store, clock: FakeClock, queue: str, name: str, persons: int
) -> None:
    """Instructions of SQLite, in hundreds: no figure of a clock, which a busy machine stretches."""
    conn = store.database.connection()
    conn.execute("PRAGMA synchronous = OFF")
    picture = Arrival(media=(MediaRef("p", "image"),))
    store.inbox.put(web("first"), "0", text("first"), clock.now(), picture)
    conn.execute("PRAGMA foreign_keys = OFF")
    with store.database.transaction():
        rounds = [(100 + n % persons, n // persons) for n in range(ROWS)]
        conn.executemany(
            "INSERT INTO inbox(person, channel, external_hash, payload, at, rank, round)"
            " VALUES (?1, 'web', randomblob(16), x'00', 0, 0, ?2)", rounds,
        )  # fmt: skip
        conn.executemany(
            "INSERT INTO media(person, inbox, channel, payload, at, round) VALUES (?1, -1, 'web', x'00', 0, ?2)", rounds
        )
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    conn.set_progress_handler(count, 100)
    store.inbox.put(web("last"), "last", text("last"), clock.now(), picture)
    put, steps = steps, 0
    port = store.inbox if queue == "inbox" else store.media
    clock.advance(minutes=1)
    with contextlib.suppress(StorageError):  # those rows are nobody's
        port.claim(clock.now(), LEASE)
    conn.set_progress_handler(None, 0)
    sys.stdout.write(f"{queue}, {name}: put {put}, claim {steps}\n")
    assert put < 20
    assert steps < 40
