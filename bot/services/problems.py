"""Why a picture cannot be taken, in the one word that a message carries.

Must not know: what is said to the person.
"""

from __future__ import annotations

from bot.core.errors import MediaError, MediaRefusedError, MediaTooLargeError


def problem_of(error: MediaError) -> str:
    """``identity_paper``, ``too_large`` or ``unreadable``: what an inspector found (``InboundFile.problem``)."""
    if isinstance(error, MediaRefusedError):
        return "identity_paper"
    return "too_large" if isinstance(error, MediaTooLargeError) else "unreadable"
