"""``guichet channels check``: asks each platform what it thinks of us, and says it in plain words.

Must not know: any platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.platform_doors import setup_note
from bot.core.errors import GuichetError
from bot.jobs.polling import Poller, read_trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import House
    from bot.core.channel import Finding
    from bot.platforms import Platform

APPROVED = "APPROVED"
"""The one state in which a platform sends a template."""


def check(house: House, say: Callable[[str], None]) -> None:
    """One line a finding. Raises GuichetError when something is wrong."""
    if not house.platforms:
        say("web: always there. Telegram and WhatsApp are not set up (bot/docs/telegram.md, bot/docs/whatsapp.md).")
        return
    wrong, shown = 0, None
    for name, platform in house.platforms.items():
        for finding in [*platform.check(), *_unheard(house, platform)]:
            wrong += not finding.is_ok
            say(f"{name}: {'ok' if finding.is_ok else 'WRONG'}: {finding.text}")
            shown = shown if finding.templates is None else finding.templates
        if house.settings.public_url is None and not isinstance(platform, Poller):
            wrong += 1
            say(f"{name}: WRONG: Nothing can arrive: it calls us, and no public address is set (GUICHET_PUBLIC_URL).")
        refusal = house.store.notes.read(setup_note(name))
        if refusal:
            wrong += 1
            say(f"{name}: WRONG: When it was last told our settings: {refusal}.")
        stopped = house.stoppages.standing(name)
        if stopped is not None:
            wrong += 1
            why = platform.explain(stopped.reason)
            say(
                f"{name}: WRONG: Nothing was sent since {stopped.since:%Y-%m-%d %H:%M} UTC: {why}. Gone when a message leaves."
            )
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


def _unheard(house: House, platform: Platform) -> list[Finding]:
    """What the serving process noted, another one than this: asking here would end its question."""
    if house.settings.public_url is not None or not isinstance(platform, Poller):
        return []
    trouble = read_trouble(house.store.notes, platform.name)
    return [] if trouble is None else [platform.unheard(trouble.reason, trouble.since)]
