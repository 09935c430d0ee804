"""When a document ends, for those who tell it without a date: expired, within a month, no date on it.

Must not know: any language's words (bot/data/dates.yml), the date of today.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.core.case import ExpiryBucket
from bot.core.date_kinds import Kind
from bot.core.date_scene import Role, Scene, laid_out, line_of

if TYPE_CHECKING:
    from bot.core.date_words import DateWords

SHORT = 6
"""Words up to which "finished" or "no date" is an answer about the card, and not a story."""

_NO_DAY = date(2000, 1, 1)
"""Nothing that is read here counts from a day."""
_REACH = 2
"""Words between a negation, or the card, and what is said of it."""
_FAR = 5
"""Words behind an "if" that it still governs."""
_SPANS = {
    Kind.WITHIN_MONTH: ExpiryBucket.WITHIN_MONTH,
    Kind.ONE_TO_THREE: ExpiryBucket.ONE_TO_THREE_MONTHS,
    Kind.BEYOND_THREE: ExpiryBucket.BEYOND_THREE_MONTHS,
}
_TELLING = (Kind.NO_DATE, Kind.NO_DATE_SHORT, Kind.EXPIRED, Kind.EXPIRED_SHORT, Kind.ENDED, *_SPANS)
"""Without one of these a text tells no bucket, as most do not."""
_PASSED = (Kind.SINCE, Kind.SINCE_OR_AGO, Kind.SINCE_AFTER, Kind.AGO, Kind.AGO_AFTER)


def read_bucket(text: str, words: DateWords) -> ExpiryBucket | None:
    """The bucket of i18n.md 4, rule 1, that a text names; None when it names none, or says the contrary."""
    line = line_of(text, None, words, in_all=True)
    if not any(item.has(*_TELLING) for item in line.items):
        return None
    laid = laid_out(line, text, None, _NO_DAY, words)
    places = range(len(laid.line.items))
    is_short = len(laid.line.items) <= SHORT
    for place in places:
        kinds = laid.line.kinds(place)
        if Kind.NO_DATE in kinds or (Kind.NO_DATE_SHORT in kinds and laid.is_whole(place, place + 1, spare=0)):
            return ExpiryBucket.NO_DATE
    if any(_says_expired(laid, place, is_short=is_short) for place in places):
        return ExpiryBucket.EXPIRED
    return next((bucket for place in places if (bucket := _span(laid, place)) is not None), None)


def _says_expired(laid: Scene, place: int, *, is_short: bool) -> bool:
    line = laid.line
    if not line.has(place, Kind.EXPIRED, Kind.EXPIRED_SHORT, Kind.ENDED):
        return False
    before = [other for other in _reach_back(laid, place, _REACH) if other >= 0]
    if any(line.has(other, Kind.NOT, Kind.NEUTRAL) for other in before):
        return False
    is_doubted = any(line.has(other, Kind.IF) for other in _reach_back(laid, place, _FAR))
    if is_doubted or laid.is_elsewhere(place):
        return False
    if line.has(place, Kind.EXPIRED):
        return True
    if line.has(place, Kind.ENDS, Kind.LIGHT):
        return len(line.items) == 1
    beside = [*before, *(other for other in (place + 1, place + 2) if not line.is_break(other))]
    return (is_short and not _is_announced(laid, place)) or any(line.has(other, Kind.CARD) for other in beside)


def _is_announced(laid: Scene, place: int) -> bool:
    """True when a date follows: "expire le 20/01/2027" tells no past, whatever the accents."""
    behind = range(place + 1, len(laid.line.items))
    return any(
        laid.line.has(other, Kind.NUMBER, Kind.MONTH, Kind.DAY, Kind.AHEAD, Kind.IN, Kind.ON) for other in behind
    )


def _reach_back(laid: Scene, place: int, most: int) -> list[int]:
    found: list[int] = []
    while place > 0 and len(found) < most and not laid.line.is_break(place):
        place -= 1
        found.append(place)
    return found


def _span(laid: Scene, place: int) -> ExpiryBucket | None:
    """A length of time that is left: alone, after "in", or beside a verb of ending."""
    line = laid.line
    kind = next((kind for kind in _SPANS if line.has(place, kind)), None)
    if kind is None:
        return None
    role = laid.role(place, place + 1)
    around = [*_reach_back(laid, place, _REACH), place + 1]
    if role in {Role.OTHER, Role.ENDED} or any(line.has(other, *_PASSED) for other in around):
        return None
    is_left = any(line.has(other, Kind.AHEAD, Kind.AHEAD_AFTER) for other in around)
    return _SPANS[kind] if is_left or role is Role.END or laid.is_whole(place, place + 1) else None
