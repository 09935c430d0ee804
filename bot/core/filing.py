"""Where and when an application is filed: a hint, to be checked on the site (domain.md 2, F-09 and F-10).

Must not know: urgency, outcomes, any wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.calendar import filing_window
from bot.core.procedures import ONLINE, Procedure
from bot.core.titles import FilingChannel, Window
from bot.core.unknown import known

if TYPE_CHECKING:
    from datetime import date

    from bot.core.calendar import FilingWindow
    from bot.core.case import Situation
    from bot.core.titles import Title

FOLLOWS_MOTIVE = frozenset({"ts.plur"})
"""A multi-annual card is filed where the card of its motive is, which nobody told."""

ANEF_PAPERS = frozenset({"doc.dep", "doc.api", "doc.adf"})
"""Papers that only ANEF gives: the file is there."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Channel and window of one application."""

    channel: FilingChannel
    """MIX when the title is unknown, or is filed here or there by prefecture or motive."""
    window: FilingWindow | None = None
    """None when no date, no channel or no window is known, and for anything but a renewal."""
    kind: Window = Window.NONE
    is_approximate: bool = False
    """Only the month of the end is known: the window is counted from its first day."""

    @property
    def is_known(self) -> bool:
        """False for MIX: nothing may be stated that depends on the channel."""
        return self.channel is not FilingChannel.MIX


def filing(situation: Situation, title: Title | None, today: date) -> Filing:
    """The channel of domain.md 2.1 for this title and procedure, with the window of R.431-5 (F-10) for a renewal.

    No window where the channel is MIX: whoever waits for the later one of the two may file too late.
    """
    procedure = known(situation.procedure)
    channel = _channel(title, procedure)
    expiry = known(situation.expiry)
    if procedure != Procedure.RENEW or title is None or channel is FilingChannel.MIX:
        return Filing(channel)
    if expiry is None or expiry.on is None:
        return Filing(channel, kind=title.window)
    window = filing_window(title.window, expiry.on, today)
    return Filing(channel, window, title.window, is_approximate=expiry.is_month_only)


def _channel(title: Title | None, procedure: str | None) -> FilingChannel:
    if procedure in ONLINE or (title is not None and title.id in ANEF_PAPERS):
        return FilingChannel.ANEF
    if procedure == Procedure.RECEIPT:
        return FilingChannel.PREF
    if title is None or title.is_document or title.id in FOLLOWS_MOTIVE:
        return FilingChannel.MIX
    return title.renewal_channel if procedure == Procedure.RENEW else title.channel
