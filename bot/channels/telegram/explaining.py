"""What a reason for which nothing is sent means, and what to do, in plain words for whoever runs the house.

Must not know: where the words are shown.
"""

from __future__ import annotations

_WORDS = {
    "InvalidToken": "Telegram refuses the token: ask BotFather for it (/mybots, API Token)",
    "Conflict": "another program uses the same bot: stop it",
    "RetryAfter": "Telegram asks for patience; nothing is to be done",
}


def explain(reason: str) -> str:
    """Plain words, with the name to look it up by."""
    return f"{_WORDS.get(reason, 'Telegram does not answer as it should')} ({reason})"
