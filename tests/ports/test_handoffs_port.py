"""The contract of ``Handoffs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.effects import CloseHandoffs, Effect, HandoffReason, HandOver
from tests.records import LEASE, text, turn, web

if TYPE_CHECKING:
    from bot.core.ids import PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def _play(store: Store, clock: FakeClock, name: str, *effects: Effect) -> PersonId:
    store.inbox.put(web(name), clock.advance(seconds=1).isoformat(), text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn(effects=effects), clock.now())
    return received.person


class TestHandoffs:
    """What a caller may rely on."""

    def test_open_ones_are_listed_oldest_first(self, store: Store, clock: FakeClock) -> None:
        one = _play(store, clock, "one", HandOver(HandoffReason.STUCK))
        since = clock.now()
        two = _play(store, clock, "two", HandOver(HandoffReason.ALARM), HandOver(HandoffReason.ASKED))
        rows = store.handoffs.open()
        reasons = [(one, HandoffReason.STUCK), (two, HandoffReason.ALARM), (two, HandoffReason.ASKED)]
        assert [(row.person, row.reason) for row in rows] == reasons
        assert (rows[0].since, rows[0].channel) == (since, "web")

    def test_asking_again_keeps_the_first_time(self, store: Store, clock: FakeClock) -> None:
        _play(store, clock, "one", HandOver(HandoffReason.ASKED))
        since = clock.now()
        _play(store, clock, "one", HandOver(HandoffReason.ASKED))
        assert [row.since for row in store.handoffs.open()] == [since]

    def test_closed_one_can_be_opened_again(self, store: Store, clock: FakeClock) -> None:
        _play(store, clock, "one", HandOver(HandoffReason.ASKED))
        _play(store, clock, "one", CloseHandoffs())
        assert store.handoffs.open() == []
        _play(store, clock, "one", HandOver(HandoffReason.ASKED))
        assert [row.since for row in store.handoffs.open()] == [clock.now()]
