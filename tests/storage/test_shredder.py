"""Retention in SQLite: what may happen while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Case
from bot.core.effects import RecordAttempt, Remind, ReminderKind
from bot.core.retention import Purged
from bot.storage.shredder import SqliteShredder
from tests.records import LEASE, attempt, text, turn, web

if TYPE_CHECKING:
    import pytest

    from bot.core.effects import Effect
    from bot.core.ids import PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def _play(store: Store, clock: FakeClock, *effects: Effect) -> PersonId:
    store.inbox.put(web("one"), clock.now().isoformat(), text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn(effects=effects, case=Case(language="ar")), clock.now())
    return received.person


def test_person_who_writes_while_the_purge_runs_is_left_alone(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = _play(store, clock, RecordAttempt(attempt()))
    clock.advance(days=120)
    found = SqliteShredder._quiet_rows

    def write_after(shredder: SqliteShredder, *args: object) -> object:
        rows = found(shredder, *args)  # type: ignore[arg-type]
        if store.inbox.claim(clock.now(), LEASE) is None and rows:
            store.inbox.put(web("one"), "just now", text("x"), clock.now())
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(SqliteShredder, "_quiet_rows", write_after)
        assert store.shredder.purge(clock.now()) == Purged(messages=1)
    state = store.persons.state(person)
    assert (state.case.language, len(state.attempts)) == ("ar", 1)


def test_person_who_writes_after_being_found_quiet_keeps_the_conversation(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = _play(store, clock)
    with store.database.reading() as conn:
        number = conn.execute("SELECT number FROM persons").fetchone()[0]
    monkeypatch.setattr(SqliteShredder, "_quiet", lambda *_: [(number, person)])
    store.shredder.purge(clock.advance(days=1))
    assert store.persons.state(person).case == Case(language="ar")


def test_case_that_does_not_open_holds_up_no_erasure(store: Store, clock: FakeClock) -> None:
    remind = Remind(clock.now(), ReminderKind.TRY_AGAIN)
    person = _play(store, clock, remind)
    with store.database.transaction() as conn:
        conn.execute("UPDATE persons SET case_record = x'00'")
    assert store.shredder.purge(clock.advance(days=31)).conversations == 1
    assert store.persons.state(person).case == Case()


def test_sent_notice_does_not_count_as_activity(store: Store, clock: FakeClock) -> None:
    person = _play(store, clock, RecordAttempt(attempt()))
    clock.advance(days=76)
    assert store.shredder.notice_due(clock.now()) == [person]
    store.outbox.put(person, turn("notice").messages[0], "notice", clock.now())
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    store.outbox.sent(queued, clock.now())
    store.shredder.notice_given(person, clock.now())
    assert store.shredder.purge(clock.advance(days=14)).persons == 1


def test_message_that_never_left_goes_in_the_end(store: Store, clock: FakeClock) -> None:
    person = _play(store, clock)
    store.outbox.put(person, turn("for a channel that is set up no more").messages[0], "never", clock.now())
    for _ in range(40):
        clock.advance(days=1)
        store.inbox.put(web("one"), str(clock.now()), text("still here"), clock.now())
        store.shredder.purge(clock.now())
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM outbox WHERE dedupe_key = 'never'").fetchone() == (0,)
