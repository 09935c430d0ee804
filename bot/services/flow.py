"""What a flow is made of: actions that read and change a turn, and say how the form goes on.

Must not know: Rasa. The engine turns these results into Rasa's events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Done:
    """The action is finished; the rules say what follows."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The form goes on with this slot; its question has been said."""

    slot: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The form has all it needs."""


@dataclass(frozen=True, slots=True)
class Reject:
    """The message is no answer: the form steps aside and the rules decide."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Any open form is left; the conversation is in the open again."""


@dataclass(frozen=True, slots=True)
class Then:
    """Another action follows at once."""

    action: str


Result = Done | Ask | Finish | Reject | Leave | Then


class FlowAction(Protocol):
    """One named action of a flow."""

    name: str

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Read and change the turn; ``requested`` is the slot the active form asked for."""
