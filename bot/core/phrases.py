"""The small language in which bot/data says how people put things.

    carte salarié             these words, one after the other
    renouv*                   any word that begins so
    carte (de séjour)? salarié
                              a part that may be left out
    (mon|ma|le) titre         one of several
    reçu .. oqtf              up to 3 words between, in the same sentence
    reçu ... oqtf             up to 8
    oqtf .... reçu une        up to 25, in later sentences too
    mari & frappé             all of them in one sentence, in any order, up to 8 words between
    <oqtf>                    a concept: any wording listed for it
    <n>                       a number in digits
    ^ rien $                  from the first word of the message, to its last

Must not know: any language's words, what a phrase means.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from bot.core.errors import DataError
from bot.core.tokens import END, START, Spelling, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GAPS = {"..": (3, False), "...": (8, False), "....": (25, True)}
"""Most words a gap passes over, and whether it may leave the sentence."""
NUMBER = "<n>"
_ANY_ORDER_GAP = "..."

_PARTS = re.compile(r"\.{2,4}|<\w+>|[()|?^$]|[^\s()|?<>^$.&]+")
Reading = tuple[str, ...]
"""One sequence of symbols."""

_MANY_READINGS = 12
_MOST_READINGS = 400
_FAR_TOO_MANY = 200_000
_WHERE = "phrase"
_AS_TYPED = Spelling()
_KEPT_WORDS = 4096
"""Words whose cut is remembered while books are built: a few thousand make up most phrases of the languages."""


class _Problem(StrEnum):
    STRAY = "a character that is not of the phrase language"
    NOT_OPENED = "a bracket closes that was not opened"
    LOOSE_GAP = "must begin and end with a word"
    TWO_GAPS = "two gaps in a row"
    ONLY_NUMBER = "a number alone says nothing"
    TOO_MANY = "stands for too many wordings"
    LOOSE_OPTION = "a question mark that follows neither a bracket nor a concept"
    NOT_CLOSED = "a bracket is not closed"
    NO_WORD = "a part without a word"


@dataclass(frozen=True, slots=True)
class Expansion:
    """A phrase as sequences of symbols, and the groups that some of those symbols stand for."""

    readings: tuple[Reading, ...]
    groups: Mapping[str, tuple[Reading, ...]]
    """A symbol made for one ``(a|b|c)`` of the phrase, and its wordings; the same wordings, the same symbol."""

    def count(self) -> int:
        """How many wordings there are in all."""
        return sum(prod(len(self.groups.get(symbol, " ")) for symbol in reading) for reading in self.readings)

    def wordings(self) -> Iterator[Reading]:
        """Each wording with its groups written out."""
        for reading in self.readings:
            for parts in itertools.product(*(self.groups.get(symbol, ((symbol,),)) for symbol in reading)):
                yield tuple(itertools.chain.from_iterable(parts))


def expand(phrase: str, spelling: Spelling) -> Expansion:
    """Every sequence of symbols the phrase stands for. Raises DataError when it is not well formed.

    A phrase with many wordings keeps its groups as symbols, so that their number adds up instead of multiplying.
    """
    expansion = _any_order([_Parser(part, phrase, spelling) for part in phrase.split("&")])
    if len(expansion.readings) > _MOST_READINGS:
        raise DataError(_WHERE, phrase, _Problem.TOO_MANY)
    if expansion.count() <= _MANY_READINGS:
        return Expansion(tuple(dict.fromkeys(expansion.wordings())), {})
    return expansion


def _any_order(parsers: list[_Parser]) -> Expansion:
    parts = [parser.readings() for parser in parsers]
    readings = [
        tuple(itertools.chain(choice[0], *((_ANY_ORDER_GAP, *part) for part in choice[1:])))
        for order in itertools.permutations(parts)
        for choice in itertools.product(*order)
    ]
    groups = {name: options for parser in parsers for name, options in parser.groups.items()}
    return Expansion(tuple(dict.fromkeys(readings)), groups)


class _Parser:
    def __init__(self, part: str, phrase: str, spelling: Spelling) -> None:
        self._part_text = part
        self._phrase = phrase
        self._spelling = spelling
        self._queue = list(reversed(_PARTS.findall(part)))
        self.groups: dict[str, tuple[Reading, ...]] = {}

    def readings(self) -> tuple[Reading, ...]:
        if "".join(reversed(self._queue)) != re.sub(r"\s", "", self._part_text):
            raise self._wrong(_Problem.STRAY)
        readings = tuple(dict.fromkeys(self._choice()))
        if self._queue:
            raise self._wrong(_Problem.NOT_OPENED)
        for reading in readings:
            self._check(reading)
        return readings

    def _wrong(self, problem: _Problem) -> DataError:
        return DataError(_WHERE, self._phrase, problem)

    def _check(self, reading: Reading) -> None:
        words = [symbol for symbol in reading if symbol not in {START, END}]
        if not words or words[0] in GAPS or words[-1] in GAPS:
            raise self._wrong(_Problem.LOOSE_GAP)
        if any(first in GAPS and second in GAPS for first, second in itertools.pairwise(words)):
            raise self._wrong(_Problem.TWO_GAPS)
        if all(symbol == NUMBER for symbol in words):
            raise self._wrong(_Problem.ONLY_NUMBER)

    def _choice(self) -> list[Reading]:
        readings = self._sequence()
        while self._queue and self._queue[-1] == "|":
            self._queue.pop()
            readings += self._sequence()
        return readings

    def _sequence(self) -> list[Reading]:
        queue = self._queue
        readings: list[Reading] = [()]
        while queue and queue[-1] not in {"|", ")"}:
            options = self._part(queue.pop())
            readings = [head + tail for head, tail in itertools.product(readings, options)]
            if len(readings) > _FAR_TOO_MANY:
                raise self._wrong(_Problem.TOO_MANY)
        return readings

    def _part(self, part: str) -> list[Reading]:
        if part == "?":
            raise self._wrong(_Problem.LOOSE_OPTION)
        if part == "(":
            options = self._choice()
            if not self._queue:
                raise self._wrong(_Problem.NOT_CLOSED)
            self._queue.pop()
            options = self._grouped(tuple(dict.fromkeys(options)))
        elif part.startswith("<"):
            options = [(part,)]
        else:
            return [self._symbols(part)]
        if self._queue and self._queue[-1] == "?":
            self._queue.pop()
            options.append(())
        return options

    def _grouped(self, options: tuple[Reading, ...]) -> list[Reading]:
        is_plain = all(option and all(_is_plain(symbol) for symbol in option) for option in options)
        if not is_plain or len(options) == 1:
            return list(options)
        name = f"<{'|'.join(' '.join(option) for option in options)}>"
        self.groups[name] = options
        return [(name,)]

    def _symbols(self, part: str) -> Reading:
        if part in GAPS or part in {START, END}:
            return (part,)
        is_open = part.endswith("*")
        words = _words(part.rstrip("*"), _AS_TYPED if is_open else self._spelling)
        if not words:
            raise self._wrong(_Problem.NO_WORD)
        return (*words[:-1], f"{words[-1]}*") if is_open else words


@lru_cache(maxsize=_KEPT_WORDS)
def _words(part: str, spelling: Spelling) -> Reading:
    return tokenise(part, spelling).words[1:-1]


def _is_plain(symbol: str) -> bool:
    return symbol == NUMBER or not (symbol in GAPS or symbol in {START, END} or symbol.startswith("<"))
