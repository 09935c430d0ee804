"""The web chat's view of the house: its protocol over the services and ports.

Must not know: HTTP, SQL, Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.history import Direction
from bot.core.messages import OutboundMessage
from bot.gateway.transcript import outbox_number, transcript
from bot.gateway.webdesk import WebLanguage
from bot.services.receive import Upload as Received

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bot.channels.web import WebChannel
    from bot.core.ids import PersonId
    from bot.core.messages import InboundMessage, OutboundFile
    from bot.core.ports import Address, Outbox, Persons
    from bot.gateway.webdesk import Upload, WakeUp, WebEvent
    from bot.i18n.wording import Wording
    from bot.services.receive import Receive


@dataclass(frozen=True, slots=True)
class HouseDesk:
    """``WebDesk`` of this house."""

    receiver: Receive
    persons: Persons
    outbox: Outbox
    channel: WebChannel
    wording: Wording
    render: Callable[[OutboundFile], bytes]
    wake: Callable[[], None]
    """Tells the jobs that a message came in."""

    def receive(self, address: Address, external_id: str, message: InboundMessage, uploads: Sequence[Upload]) -> None:
        """Store the message and wake the jobs."""
        files = tuple(Received(u.data, u.claimed_type, u.as_document) for u in uploads)
        self.receiver(address, external_id, message, files)
        self.wake()

    def find(self, address: Address) -> PersonId | None:
        """The person behind the session."""
        return self.persons.find(address)

    def history(self, person: PersonId, after: int) -> list[WebEvent]:
        """Both sides above a number, oldest first."""
        entries = self.outbox.history(person)
        if entries and isinstance(entries[-1].message, OutboundMessage) and entries[-1].message.is_farewell:
            self.channel.fetched(person)
        return transcript(entries, after)

    def letter(self, person: PersonId, seq: int, index: int) -> tuple[str, str, bytes] | None:
        """One document of one message, drawn now."""
        number = outbox_number(seq)
        for entry in self.outbox.history(person):
            message = entry.message
            is_it = entry.direction is Direction.OUT and entry.seq == number
            if is_it and isinstance(message, OutboundMessage) and 0 <= index < len(message.files):
                file = message.files[index]
                return file.name, file.media_type, self.render(file)
        return None

    def listen(self, address: Address) -> AbstractContextManager[WakeUp]:
        """A bell for this session."""
        return self.channel.listen(address)

    def ring(self, address: Address) -> None:
        """Wake the pages of this session."""
        self.channel.ring(address)

    def ui_texts(self, language: str) -> Mapping[str, str]:
        """The words of the page."""
        prefix = "webchat."
        return {
            key.removeprefix(prefix): self.wording.sentence(key, language)
            for key in self.wording.sources
            if key.startswith(prefix)
        }

    def languages(self) -> Sequence[WebLanguage]:
        """The languages a person can choose."""
        return [
            WebLanguage(language.code, language.name, language.direction, language.state == "draft")
            for language in self.wording.languages.offered
        ]
