"""The words of dates of every language, and which of them a text holds.

Must not know: the words themselves (bot/data/dates.yml), how dates are built from them.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.date_kinds import Item, Kind, Tongue
from bot.core.date_text import LONGEST, normal, pieces
from bot.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.date_kinds import Entry
    from bot.core.date_text import Piece


@dataclass(frozen=True, slots=True)
class _Sense:
    kind: Kind
    value: int
    language: str
    is_open: bool
    """A month's name long enough to be read in any language."""
    tight: tuple[bool, ...]
    """Where the wording has no space: ``ba3d`` is not ``ba 3 d``."""


_FILE = "dates.yml"
_JOINS = re.compile(r"[ \t'\-.]{0,2}")
_NAMES = frozenset({Kind.MONTH, Kind.HIJRI, Kind.JALALI})
_INFLECTED = _NAMES | {Kind.WEEKDAY}
_SHORTEST_STEM = 3
_SHORT_KINDS = frozenset({Kind.NUMBER, Kind.ONE})
_CLITICS = frozenset("وفبل")
_SHORTEST_CLITIC = 5
_SHORTEST_OPEN = 4
_HEAD, _SHORTEST_HEAD = 4, 3
"""Letters by which an unknown word is like one that counts: ``চৌদ্দই`` is like ``চৌদ্দ``."""
_GUEST = 100
"""From this rank on, a language is only guessed at: its numbers are too short to trust (``on`` is ten in Turkish)."""
_LONGEST_NUMBER = 8


class DateWords:
    """Finds the words of dates in a text, those of the conversation's language first."""

    def __init__(
        self, tongues: Sequence[Tongue], entries: Iterable[Entry], respelled: Mapping[str, str] | None = None
    ) -> None:
        """Index the wordings; the order of ``tongues`` decides between languages not pointed to."""
        self.tongues = tuple(tongues)
        self._endings = {tongue.code: tuple(map(_plain, tongue.endings)) for tongue in tongues if tongue.endings}
        self.respelled = dict(respelled or {})
        self._index: dict[str, dict[tuple[str, ...], list[_Sense]]] = {}
        months: dict[str, int] = {}
        for entry in entries:
            words = self._add(entry)
            if entry.kind is Kind.MONTH and len(words) == 1:
                months.setdefault(words[0], entry.value)
        self._sizes = {
            first: tuple(sorted({len(words) for words in wordings}, reverse=True))
            for first, wordings in self._index.items()
        }
        self.months = tuple(months.items())
        """Every month's name of one word, for mistyped ones."""
        self._heads = self._all_heads()

    def _all_heads(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for wordings in self._index.values():
            for words, senses in wordings.items():
                long = next((word for word in words if len(word) >= _SHORTEST_HEAD), "")
                for sense in senses if long else ():
                    if sense.kind is Kind.NUMBER:
                        found.setdefault(sense.language.partition("-")[0], set()).add(long[:_HEAD])
        return {code: frozenset(heads) for code, heads in found.items()}

    def heads(self, code: str | None) -> frozenset[str]:
        """The first letters of the words that count in a language, in its own letters and in Latin ones."""
        return self._heads.get(code or "", frozenset())

    def _add(self, entry: Entry) -> tuple[str, ...]:
        wording = normal(entry.wording, self.respelled)
        parts = pieces(wording)
        words = tuple(part.text for part in parts)
        if not words:
            raise DataError(_FILE, f"{entry.language}.{entry.kind}", "a wording without a letter")
        tight = tuple(one.end == two.start for one, two in itertools.pairwise(parts))
        is_open = entry.kind in _NAMES and sum(map(len, words)) >= _SHORTEST_OPEN
        senses = self._index.setdefault(words[0], {}).setdefault(words, [])
        for sense in senses:
            if (sense.kind, sense.language) == (entry.kind, entry.language) and sense.value != entry.value:
                raise DataError(_FILE, f"{entry.language}.{entry.kind}", f"{entry.wording} stands twice")
        senses.append(_Sense(entry.kind, entry.value, entry.language, is_open, tight))
        return words

    def tongue(self, code: str | None, raw: str = "") -> Tongue:
        """What is known of a language, or of the one that the letters of a text point to; a plain one when nothing is."""
        wanted = code or next(iter(self._pointed(raw) or self._named(pieces(normal(raw, self.respelled)))), None)
        return next((tongue for tongue in self.tongues if tongue.code == wanted), Tongue(code or ""))

    def items(self, text: str, raw: str, language: str | None, *, in_all: bool = False) -> list[Item]:
        """The items of a normal text; ``raw`` is the text as typed, for the letters it was typed with.

        ``in_all`` looks for the words of every language, however the text looks.
        """
        parts = pieces(text)
        ranks = self._ranks(raw, language, parts)
        if in_all:
            for rank, tongue in enumerate(self.tongues, _GUEST):
                ranks.setdefault(tongue.code, rank)
        found: list[Item] = []
        place = 0
        while place < len(parts):
            item, size = self._item(text, parts, place, ranks)
            found.append(item)
            place += size
        return found

    def _ranks(self, raw: str, language: str | None, parts: Sequence[Piece]) -> dict[str, int]:
        """The languages whose every word counts, by precedence."""
        order = [language] if language else self._named(parts)
        order += self._pointed(raw)
        order += [
            tongue.code for tongue in self.tongues if tongue.is_always_read or tongue.code.partition("-")[0] == language
        ]
        ranks = {code: rank for rank, code in enumerate(dict.fromkeys(order))}
        if language is None:
            for rank, tongue in enumerate(self.tongues, _GUEST):
                if not tongue.letters and (tongue.is_always_read or "-" not in tongue.code):
                    ranks.setdefault(tongue.code, rank)
        return ranks

    def _pointed(self, raw: str) -> list[str]:
        """The languages most of whose letters were typed; Arabic alone where its letters say no more."""
        letters = set(raw[:LONGEST].casefold())
        hits = {tongue: len(letters.intersection(tongue.letters)) for tongue in self.tongues if tongue.letters}
        most = max(hits.values(), default=0)
        best = [tongue for tongue, count in hits.items() if count == most and most]
        return [tongue.code for tongue in best if tongue.is_always_read] or [tongue.code for tongue in best]

    def _named(self, parts: Sequence[Piece]) -> list[str]:
        """The languages that the months of a text are called in, where no language that is always read calls them so."""
        always = {tongue.code for tongue in self.tongues if tongue.is_always_read}
        found: list[str] = []
        for part in parts:
            senses = self._index.get(part.text, {}).get((part.text,), ())
            named = [sense.language for sense in senses if sense.kind in _NAMES and sense.is_open]
            found += [] if always.intersection(named) else named
        return list(dict.fromkeys(found))

    def _item(self, text: str, parts: list[Piece], place: int, ranks: Mapping[str, int]) -> tuple[Item, int]:
        piece = parts[place]
        first = piece.text
        if first not in self._index and len(first) >= _SHORTEST_CLITIC and first[0] in _CLITICS:
            first = first[1:]
        for size in self._sizes.get(first, ()):
            run = parts[place : place + size]
            words = (first, *(part.text for part in run[1:]))
            senses = self._index[first].get(words)
            if senses is None or not _is_joined(text, run):
                continue
            tight = tuple(one.end == two.start for one, two in itertools.pairwise(run))
            kinds = _kinds([sense for sense in senses if _fits(tight, sense.tight)], ranks)
            if kinds:
                return Item(piece.start, run[-1].end, " ".join(words), kinds), size
        if kinds := self._inflected(piece.text, ranks):
            return Item(piece.start, piece.end, piece.text, kinds), 1
        if "0" <= piece.text[0] <= "9":
            value = int(piece.text) if len(piece.text) <= _LONGEST_NUMBER else 0
            return Item(piece.start, piece.end, piece.text, {Kind.NUMBER: value}, len(piece.text)), 1
        return Item(piece.start, piece.end, piece.text, {}), 1

    def _inflected(self, word: str, ranks: Mapping[str, int]) -> dict[Kind, int]:
        """What a month or a weekday may be with an ending of its language; the longest stem counts."""
        found: dict[Kind, int] = {}
        longest = 0
        for code, endings in self._endings.items():
            for ending in endings if code in ranks else ():
                stem = word.removesuffix(ending)
                if longest < len(stem) < len(word) and len(stem) >= _SHORTEST_STEM:
                    senses = self._index.get(stem, {}).get((stem,), ())
                    named = [sense for sense in senses if sense.kind in _INFLECTED and sense.language == code]
                    if named:
                        found, longest = _kinds(named, ranks), len(stem)
        return found


def _plain(ending: str) -> str:
    """An ending as it stands in a normal text."""
    return normal(ending, {})


def _is_joined(text: str, run: Sequence[Piece]) -> bool:
    return all(_JOINS.fullmatch(text, one.end, two.start) for one, two in itertools.pairwise(run))


def _fits(typed: tuple[bool, ...], meant: tuple[bool, ...]) -> bool:
    return all(is_typed or not is_meant for is_typed, is_meant in zip(typed, meant, strict=True))


def _kinds(senses: Sequence[_Sense], ranks: Mapping[str, int]) -> dict[Kind, int]:
    """What a wording may be, each kind with the value of the language that comes first."""
    best: dict[Kind, tuple[int, int]] = {}
    for sense in senses:
        rank = ranks.get(sense.language, _GUEST * 2 if sense.is_open else None)
        if rank is None or (rank >= _GUEST and sense.kind in _SHORT_KINDS):
            continue
        if sense.kind not in best or rank < best[sense.kind][0]:
            best[sense.kind] = (rank, sense.value)
    return {kind: value for kind, (_rank, value) in best.items()}
