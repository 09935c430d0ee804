"""The terminal as a channel: messages are handed to whoever drives it.

Must not know: how they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Queued


class TerminalChannel:
    """Keeps what was sent until it is taken."""

    name = "terminal"

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._sent: list[tuple[str, OutboundMessage]] = []

    def send(self, queued: Queued) -> None:
        """Hand the message over. Never fails."""
        self._sent.append((queued.address.identity, queued.message))

    def take(self) -> list[tuple[str, OutboundMessage]]:
        """All messages sent since the last call, with the person they are for."""
        sent, self._sent = self._sent, []
        return sent
