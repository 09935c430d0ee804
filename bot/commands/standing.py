"""What the serving process knows of a platform and a check from outside does not: notes it left, and what it lacks.

Must not know: any platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.platform_doors import setup_note
from bot.core.channel import Finding
from bot.jobs.polling import Poller, read_trouble

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.platforms import Platform


def standing(house: House, platform: Platform, name: str) -> list[Finding]:
    """One line for each thing that is wrong."""
    told = []
    if house.settings.public_url is None and not isinstance(platform, Poller):
        told.append("Nothing can arrive: it calls us, and no public address is set (GUICHET_PUBLIC_URL).")
    refusal = house.store.notes.read(setup_note(name))
    if refusal:
        told.append(f"When it was last told our settings: {refusal}.")
    stopped = house.stoppages.standing(name)
    if stopped is not None:
        why = platform.why_stopped(stopped.reason)
        told.append(f"Nothing was sent since {stopped.since:%Y-%m-%d %H:%M} UTC: {why}. Gone when a message leaves.")
    return [*_unheard(house, platform), *(Finding(is_ok=False, text=text) for text in told)]


def _unheard(house: House, platform: Platform) -> list[Finding]:
    """What the serving process noted of a platform that is asked: asking here would end its question."""
    if house.settings.public_url is not None or not isinstance(platform, Poller):
        return []
    trouble = read_trouble(house.store.notes, platform.name)
    return [] if trouble is None else [platform.unheard(trouble.reason, trouble.since)]
