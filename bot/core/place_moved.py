"""Which place somebody has left for another: "avant j'étais à Nantes mais maintenant c'est Rouen" is Rouen.

Both have to be told, that one was before and that the other is now, each in a clause of its own. A wish, a doubt or a
question leaves both places to be asked about, as do home and work, home and file (directory.md 6; ADR 0032). Must not know: names of places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.place_index import Level, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.place_mentions import NameSeen
    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords, WordSet

_STOPS = frozenset(",.;!\n\u060c\u06d4\u3002\uff0c\u0964-–—:")
_QUESTIONS = frozenset("?\u061f\uff1f")


@dataclass(frozen=True, slots=True)
class _Clause:
    tokens: tuple[Token, ...]
    names: tuple[NameSeen, ...]

    def says(self, words: WordSet) -> bool:
        return any(_is_said(token.word, words) for token in self.tokens)


def left_behind(names: Sequence[NameSeen], tokens: Sequence[Token], words: PlaceWords) -> tuple[frozenset[int], bool]:
    """Where the names start of places the person has left, and whether no known name tells the new one.

    "Avant à Lyon, maintenant j'habite à Xyz" is then no answer, rather than Lyon.
    """
    if not names or any(_QUESTIONS & set(token.gap + token.tail) for token in tokens):
        return frozenset(), False
    clauses = _clauses(names, tokens, words)
    if any(clause.says(words.wishes) for clause in clauses):
        return frozenset(), False
    now = [clause for clause in clauses if _is_now(clause, words)]
    named = [clause for clause in now if clause.names]
    has_moved = any(clause.says(words.moved) for clause in clauses)
    left = [clause for clause in clauses if clause not in now and _is_past(clause, words, has_moved=has_moved)]
    if not named and not any(_is_lived_in(clause, words) or clause.says(words.being) for clause in now):
        left = []
    is_known = any(_counts(name) for clause in named for name in clause.names)
    return frozenset(name.start for clause in left for name in clause.names), not is_known


def _counts(name: NameSeen) -> bool:
    return name.name.level is Level.SURE or (name.name.level is Level.WEAK and name.has_context)


def _is_lived_in(clause: _Clause, words: PlaceWords) -> bool:
    return clause.says(words.dwell) or clause.says(words.dwell_after)


def _is_now(clause: _Clause, words: PlaceWords) -> bool:
    is_told = clause.says(words.now) or clause.says(words.moved)
    return is_told and not clause.says(words.once) and not clause.says(words.negations)


def _is_past(clause: _Clause, words: PlaceWords, *, has_moved: bool) -> bool:
    """True for "before", "used to", "I lived"; for a mere "I was" only where somebody moved, or lived there."""
    if clause.says(words.now) or clause.says(words.moved):
        return False
    is_weak = clause.says(words.was) and (has_moved or _is_lived_in(clause, words))
    return clause.says(words.once) or is_weak


def _clauses(names: Sequence[NameSeen], tokens: Sequence[Token], words: PlaceWords) -> list[_Clause]:
    """The text cut at its marks, at "but", and at a "now" between two places."""
    inside = {at for name in names for at in range(name.start + 1, name.end)}
    starts = [0]
    for at, token in enumerate(tokens):
        is_cut = bool(set(token.gap) & _STOPS) or token.word in words.turns
        is_between = token.word in words.now and any(starts[-1] <= name.start < at for name in names)
        if at and at not in inside and (is_cut or is_between):
            starts.append(at)
    spans = zip(starts, [*starts[1:], len(tokens)], strict=True)
    return [
        _Clause(tuple(tokens[start:end]), tuple(name for name in names if start <= name.start < end))
        for start, end in spans
    ]


def _is_said(word: str, words: WordSet) -> bool:
    """True for a word of the list, or for a run of Chinese that holds one."""
    return word in words or (is_unspaced(word[0]) and any(one in word for one in words.exact if is_unspaced(one[0])))
