"""One turn of a conversation: what came in, what is known, what will be said and done.

The flows change it; nothing leaves it before the turn is committed.
Must not know: Rasa, any language's words, storage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.intents import Intent
from bot.core.reading import Reading
from bot.core.wording import Utterance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.core.case import Case
    from bot.core.effects import Effect
    from bot.core.evidence import Attempt
    from bot.core.messages import InboundMessage, OutboundFile
    from bot.core.wording import Offer, Value


@dataclass(slots=True)
class Turn:
    """The working copy of one turn."""

    case: Case
    message: InboundMessage
    attempts: tuple[Attempt, ...]
    now: datetime
    """Aware, UTC: when the message reached us."""
    today: date
    """The day in Europe/Paris at ``now``."""
    asked: str | None = None
    """The question of the last message, a Question value or None."""
    offered: tuple[tuple[str, str], ...] = ()
    """Ids and titles of the buttons of the last message."""
    is_settled: bool = False
    """The message edits one that had its answer, or that others followed: it answers no question."""
    intent: Intent = Intent.NLU_FALLBACK
    reading: Reading = field(default_factory=Reading)
    choice: str | None = None
    """The id of the button that was pressed, or whose number or title was typed."""
    is_heard: bool = False
    """The message was used; a form that is asked to continue must not read it again."""
    utterances: list[Utterance] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    is_replayable: bool = True

    def say(
        self,
        key: str,
        *,
        asks: str | None = None,
        offers: tuple[Offer, ...] | None = None,
        files: tuple[OutboundFile, ...] = (),
        **params: Value,
    ) -> None:
        """Add one thing to say, by wording key and typed values."""
        values: Mapping[str, Value] = params
        self.utterances.append(Utterance(key, values, asks, offers, files))

    def do(self, effect: Effect) -> None:
        """Add one thing to be done when the turn is committed."""
        self.effects.append(effect)
