"""The platforms that are set up, opened: settings become channels.

Each platform's library is loaded only where it is used.
Must not know: storage, the engine, the gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.core.ports import Channel, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.config import Settings


class Platform(Channel, Webhooks, Protocol):
    """A channel that is a platform of others."""

    path: str
    """Of its webhook, below our public address."""
    body_bytes: int
    """The largest webhook body it sends."""

    def challenge(self, query: Mapping[str, str]) -> str:
        """The answer to a platform that makes sure of our address. Raises UnauthorizedError."""

    def close(self) -> None:
        """Let go of connections and threads."""


def open_platforms(settings: Settings, secret: Callable[[str], str]) -> dict[str, Platform]:
    """The platforms by name; ``secret`` derives one of this house for a purpose. Nothing is called yet."""
    platforms: dict[str, Platform] = {}
    return platforms
