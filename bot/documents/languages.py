"""How each language is set: font, direction, line spacing, and the calendar words of its dates.

Must not know: any sentence, where translations come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.i18n.languages import Language

FRENCH = "fr"

LATIN_FAMILY = "Noto Sans"
"""Every page is set in it: French, digits, Latin runs."""

_LEADINGS = {"Noto Sans Arabic": 0.3, "Noto Sans Bengali": 0.35, "Noto Sans Tamil": 0.35, "Noto Sans SC": 0.5}
"""Space between lines in em, from the descenders of one to the capitals of the next."""
_LATIN_LEADING = 0.65
"""From the baseline."""
_URDU_LEADING = 0.5
"""Readers of Urdu know it in Nastaliq, which stands loosely."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a template needs to set one language."""

    code: str
    locale: str
    family: str
    is_rtl: bool
    leading: float

    def in_words(self, day: date) -> str:
        """The day in words, with Latin digits: ``20 janvier 2027``, and in French ``1er janvier 2027``."""
        words = format_date(day, "long", locale=self.locale)
        return words.replace("1 ", "1er ", 1) if self.code == FRENCH and day.day == 1 else words

    def month_in_words(self, day: date) -> str:
        """The month and its year in words: ``janvier 2027``."""
        return format_skeleton("yMMMM", day, locale=self.locale)


def settings_of(languages: Iterable[Language]) -> Mapping[str, Setting]:
    """The setting of each language, by code."""
    return {
        language.code: Setting(
            language.code,
            language.locale,
            language.font,
            language.direction == "rtl",
            _URDU_LEADING if language.code == "ur" else _LEADINGS.get(language.font, _LATIN_LEADING),
        )
        for language in languages
    }
