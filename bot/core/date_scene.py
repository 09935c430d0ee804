"""Everything a reader of dates may look at, and what it hands back: mentions.

Must not know: any language's words, which mention is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.calendars import Tense, beyond
from bot.core.date_kinds import Kind
from bot.core.date_line import Line
from bot.core.date_numbers import dead_numbers, times
from bot.core.date_text import normal
from bot.core.reading import Precision

if TYPE_CHECKING:
    from datetime import date

    from bot.core.date_kinds import Tongue
    from bot.core.date_numbers import Time
    from bot.core.date_words import DateWords

_LEAD = 8
"""Words before a date among which its verb is looked for."""
_BEHIND = 4
_LITTLE = 2
_ENGLISH_BESIDE_OTHERS = 2
_QUIET = (
    Kind.LIGHT, Kind.ON, Kind.OF, Kind.IN, Kind.ENDS, Kind.ENDED, Kind.FROM, Kind.TO, Kind.ONE, Kind.ORDINAL,
    Kind.NEUTRAL, Kind.EXPIRED, Kind.EXPIRED_SHORT, Kind.AT, Kind.ABOUT, Kind.PART, Kind.OR, Kind.AND,
    Kind.WEEKDAY, Kind.CARD, Kind.AHEAD, Kind.AHEAD_AFTER, Kind.AGO, Kind.NEXT, Kind.LAST, Kind.EDGE, Kind.BETWEEN,
)  # fmt: skip
_CUES = (Kind.ENDS, Kind.ENDED, Kind.OTHER, Kind.EXPIRED)


class Role(StrEnum):
    """What the words around a date make of it."""

    END = "end"
    ENDED = "ended"
    OTHER = "other"
    PLAIN = "plain"


class Need(StrEnum):
    """What must stand around an expression before it is a date at all."""

    NOTHING = "nothing"
    CUE = "cue"
    """A verb of ending, or nothing else in the text."""
    ENDED = "ended"
    """A verb of having ended."""
    ENDED_OR_ALONE = "ended_or_alone"


@dataclass(frozen=True, slots=True)
class Mention:
    """One date a text says, by the items that say it."""

    start: int
    end: int
    days: tuple[date, ...] = ()
    """The days it may be, likeliest first; a month by its first day, a year by its first of January."""
    precision: Precision = Precision.DAY
    is_explicit: bool = False
    """Day, month and a year of four digits were written; of a range, in both its dates and the later one last."""
    has_year: bool = True
    is_relative: bool = False
    problem: str | None = None
    need: Need = Need.NOTHING


@dataclass(frozen=True, slots=True)
class Scene:
    """A text laid out for the readers of dates."""

    line: Line
    today: date
    tongue: Tongue
    months: tuple[tuple[str, int], ...]
    times: tuple[Time, ...]
    dead: frozenset[int]
    is_english: bool
    """3/4 may be 4 March."""
    heads: frozenset[str] = frozenset()
    """How the words that count begin, by which one that is not known is suspected to count."""

    def number(self, place: int) -> int:
        """The number there that may be part of a date, or -1."""
        return -1 if place in self.dead else self.line.number(place)

    def digits(self, place: int) -> int:
        """How many digits that number was written with, 0 for words and for numbers of no date."""
        return 0 if place in self.dead else self.line.digits(place)

    def is_whole(self, start: int, end: int, other: frozenset[int] = frozenset(), spare: int = 1) -> bool:
        """True when the text says nothing else but light words and ``spare`` others; ``other`` are other dates' items."""
        return len(self._unknown(start, end, other)) <= spare

    def strangers(self, start: int, end: int, other: frozenset[int] = frozenset()) -> int:
        """How many words beside these items say something unknown; signs without a space between are one word."""
        unknown = set(self._unknown(start, end, other))
        return sum(1 for place in unknown if place - 1 not in unknown or self.line.gap(place))

    def _unknown(self, start: int, end: int, other: frozenset[int]) -> list[int]:
        return [
            place
            for place, item in enumerate(self.line.items)
            if not (start <= place < end or place in other or place in self.dead or item.has(*_QUIET))
        ]

    def tense(self, start: int, end: int) -> Tense:
        """Which side of today the verb of a date points to."""
        role = self.role(start, end)
        return {Role.END: Tense.FUTURE, Role.ENDED: Tense.PAST}.get(role, Tense.OPEN)

    def role(self, start: int, end: int) -> Role:
        """What the nearest verb of the clause makes of a date; a verb before it counts first."""
        places = self._clause(start, end)
        if self.is_elsewhere(start):
            return Role.OTHER
        before = [place for place in reversed(places) if place < start and self.line.has(place, *_CUES)]
        behind = [place for place in places if end <= place < self._reach(end) and self.line.has(place, *_CUES)]
        if before and not (behind and self._is_of_other(before[0], start)):
            return self._cue(before[0])
        if behind:
            role = self._cue(behind[0])
            is_apart = not self.tongue.has_cues_behind and not self._is_right_behind(end, behind[0])
            return Role.PLAIN if role is Role.OTHER and is_apart else role
        return Role.PLAIN

    def _is_right_behind(self, end: int, place: int) -> bool:
        """True for ``12/04/2026 j'ai rdv``: nothing but little words part the date from what it is of."""
        line = self.line
        between = range(end, place)
        return len(between) <= _LITTLE and all(
            line.has(other, Kind.LIGHT, Kind.ON) and not line.has(other, Kind.AND, Kind.CARD, Kind.NOT)
            for other in between
        )

    def _reach(self, end: int) -> int:
        """How far behind a date its verb may stand: not where another date follows that verb, or comes before it."""
        line = self.line
        for place in range(end, end + _BEHIND):
            near = (place,) if self.tongue.has_cues_behind else (place + 1, place + 2)
            if any(self.digits(other) and not line.has(other + 1, Kind.UNIT, Kind.OTHER) for other in near):
                return place
        return min(end + _BEHIND, len(line.items))

    def _is_of_other(self, place: int, start: int) -> bool:
        """True for a verb before a date that closes an earlier one: ``۲۱/۰۶/۲۰۲۴ گرفتم و ۲۰/۰۶/۲۰۲۸ تمام می‌شود``."""
        return self.tongue.has_cues_behind and any(self.digits(other) for other in range(max(0, place - 3), place))

    def is_elsewhere(self, start: int) -> bool:
        """True when the thing named last before an item is not the card: a passport, a session."""
        places = [place for place in self._clause(start, start + 1) if place < start]
        things = [place for place in places if self.line.has(place, Kind.ELSEWHERE, Kind.CARD)]
        return bool(things) and not self.line.has(things[-1], Kind.CARD)

    def has_ended(self, start: int, end: int) -> bool:
        """True when the clause says that something is over."""
        return any(self.line.has(place, Kind.ENDED, Kind.EXPIRED) for place in self._clause(start, end))

    def _cue(self, place: int) -> Role:
        kinds = self.line.kinds(place)
        if Kind.ENDED in kinds or Kind.EXPIRED in kinds:
            return Role.ENDED
        return Role.END if Kind.ENDS in kinds else Role.OTHER

    def _clause(self, start: int, end: int) -> list[int]:
        first, last = start, end
        while first > max(0, start - _LEAD) and not self.line.is_break(first):
            first -= 1
        while last < min(len(self.line.items), end + _LEAD) and not self.line.is_break(last):
            last += 1
        return [place for place in range(first, last) if not start <= place < end]


def scene(text: str, language: str | None, today: date, words: DateWords, *, in_all: bool = False) -> Scene:
    """The text laid out; ``language`` is the conversation's, None when unknown; ``in_all`` reads every language."""
    return laid_out(line_of(text, language, words, in_all=in_all), text, language, today, words)


def line_of(text: str, language: str | None, words: DateWords, *, in_all: bool = False) -> Line:
    """The items of a text: the dearer half of a scene, and enough to see that there is nothing in it."""
    folded = normal(text, words.respelled)
    return Line(folded, tuple(words.items(folded, text, language, in_all=in_all)))


def laid_out(line: Line, text: str, language: str | None, today: date, words: DateWords) -> Scene:
    """The scene of a text whose items are known."""
    hours = times(line)
    english = sum(1 for item in line.items if item.has(Kind.ENGLISH))
    needed = 1 if language is None else _ENGLISH_BESIDE_OTHERS
    return Scene(
        line=line,
        today=today,
        tongue=words.tongue(language, text),
        months=words.months,
        times=hours,
        dead=dead_numbers(line, hours),
        is_english=language == "en" or english >= needed,
        heads=words.heads(language),
    )


def limited(mention: Mention, today: date) -> Mention:
    """The mention without the days beyond the limits; with their problem when none is left (domain.md 3.4)."""
    problems = {on: beyond(on, today) for on in mention.days}
    if not any(problems.values()):
        return mention
    days = tuple(on for on, problem in problems.items() if problem is None)
    return replace(mention, days=days, problem=mention.problem if days else next(iter(problems.values())))
