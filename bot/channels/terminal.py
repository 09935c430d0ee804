"""The terminal as a channel: messages are handed to whoever drives it.

Must not know: how they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.capabilities import Capabilities
from bot.core.delivery import SendResult, Sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.delivery import Outgoing, WireRequest
    from bot.core.messages import OutboundFile, OutboundMessage


class TerminalChannel:
    """Keeps what was sent until it is taken."""

    name = "terminal"
    capabilities = Capabilities(pushes=False)

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._sent: list[tuple[str, OutboundMessage]] = []

    def render(self, outgoing: Outgoing) -> tuple[WireRequest, ...]:
        """Nothing leaves the house: the message is shown as it is to whoever fetches it."""
        return ()

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """Hand the message over. Never fails; files are drawn by whoever takes it."""
        self._sent.append((outgoing.address.identity, outgoing.message))
        return Sent()

    def take(self) -> list[tuple[str, OutboundMessage]]:
        """All messages sent since the last call, with the person they are for."""
        sent, self._sent = self._sent, []
        return sent
