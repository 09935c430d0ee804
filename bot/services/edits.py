"""What an edited message may still change: the answer to the question it was about, as long as that is open (ADR 0034).

Must not know: Rasa, how a message is understood.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.intents import ALERTS, DIGRESSIONS
from bot.core.messages import InboundKind

if TYPE_CHECKING:
    from bot.core.case import Case
    from bot.core.messages import InboundMessage, OutboundMessage
    from bot.services.turn import Turn

_UNDERSTOOD = ALERTS | DIGRESSIONS


def is_settled(message: InboundMessage, missed: str) -> bool:
    """True for an edit of anything but the last message, and of that too unless it was missed."""
    return message.edits is not None and message.edits != missed


def missed(turn: Turn, before: Case, last: OutboundMessage | None) -> str:
    """The id of the message just played when it changed nothing and its question is asked again; else nothing.

    ``before`` is the case as the turn found it, ``last`` what was said last. Small talk counts too: "oiu" may pass for
    it. A question that now asks to confirm something else, or shows other buttons, is another one.
    """
    if last is None or last.asks is None or turn.message.kind is not InboundKind.TEXT:
        return ""
    is_same_question = (last.asks, tuple((each.id, each.title) for each in last.choices)) == (turn.asked, turn.offered)
    is_unchanged = _without_counts(turn.case) == _without_counts(before) and not turn.effects
    if turn.is_settled or turn.intent in _UNDERSTOOD or not is_same_question or not is_unchanged:
        return ""
    return turn.message.edits or turn.message.external_id


def _without_counts(case: Case) -> Case:
    return replace(case, misses=0, drift=None)
