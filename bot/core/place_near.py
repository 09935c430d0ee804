"""Misspelt and transliterated names of places in a text.

How far a word may be from a name depends on where it stands: farther after "j'habite à" than in the middle of a
sentence. Must not know: names that are written as listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.near_names import SHORTEST
from bot.core.place_context import Lead
from bot.core.place_index import JOINTS, TOWN, Level, Name, is_unspaced
from bot.core.sounds import is_vowelless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.core.place_context import PlaceContext
    from bot.core.place_index import NameIndex
    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

MOST_WORDS = 5

_LONG = 6
"""Letters from which one slip leaves little doubt."""

_SOUND_GAPS = {Lead.NONE: 0.03, Lead.LOOSE: 0.06, Lead.ALONE: 0.08, Lead.STRONG: 0.1, Lead.ASKED: 0.13}
"""How far from a name a word may sound, per letter: measured on the texts of tests/core/place_cases.py."""

_VOWELLESS_GAPS = {Lead.NONE: 0.0, Lead.LOOSE: 0.05, Lead.ALONE: 0.055, Lead.STRONG: 0.09, Lead.ASKED: 0.1}
"""The same for scripts without vowels, where more words sound alike; nowhere without a lead."""

_TELLING_ENDING = 4
"""Letters of an ending in Latin script that no other language's word has: "deyim", "daki"."""

_LAST_LATIN = "\u024f"
_LAST_CYRILLIC = "\u04ff"

_SHORTEST_BARE = 3
"""Letters that must be left, and one more, when glued ones are taken off."""

_SEVERAL_WORDS = 0.8
"""Several words sound like a name more easily than one."""

_SAINTS = frozenset({"saint", "sainte"})

_SCRIPTS = (
    ("a", "z", "Latn"),
    ("\u0400", "\u04ff", "Cyrl"),
    ("\u0530", "\u058f", "Armn"),
    ("\u0900", "\u097f", "Deva"),
    ("\u0980", "\u09ff", "Beng"),
    ("\u0b80", "\u0bff", "Taml"),
    ("\u10a0", "\u10ff", "Geor"),
)


@dataclass(frozen=True, slots=True)
class Bare:
    """A word without the ending it may carry."""

    word: str
    lead: Lead
    """What the words around it say."""
    is_telling: bool
    """The ending itself says that a place is meant, or a verb of living there follows."""

    def lead_to(self, name: Name) -> Lead | None:
        """How much the word is expected to be this place; None when too little says so."""
        lead = Lead.STRONG if self.is_telling and self.lead is Lead.LOOSE else max(self.lead, Lead(self.is_telling))
        if name.level is Level.SURE:
            is_town = self.lead is not Lead.NONE or (self.word[0] <= _LAST_LATIN and self.is_telling)
            is_known = any(place.is_seat or (is_town and place.population >= TOWN) for place in name.places)
            return lead if is_known else None
        return lead if self.is_telling and lead is not Lead.NONE and name.level is not Level.SILENT else None


class NearFinder:
    """Names that words are a slip or a sound away from."""

    def __init__(self, index: NameIndex, words: PlaceWords) -> None:
        """Compare with the names of ``index``; ``words`` are no names however near they sound."""
        self._index = index
        self._words = words
        self._never_first = (
            words.small_talk,
            words.office,
            words.departement,
            words.nearby,
            words.dwell,
            words.before,
            words.units,
        )

    def at(
        self, tokens: Sequence[Token], start: int, room: int, context: PlaceContext, *, is_asked: bool
    ) -> tuple[int, Name] | None:
        """How many tokens from ``start`` on, ``room`` at most, are nearly a name, and the name."""
        head = tokens[start].word
        if tokens[start].is_number or is_unspaced(head[0]) or any(head in kind for kind in self._never_first):
            return None
        if not head.isascii() and head in self._words.after:
            return None
        lead = Lead.ASKED if is_asked else context.lead(start)
        for size in range(min(room, MOST_WORDS), 0, -1):
            said = [token.word for token in tokens[start : start + size]]
            expected = self._expected(lead, tokens, start, start + size, context)
            if size > 1 and expected is Lead.NONE and not any(word in JOINTS or word in _SAINTS for word in said):
                continue
            is_everyday = self._is_everyday(said)
            if is_everyday and not (size == 1 and len(head) >= SHORTEST and context.is_said_to_be_a_place(start)):
                continue
            for spelling in self._spellings(said):
                is_said = expected is Lead.STRONG and (head[0] > _LAST_LATIN or context.is_said_to_be_a_place(start))
                name = self._near_name(spelling, expected, is_everyday=is_everyday, is_said=is_said)
                if name is not None:
                    return size, name
        return None

    def misspelt(self, said: list[str]) -> Name | None:
        """The name of several words that these are a slip or two away from."""
        slips, keys = self._index.near.by_spelling(said)
        return self._merged(keys) if slips and any(" " in key for key in keys) else None

    def without_ending(self, word: str, context: PlaceContext, start: int, end: int) -> Iterator[Bare]:
        """The last word of a run without each ending it may carry."""
        lead = context.leads(start, end)
        is_lived_in = context.is_lived_in(end) or context.is_declined(start)
        if context.is_being(end):
            lead = max(lead, Lead.LOOSE)
        if not is_lived_in and self._index.is_ordinary(word):
            return
        shortest = _SHORTEST_BARE + (word[0] <= (_LAST_LATIN if lead is not Lead.NONE else _LAST_CYRILLIC))
        for ending, bare in self._cut(word, self._words.endings, shortest):
            is_telling = word[0] > _LAST_LATIN or len(ending) >= _TELLING_ENDING
            yield Bare(bare, lead, is_telling=is_telling)
        if lead is not Lead.NONE:
            for _ending, bare in self._cut(word, self._words.told_endings, shortest):
                yield Bare(bare, lead, is_telling=is_lived_in)

    def _cut(self, word: str, endings: Mapping[str, tuple[str, ...]], shortest: int) -> Iterator[tuple[str, str]]:
        """Endings, and the word without them, also with what the ending may have replaced."""
        script = next((script for first, last, script in _SCRIPTS if first <= word[0] <= last), "")
        listed = endings.get(script, ())
        if not word.endswith(listed):
            return
        for ending in listed:
            bare = word.removesuffix(ending)
            if len(bare) >= shortest and bare != word:
                yield ending, bare
                for final in self._words.finals.get(script, ()):
                    yield ending, bare + final

    def without_clitics(self, word: str) -> Iterator[str]:
        """The word without what Arabic glues before it."""
        if is_vowelless(word):
            for clitic in self._words.clitics:
                bare = word.removeprefix(clitic)
                if len(bare) > 2 and bare != word:
                    yield bare

    def _expected(self, lead: Lead, tokens: Sequence[Token], start: int, end: int, context: PlaceContext) -> Lead:
        if end - start == len(tokens):
            return max(lead, Lead.ALONE)
        if context.trail(end) is not Lead.STRONG:
            return lead
        is_foreign = tokens[start].word[0] > _LAST_LATIN and context.is_lived_in(end)
        is_sure = is_foreign or tokens[end].word in self._words.office
        return max(lead, Lead.STRONG if is_sure else Lead.LOOSE)

    def _is_everyday(self, said: list[str]) -> bool:
        """True when no word of the run is one a misspelt name could hide in."""
        words = self._words
        if said[-1] in words.fillers or said[-1] in words.small_talk:
            return True
        return all(self._index.is_ordinary(word) or len(word) < 3 or word in words.fillers for word in said)

    def _spellings(self, said: list[str]) -> Iterator[list[str]]:
        yield said
        for bare in self.without_clitics(said[0]):
            if len(bare) > _SHORTEST_BARE:
                yield [bare, *said[1:]]
        if len(said) == 1 and not said[0].isascii():
            for _ending, bare in self._cut(said[0], self._words.endings, _SHORTEST_BARE + 1):
                yield [bare]

    def _near_name(self, said: list[str], lead: Lead, *, is_everyday: bool, is_said: bool) -> Name | None:
        """The name that the words are near to, if the place where they stand allows it."""
        near = self._index.near
        if same := near.by_letters(said):
            return self._merged(same)
        is_abjad = is_vowelless(said[0])
        slips, spelt = (0, frozenset[str]()) if is_abjad or lead is Lead.NONE else near.by_spelling(said)
        letters = sum(map(len, said))
        if lead is Lead.LOOSE and letters < _LONG * slips:
            spelt = frozenset()
        if is_everyday:
            return self._merged(spelt)
        gap = (_VOWELLESS_GAPS if is_abjad else _SOUND_GAPS)[lead] * (_SEVERAL_WORDS if len(said) > 1 else 1)
        apart, alike = near.by_sound(said, gap) if gap else (0.0, frozenset[str]())
        if is_said and not alike and not spelt and len(said) == 1:
            return self._merged(near.by_same_sound(said))
        if alike and (not spelt or apart <= _SOUND_GAPS[Lead.NONE] * letters):
            return self._merged(alike)
        return self._merged(spelt)

    def _merged(self, keys: frozenset[str]) -> Name | None:
        """All that the keys mean, as one name."""
        names = [name for key in sorted(keys) if (name := self._index.name(key)) is not None]
        if not names:
            return None
        if len(names) == 1:
            return replace(names[0], level=Level.SURE)
        places = tuple(dict.fromkeys(place for name in names for place in name.places))
        return Name(key=names[0].key, places=places, level=Level.SURE)
