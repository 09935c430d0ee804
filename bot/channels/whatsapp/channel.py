"""WhatsApp as a channel: what it is made of, and nothing of its own.

Must not know: the gateway, the queues, any wording.
"""

from __future__ import annotations

import contextlib
import re
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from bot.channels.whatsapp import identities, parsing, results, signing
from bot.channels.whatsapp.capabilities import CAPABILITIES
from bot.channels.whatsapp.checking import Checker
from bot.channels.whatsapp.explaining import explain
from bot.channels.whatsapp.graph import BRIEF_SECONDS, Graph, new_client
from bot.channels.whatsapp.media import Fetcher
from bot.channels.whatsapp.rendering import render
from bot.channels.whatsapp.sending import Sender
from bot.channels.whatsapp.uploads import Uploads
from bot.core.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.channels.whatsapp.asking import Say
    from bot.channels.whatsapp.settings import WhatsAppSettings
    from bot.core.channel import Finding
    from bot.core.delivery import Outgoing, Permanent, Retry, SendResult, WireRequest
    from bot.core.events import Event, Inbound, MediaRef
    from bot.core.messages import OutboundFile


class WhatsAppChannel:
    """Implements ``Channel`` and ``Webhooks``; holds nothing about persons."""

    name = identities.CHANNEL
    capabilities = CAPABILITIES
    path = "/whatsapp"
    body_bytes = 3 * 1024 * 1024
    """Meta sends no larger body."""

    def __init__(
        self,
        settings: WhatsAppSettings,
        say: Say,
        now: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """``say`` gives the sentence of a key in a language; ``transport`` is for tests."""
        self.secrets = settings.secrets
        self._settings = settings
        self._client = new_client(transport)
        self._graph = Graph(settings, self._client, timer)
        self._sender = Sender(self._graph, Uploads(self._graph, now), say, now)
        self._fetcher = Fetcher(self._graph)
        self._checker = Checker(self._graph, now)

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check the signature of a body. Raises UnauthorizedError."""
        signing.verify(headers, raw, self._settings.app_secrets)

    def challenge(self, query: Mapping[str, str]) -> str:
        """The plain text to answer Meta's verification with. Raises UnauthorizedError."""
        return signing.challenge(query, self._settings.verify_token)

    def parse(self, raw: bytes, now: datetime) -> list[Event]:
        """Everything a body tells of our numbers."""
        return parsing.parse(raw, now, self._settings.phone_number_ids)

    def render(self, outgoing: Outgoing) -> list[WireRequest]:
        """The requests of the Cloud API for a message, in order. Raises RecipientGoneError."""
        return render(outgoing, self._sender.say)

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """Hand a message over. Raises DocumentError when a file cannot be drawn."""
        return self._sender(outgoing, file)

    def verdict(self, code: str, attempts: int = 1) -> Retry | Permanent | None:
        """What the code of a ``failed`` status means; None for one that Meta has not documented."""
        return results.verdict(int(code), attempts) if re.fullmatch(r"[0-9]{1,9}", code) else None

    def acknowledge(self, event: Inbound) -> None:
        """Mark as read, and show that an answer is being written, for up to 25 seconds; best effort."""
        account, _colon, wamid = event.external_id.partition(":")
        if account not in self._settings.phone_number_ids or not wamid:
            return
        body = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
            "typing_indicator": {"type": "text"},
        }
        with contextlib.suppress(httpx.HTTPError):
            self._graph.post(f"{account}/messages", body, BRIEF_SECONDS)

    def fetch(self, ref: MediaRef, limit: int) -> bytes:
        """A file a person sent. Raises MediaTooLargeError, MediaUnavailableError or MediaGoneError."""
        return self._fetcher(ref, limit)

    def setup(self) -> None:
        """Nothing is set at Meta from here: it only asks whether we may speak for our numbers.

        Raises SetupError, also when Meta cannot be asked: what was not looked at is not well.
        """
        try:
            refused = self._checker.refusals()
        except httpx.HTTPError as error:
            raise SetupError(f"Meta does not answer ({type(error).__name__})") from None
        if refused:
            raise SetupError("; ".join(refused))

    def check(self) -> list[Finding]:
        """What Meta says of our numbers, our token and our templates."""
        return self._checker()

    def why_stopped(self, reason: str) -> str:
        """The reason of a rest, in plain words."""
        return explain(reason)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
