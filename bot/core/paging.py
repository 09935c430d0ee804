"""More choices than a platform shows at once: the row that asks for the next ones.

The token says all there is to know: how many choices of which message have been shown. The message is the one whose
first token is named; what follows is a message of its own, with the choices that are left, and is paged the same way.
Must not know: any platform.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.messages import OutboundMessage

_MORE = re.compile(r"r:more:([1-9]\d{0,2}):(r:[\x21-\x7e]{1,64})")


@dataclass(frozen=True, slots=True)
class More:
    """A person asks for the choices after the first ``shown`` ones."""

    shown: int
    first: str
    """The token of the first choice of the message they saw."""


def more_token(shown: int, first: str) -> str:
    """What stands for "more…" on the wire: ``r:more:9:r:3f8k2m7q1x5z``."""
    return f"r:more:{shown}:{first}"


def read_more(token: str) -> More | None:
    """What a token asks for, or None when it is the token of a choice."""
    found = _MORE.fullmatch(token)
    return More(int(found[1]), found[2]) if found else None


def remaining(message: OutboundMessage, shown: int) -> OutboundMessage | None:
    """The same question with the choices that are left, without its files; None when none are left."""
    left = message.choices[shown:]
    return replace(message, choices=left, files=()) if left else None
