"""The words around places, as bot/data/places/words.yml gives them: what makes a name or a number a place.

Must not know: any word itself, any place.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WordSet:
    """Folded words, some of them stems."""

    exact: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    def __contains__(self, word: str) -> bool:
        """True when the word is listed or starts with a listed stem."""
        return word in self.exact or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How one language says numbers, each word as it stands, with its article and its case."""

    values: dict[str, int]
    joins: frozenset[str] = frozenset()
    is_units_first: bool = False
    """True where ninety-three is "three and ninety"."""
    glued_join: str = ""
    """A letter glued to the next word that means "and"."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The vocabulary around places; every field is a list of words.yml."""

    before: WordSet = field(default_factory=WordSet)
    after: WordSet = field(default_factory=WordSet)
    fillers: WordSet = field(default_factory=WordSet)
    dwell: WordSet = field(default_factory=WordSet)
    dwell_after: WordSet = field(default_factory=WordSet)
    """Of living somewhere, where the verb stands after the place."""
    being: WordSet = field(default_factory=WordSet)
    """"I am", where it stands after the place."""
    office: WordSet = field(default_factory=WordSet)
    nearby: WordSet = field(default_factory=WordSet)
    departement: WordSet = field(default_factory=WordSet)
    number_links: WordSet = field(default_factory=WordSet)
    units: WordSet = field(default_factory=WordSet)
    not_number_before: WordSet = field(default_factory=WordSet)
    streets: WordSet = field(default_factory=WordSet)
    court: WordSet = field(default_factory=WordSet)
    born: WordSet = field(default_factory=WordSet)
    around: WordSet = field(default_factory=WordSet)
    around_after: WordSet = field(default_factory=WordSet)
    formerly: WordSet = field(default_factory=WordSet)
    case_before: WordSet = field(default_factory=WordSet)
    persons: WordSet = field(default_factory=WordSet)
    titles: WordSet = field(default_factory=WordSet)
    kin: WordSet = field(default_factory=WordSet)
    first_names: WordSet = field(default_factory=WordSet)
    negations: WordSet = field(default_factory=WordSet)
    has: WordSet = field(default_factory=WordSet)
    small_talk: WordSet = field(default_factory=WordSet)
    portuguese: WordSet = field(default_factory=WordSet)
    english: WordSet = field(default_factory=WordSet)
    ordinals: WordSet = field(default_factory=WordSet)
    arrondissement: WordSet = field(default_factory=WordSet)
    number_before: frozenset[tuple[str, ...]] = frozenset()
    high_number_before: frozenset[tuple[str, ...]] = frozenset()
    roman: dict[str, int] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By ISO 15924 script."""
    told_endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Endings as short as those of other languages' words: only where a place is expected."""
    finals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What an ending may have replaced at the end of a name, by script."""
    clitics: tuple[str, ...] = ()
    numbers: dict[str, NumberWords] = field(default_factory=dict)
