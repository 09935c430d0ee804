"""What the flows may ask of the outside, in one place.

Must not know: any technology; the composition root fills it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.triage import assess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from bot.core.case import Case
    from bot.core.directory import Directory
    from bot.core.evidence import Attempt, Plan
    from bot.core.places import Gazetteer
    from bot.core.rules import RuleBook
    from bot.core.titles import Title
    from bot.core.triage import Assessment


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an action may use besides the turn."""

    gazetteer: Gazetteer
    titles: Mapping[str, Title]
    rulebook: RuleBook
    plans: Mapping[str, Plan]
    directory: Directory
    languages: tuple[tuple[str, str], ...]
    """Codes and native names a person can choose, in the picker's order."""
    draft_languages: frozenset[str]
    """Languages nobody has reviewed yet."""
    read_moment: Callable[[str, str | None, datetime], tuple[str, bool] | None]
    """An attempt's day and hour in a text, given the local time."""
    new_id: Callable[[], str]
    """A fresh random id."""
    new_link_code: Callable[[], str]
    """A fresh one-time code."""
    is_link_code: Callable[[str], bool]
    """Whether somebody got this code and it may still be used."""

    def assess(self, case: Case, attempts: tuple[Attempt, ...], today: date) -> Assessment:
        """The triage of a case as of a day (core.triage)."""
        return assess(
            case.situation,
            self.titles,
            self.rulebook,
            today,
            unknowns=case.unknowns,
            tried_channels=frozenset(attempt.channel for attempt in attempts),
        )
