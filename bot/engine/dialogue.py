"""The dialogue's own state between turns: which form is open, what it asked, which buttons were shown.

Rasa's tracker is rebuilt from it for each turn and thrown away after, so that a long conversation is as fast as
a short one and no word of a person is ever in a tracker (ADR 0013).
Must not know: the flows, the database.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import bot.engine.rasa_runtime  # noqa: F401  (before anything of Rasa)
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the engine remembers of a person."""

    form: str | None = None
    requested: str | None = None
    """The slot the form asked for."""
    asked: str | None = None
    """The question of the last message."""
    offered: tuple[tuple[str, str], ...] = ()
    """Ids and titles of the buttons of the last message."""
    played: int = 0
    """Number of the last inbox message that was played: a turn is never played twice."""
    missed: str = ""
    """The platform's id of that message when it changed nothing and its question is open: an edit of it may answer."""

    def to_bytes(self) -> bytes:
        """JSON, to be sealed by the store."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Dialogue:
        """The state of ``to_bytes``; empty bytes are a new conversation."""
        if not data:
            return cls()
        raw = json.loads(data)
        offered = tuple((str(i), str(t)) for i, t in raw.get("offered", ()))
        return cls(
            raw.get("form"),
            raw.get("requested"),
            raw.get("asked"),
            offered,
            raw.get("played", 0),
            raw.get("missed", ""),
        )


class OneTurnTrackers(TrackerStore):
    """Rasa's tracker store for the turn being played; nothing is kept in it."""

    def begin(self, dialogue: Dialogue) -> None:
        """The state that the next ``retrieve`` rebuilds a tracker from."""
        self._dialogue = dialogue
        self.form: str | None = dialogue.form
        self.requested: str | None = dialogue.requested

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """A short tracker in the state of the dialogue."""
        events = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
        if self._dialogue.form is not None:
            events += [
                ActionExecuted(self._dialogue.form),
                ActiveLoop(self._dialogue.form),
                SlotSet(REQUESTED_SLOT, self._dialogue.requested),
                ActionExecuted(ACTION_LISTEN_NAME),
            ]
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what the next turn needs of the tracker."""
        self.form = tracker.active_loop_name
        self.requested = tracker.get_slot(REQUESTED_SLOT)

    async def keys(self) -> list[str]:
        """No tracker outlives its turn."""
        return []
