"""Dates in words and digits, and the direction of inserted values.

Must not know: any sentence.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from babel.dates import format_date

if TYPE_CHECKING:
    from bot.i18n.languages import Language

_LRI, _PDI = "\u2066", "\u2069"


def isolate(text: str, language: Language) -> str:
    """The value with its own direction, so that "93-A1234" is not turned round in Arabic (i18n.md 2)."""
    return f"{_LRI}{text}{_PDI}" if language.direction == "rtl" and text else text


def day(on: date, language: Language) -> str:
    """``mercredi 20 janvier 2027 (20/01/2027)``; in another language, the French words follow."""
    digits = on.strftime("%d/%m/%Y")
    french = format_date(on, "EEEE d MMMM y", locale="fr_FR")
    if language.code == "fr":
        return f"{french} ({digits})"
    words = format_date(on, "EEEE d MMMM y", locale=language.locale)
    return f"{words} – {isolate(f'{french} ({digits})', language)}"


def month(on: date, language: Language) -> str:
    """``janvier 2027 (01/2027)``; in another language, the French words follow."""
    digits = on.strftime("%m/%Y")
    french = format_date(on, "MMMM y", locale="fr_FR")
    if language.code == "fr":
        return f"{french} ({digits})"
    words = format_date(on, "MMMM y", locale=language.locale)
    return f"{words} – {isolate(f'{french} ({digits})', language)}"


def moment(at: str, language: Language) -> str:
    """A local day and hour, ``mercredi 20 janvier 2027 (20/01/2027), 14:05``, or the day alone."""
    if "T" not in at:
        return day(date.fromisoformat(at), language)
    when = datetime.fromisoformat(at)
    return f"{day(when.date(), language)}, {isolate(when.strftime('%H:%M'), language)}"
