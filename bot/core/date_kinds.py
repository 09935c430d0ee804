"""What words do in a date, and what is told of a language and of a wording.

Must not know: the words themselves (bot/data/dates.yml), how they are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a word does in a date; the comment says what its value counts."""

    MONTH = "months"
    """1 to 12."""
    HIJRI = "hijri_months"
    JALALI = "jalali_months"
    WEAK = "weak_months"
    """A month's name that is also an ordinary word: ``mai``, ``may``, ``mars``."""
    WEEKDAY = "weekdays"
    """0, Monday, to 6."""
    DAY = "days"
    """Days from today: ``demain`` is 1."""
    EITHER = "either"
    """Days from today, before or after: ``kal`` is 1."""
    NUMBER = "numbers"
    RANK = "ranks"
    """A number word that counts nothing: ``پنجم``, the fifth."""
    ONE = "one"
    """An article that counts one: ``un``, ``a``; never a day of the month."""
    THOUSANDS = "thousands"
    """The beginning of a year in words: ``deux mille`` is 2000."""
    UNIT = "units"
    """A calendars.Unit."""
    UNIT_AHEAD = "units_ahead"
    """A unit that says "in" by its ending."""
    AMOUNT = "amounts"
    """Ten times a count, plus the unit: ``شهرين`` is 23."""
    WEEK = "weeks"
    """Whole weeks from this one: ``la semaine prochaine`` is 1; so for months and years."""
    MONTHS = "whole_months"
    YEARS = "whole_years"
    MONTH_END = "month_ends"
    YEAR_END = "year_ends"
    EDGE = "edges"
    """Part of a month or year: 1 beginning, 2 middle, 3 end."""
    PART = "day_parts"
    """1 morning, 2 noon, 3 afternoon, 4 evening, 5 night."""
    CLOCK = "clocks"
    """Minutes after midnight: ``midi`` is 720."""
    AHEAD = "ahead"
    AHEAD_AFTER = "ahead_after"
    AGO = "ago"
    AGO_AFTER = "ago_after"
    SINCE = "since"
    SINCE_OR_AGO = "since_or_ago"
    SINCE_AFTER = "since_after"
    THAT = "that"
    """Makes a duration one of doing something: ``il y a 6 mois que``."""
    HALF = "half"
    ABOUT = "about"
    NEXT = "next"
    LAST = "last"
    ON = "on"
    IN = "in"
    """Before a month or a year."""
    OF = "of"
    ORDINAL = "ordinals"
    MONTH_NUMBER = "month_number"
    """A month's number follows: ``شهر 3``."""
    DAY_MARK = "day_mark"
    MONTH_MARK = "month_mark"
    YEAR_MARK = "year_mark"
    FROM = "from"
    BETWEEN = "between"
    TO = "to"
    AND = "and"
    OR = "or"
    ENDS = "ends"
    ENDED = "ended"
    OTHER = "other"
    """What makes a date one of something else: ``né le``, ``rdv le``."""
    ELSEWHERE = "elsewhere"
    """A thing whose end is not the card's: a passport, a session."""
    CARD = "card"
    """The document itself: ``carte``, ``titre``."""
    NEUTRAL = "neutral"
    """Wordings that hold a word of another kind and do not mean it: ``pas de rdv``."""
    NOT = "not"
    IF = "if"
    LIGHT = "light"
    """Words that add nothing to an answer: ``elle``, ``bonjour``."""
    ENGLISH = "english"
    """English words no other language shares: they make 03/04 ambiguous."""
    MONEY = "money"
    NUMBERED = "numbered"
    """A number that follows is no date: ``article``, ``n°``."""
    ARTICLE = "articles"
    """Letters of code articles: ``L.521-3``."""
    HOUR = "hour_mark"
    AT = "at"
    AM = "am"
    PM = "pm"
    NOW = "now"
    TODAY = "today_parts"
    """``ce matin``: today, for attempts only; values of PART, or 0."""
    EXPIRED = "expired"
    EXPIRED_SHORT = "expired_short"
    """Says so only in a short answer: ``finie``."""
    NO_DATE = "no_date"
    NO_DATE_SHORT = "no_date_short"
    WITHIN_MONTH = "within_month"
    ONE_TO_THREE = "one_to_three_months"
    BEYOND_THREE = "beyond_three_months"


@dataclass(frozen=True, slots=True)
class Item:
    """A number, a word or a wording of a text, with all it may be."""

    start: int
    end: int
    text: str
    kinds: Mapping[Kind, int]
    digits: int = 0
    """How many digits were written; 0 for words."""

    def has(self, *kinds: Kind) -> bool:
        """True when the item may be one of these."""
        return any(kind in self.kinds for kind in kinds)


@dataclass(frozen=True, slots=True)
class Entry:
    """One wording of one language."""

    language: str
    kind: Kind
    value: int
    wording: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a language, or a romanised one, takes part."""

    code: str
    letters: str = ""
    """Letters that point to it among the languages of its script."""
    is_always_read: bool = False
    """Its words count whatever the language of the conversation."""
    is_month_first: bool = False
    """A number after a month is its day: "March 27"."""
    has_cues_behind: bool = False
    """Verbs stand after their dates."""
    endings: tuple[str, ...] = ()
    """What may be glued to the name of a month or a weekday: ``mayısında``."""
