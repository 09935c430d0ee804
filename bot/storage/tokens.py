"""Short opaque names that leave the house: for a button, and for a message that a platform reports on.

They are keyed hashes, so nothing is stored and nothing can be guessed; the outbox row says what they stand for, and
with the row they lose their meaning.
Must not know: platforms.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.ids import PersonId
    from bot.core.messages import OutboundMessage
    from bot.storage.people import People

_LENGTH = 12
"""Characters of 5 bits each: 60 bits, enough against guessing within one person's messages."""
_DELIVERY = re.compile(r"(o(\d{1,18})-[a-z2-7]{12})(?:\.([1-9]\d?))?", re.ASCII)


class Tokens:
    """Makes and reads them."""

    def __init__(self, people: People) -> None:
        self._people = people

    def choices(self, person: PersonId, seq: int, message: OutboundMessage) -> tuple[str, ...]:
        """One for each choice of the message, ``r:`` and twelve characters."""
        return tuple(
            f"r:{_short(self._people.choice_token(person, seq, index))}" for index in range(len(message.choices))
        )

    def delivery(self, seq: int) -> str:
        """The name of an outbox row on a platform."""
        return f"o{seq}-{_short(self._people.delivery_token(seq))}"

    def read(self, token: str) -> tuple[int, int | None] | None:
        """The outbox row behind a name, or None when we never gave it; and for a part how many have left with it.

        A channel that sends a message in parts puts ``.1``, ``.2``, ... behind the name, but for the last part.
        """
        found = _DELIVERY.fullmatch(token)
        if found is None or not hmac.compare_digest(self.delivery(int(found[2])), found[1]):
            return None
        return int(found[2]), int(found[3]) if found[3] else None


def _short(digest: bytes) -> str:
    return base64.b32encode(digest).decode("ascii").lower()[:_LENGTH]
