"""``guichet channels check``: asks each platform what it thinks of us, and says it in plain words.

Must not know: any platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.standing import standing
from bot.core.errors import GuichetError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import House

APPROVED = "APPROVED"
"""The one state in which a platform sends a template."""


def check(house: House, say: Callable[[str], None]) -> None:
    """One line a finding. Raises GuichetError when something is wrong."""
    if not house.platforms:
        say("web: always there. Telegram and WhatsApp are not set up (bot/docs/telegram.md, bot/docs/whatsapp.md).")
        return
    wrong, shown = 0, None
    for name, platform in house.platforms.items():
        for finding in [*platform.check(), *standing(house, platform, name)]:
            wrong += not finding.is_ok
            say(f"{name}: {'ok' if finding.is_ok else 'WRONG'}: {finding.text}")
            shown = shown if finding.templates is None else finding.templates
    forgiven = []
    for label in house.refused_templates():
        wrong += 1
        state = APPROVED if shown is None else shown.get(label, "missing")
        if state == APPROVED:
            forgiven.append(label)
            then = "It is tried again from now on: look at it first."
        else:
            then = f"It is {state} there, so it is not tried: correct it, then check again."
        say(f"whatsapp: WRONG: Meta refused the template {label}. {then}")
    house.forgive_templates(forgiven)
    if wrong:
        raise GuichetError(f"{wrong} findings need somebody to look")
