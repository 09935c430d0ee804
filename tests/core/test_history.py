"""The order in which a conversation is shown again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.history import Direction, Entry, in_order
from bot.core.messages import InboundKind, InboundMessage, OutboundMessage

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_answer_follows_its_question_even_at_the_same_time() -> None:
    asked = Entry(Direction.IN, 7, NOON, InboundMessage(InboundKind.TEXT, "?"))
    said = [Entry(Direction.OUT, seq, NOON, OutboundMessage("!", "fr")) for seq in (1, 2)]
    earlier = Entry(Direction.OUT, 9, NOON - timedelta(seconds=1), OutboundMessage("!", "fr"))
    assert in_order([said[1], asked, said[0], earlier]) == [earlier, asked, *said]
