"""The contract of ``Reminders``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.effects import Effect, Remind, ReminderKind
from bot.core.ids import PersonId
from tests.records import LEASE, text, turn, web

if TYPE_CHECKING:
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def _play(store: Store, clock: FakeClock, name: str, *effects: Effect) -> PersonId:
    store.inbox.put(web(name), clock.advance(seconds=1).isoformat(), text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn(effects=effects), clock.now())
    return received.person


class TestReminders:
    """What a caller may rely on."""

    def test_due_ones_come_oldest_first_until_done(self, store: Store, clock: FakeClock) -> None:
        start = clock.now()
        soon, later = start + timedelta(hours=1), start + timedelta(days=1)
        again, opens = ReminderKind.TRY_AGAIN, ReminderKind.WINDOW_OPENS
        one = _play(store, clock, "one", Remind(later, again))
        two = _play(store, clock, "two", Remind(soon, again), Remind(later + timedelta(days=1), opens))
        assert store.reminders.due(start) == []
        assert store.reminders.due(soon) == [(two, again, soon)]
        assert store.reminders.due(later) == [(two, again, soon), (one, again, later)]
        store.reminders.done(two, again)
        assert store.reminders.due(later) == [(one, again, later)]

    def test_later_one_of_the_same_kind_replaces_the_first(self, store: Store, clock: FakeClock) -> None:
        first, second = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
        _play(store, clock, "one", Remind(first, ReminderKind.TRY_AGAIN))
        person = _play(store, clock, "one", Remind(second, ReminderKind.TRY_AGAIN))
        assert store.reminders.due(first) == []
        assert store.reminders.due(second) == [(person, ReminderKind.TRY_AGAIN, second)]

    def test_one_set_anew_while_the_last_is_queued_is_not_lost(self, store: Store, clock: FakeClock) -> None:
        first, second = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
        person = _play(store, clock, "one", Remind(first, ReminderKind.TRY_AGAIN))
        assert len(store.reminders.due(first)) == 1
        _play(store, clock, "one", Remind(second, ReminderKind.TRY_AGAIN))
        store.reminders.done(person, ReminderKind.TRY_AGAIN)
        assert store.reminders.due(second) == [(person, ReminderKind.TRY_AGAIN, second)]

    def test_done_for_nobody_changes_nothing(self, store: Store) -> None:
        store.reminders.done(PersonId("pnobody"), ReminderKind.TRY_AGAIN)
