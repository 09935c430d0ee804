"""``guichet channels check``: asks each platform what it thinks of us, and says it in plain words.

Must not know: any platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import GuichetError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import House


def check(house: House, say: Callable[[str], None]) -> None:
    """One line a finding. Raises GuichetError when something is wrong."""
    if not house.platforms:
        say("web: always there. Telegram and WhatsApp are not set up (bot/docs/telegram.md, bot/docs/whatsapp.md).")
        return
    wrong = 0
    for name, platform in house.platforms.items():
        for finding in platform.check():
            wrong += not finding.is_ok
            say(f"{name}: {'ok' if finding.is_ok else 'WRONG'}: {finding.text}")
    for label in house.refused_templates():
        wrong += 1
        say(f"whatsapp: WRONG: Meta refused the template {label}. It is tried again from now on: look at it first.")
    house.forgive_templates()
    if wrong:
        raise GuichetError(f"{wrong} findings need somebody to look")
