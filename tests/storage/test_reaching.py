"""When a person was last heard, and where they can be reached no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.effects import EraseEverything, IssueLinkCode, JoinPersons, Remind, ReminderKind
from bot.core.ports import Address, Arrival
from tests.records import LEASE, answer, text, turn

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.effects import Effect
    from bot.core.queued import Queued
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock

NUMBER, ID = Address("whatsapp", "phone:1"), Address("whatsapp", "bsuid:ONE")
TELEGRAM = Address("telegram", "1001")


def play(
    store: Store, clock: FakeClock, *names: Address, sent_at: datetime | None = None, effect: Effect | None = None
) -> None:
    now = clock.advance(seconds=1)
    store.inbox.put(names[0], f"m{now}", replace(text("words"), sent_at=sent_at), now, Arrival(aliases=names[1:]))
    received = store.inbox.claim(now, LEASE)
    assert received is not None
    store.inbox.commit(received, turn("answer", effects=(effect,) if effect else ()), now)


def last(store: Store, clock: FakeClock) -> Queued:
    """What is sent last of all that waits."""
    found = None
    while queued := store.outbox.claim(clock.now(), LEASE):
        found = queued
        store.outbox.sent(queued, clock.now())
    assert found is not None
    return found


def test_window_is_counted_from_the_persons_own_time(store: Store, clock: FakeClock) -> None:
    written = clock.now() - timedelta(hours=23)
    play(store, clock, NUMBER, sent_at=written)
    assert last(store, clock).heard_at == written


def test_older_message_that_comes_late_closes_no_window(store: Store, clock: FakeClock) -> None:
    play(store, clock, NUMBER, sent_at=clock.now())
    written = clock.now() - timedelta(seconds=1)
    play(store, clock, NUMBER, sent_at=clock.now() - timedelta(hours=5))
    assert last(store, clock).heard_at == written


def test_time_ahead_of_ours_opens_the_window_no_longer_than_now(store: Store, clock: FakeClock) -> None:
    play(store, clock, NUMBER, sent_at=clock.now() + timedelta(hours=20))
    assert last(store, clock).heard_at == clock.now()
    play(store, clock, NUMBER, sent_at=clock.now() + timedelta(hours=20))
    assert last(store, clock).heard_at == clock.now()


def test_all_names_of_a_message_are_heard_and_the_first_is_the_one_to_answer_to(store: Store, clock: FakeClock) -> None:
    play(store, clock, ID)
    play(store, clock, NUMBER, ID)
    clock.advance(hours=30)
    play(store, clock, NUMBER, ID)
    rows = store.database.connection().execute("SELECT max(heard_at) - min(heard_at), count(*) FROM identities")
    assert rows.fetchall() == [(1, 2)]
    person = store.persons.find(ID)
    assert person is not None
    assert store.outbox.put(person, answer("remember"), "k", clock.now())
    assert last(store, clock).address == NUMBER


def test_farewell_opens_no_window(store: Store, clock: FakeClock) -> None:
    written = clock.now() - timedelta(hours=23)
    play(store, clock, NUMBER, sent_at=written, effect=EraseEverything())
    assert last(store, clock).heard_at == written


@pytest.mark.parametrize("refused", [NUMBER, ID])
def test_who_is_refused_by_one_name_is_refused_by_the_other(store: Store, clock: FakeClock, refused: Address) -> None:
    remind = Remind(clock.now(), ReminderKind.TRY_AGAIN)
    play(store, clock, NUMBER, ID, effect=remind)
    person = store.persons.find(NUMBER)
    assert person is not None
    store.persons.set_reachable(refused, clock.now(), is_reachable=False)
    assert store.reminders.due(clock.now()) == []
    assert [letter.error for letter in store.dead_letters.listed()] == ["RecipientGoneError"]
    assert store.outbox.put(person, answer("more"), "k", clock.now())
    assert last(store, clock).is_blocked
    play(store, clock, NUMBER, ID)
    assert store.outbox.put(person, answer("again"), "l", clock.now())
    assert not last(store, clock).is_blocked


def test_who_is_refused_on_one_messenger_is_reminded_on_the_other(store: Store, clock: FakeClock) -> None:
    play(store, clock, TELEGRAM, effect=IssueLinkCode("K7QM2XPA"))
    play(store, clock, NUMBER, ID, effect=JoinPersons("K7QM2XPA"))
    play(store, clock, NUMBER, ID, effect=Remind(clock.now(), ReminderKind.TRY_AGAIN))
    person = store.persons.find(TELEGRAM)
    assert person is not None
    store.persons.set_reachable(NUMBER, clock.now(), is_reachable=False)
    assert [each[0] for each in store.reminders.due(clock.now())] == [person]
    assert store.outbox.put(person, answer("remember"), "k", clock.now())
    queued = last(store, clock)
    assert (queued.address, queued.is_blocked) == (TELEGRAM, False)
