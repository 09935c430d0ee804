"""What the words around a name say: that a place is meant, that it is a street, that it is denied.

Must not know: names of places.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

_FARTHEST_LEAD = 5
_FARTHEST_STREET = 4
_FARTHEST_BIRTH = 6
_ARTICLE_PREPOSITIONS = frozenset({"au", "aux"})


class Lead(IntEnum):
    """How much the text expects a place where a name stands."""

    NONE = 0
    LOOSE = 1
    """A preposition of place before it."""
    ALONE = 2
    """The text is nothing else."""
    STRONG = 3
    """A word of living somewhere or of the prefecture beside it."""
    ASKED = 4


class PlaceContext:
    """The tokens of one text, read by the vocabulary around places."""

    def __init__(self, tokens: Sequence[Token], words: PlaceWords) -> None:
        """Read ``tokens`` with the words of words.yml."""
        self._tokens = tokens
        self._words = words

    def lead(self, start: int) -> Lead:
        """How "à", "préfecture de", "I live in" and the like lead to the token."""
        words = self._words
        lead = Lead.NONE
        for at in range(start - 1, max(-1, start - 1 - _FARTHEST_LEAD), -1):
            word = self._tokens[at].word
            if word in words.dwell or word in words.office or word in words.departement:
                return Lead.STRONG
            if self._is_verb(at):
                break
            if word in words.nearby:
                return Lead.LOOSE
            if word in words.before:
                lead = Lead.LOOSE
            elif word not in words.fillers:
                break
        return lead

    def is_told(self, start: int, end: int) -> bool:
        """True when a word before or after the tokens says that they are a place."""
        words = self._words
        if self.lead(start) is not Lead.NONE:
            return True
        if end == len(self._tokens):
            return False
        after = self._tokens[end]
        is_postposition = after.word in words.after and (not after.word.isascii() or "'" in after.gap)
        return is_postposition or after.word in words.office

    def is_article_told(self, start: int) -> bool:
        """True for "au" and "aux", which are "à le" and "à les"."""
        return self._tokens[start].word in _ARTICLE_PREPOSITIONS

    def is_said_to_be_a_place(self, start: int) -> bool:
        """True after "j'habite à" or "préfecture de", where even an everyday word must be a misspelt name."""
        before = self._tokens[start - 1].word if start else ""
        return (before in self._words.before or before in self._words.fillers) and self.lead(start) is Lead.STRONG

    def is_elsewhere(self, start: int) -> bool:
        """True for a street, a station, a court, a birthplace: not where the person lives or files."""
        words = self._words
        at = start - 1
        while at >= max(0, start - _FARTHEST_STREET) and (
            self._tokens[at].word in words.fillers or self._tokens[at].word in words.court
        ):
            at -= 1
        if at >= 0 and self._tokens[at].word in words.streets:
            return True
        while at >= max(0, start - _FARTHEST_BIRTH) and self._is_small(at):
            at -= 1
        return 0 <= at < start - 1 and self._tokens[at].word in words.born and self._tokens[at].raw.lower() != "ne"

    def is_denied(self, start: int) -> bool:
        """True after "pas à" and "près de": the name counts only where no other place is named."""
        words = self._words
        at = start - 1
        while at >= 0 and self._tokens[at].word not in words.around and self._is_small(at):
            at -= 1
        return at >= 0 and (self._tokens[at].word in words.negations or self._tokens[at].word in words.around)

    def is_refused(self, start: int) -> bool:
        """True right after "pas": "c'est pas Paris"."""
        return start > 0 and self._tokens[start - 1].word in self._words.negations

    def _is_small(self, at: int) -> bool:
        return self._tokens[at].word in self._words.before or self._tokens[at].word in self._words.fillers

    def _is_verb(self, at: int) -> bool:
        """True for the "a" of "il a reçu" and of "a lawyer", which is no "à"."""
        token = self._tokens[at]
        if token.word != "a" or token.raw.lower() != "a":
            return False
        before = self._tokens[at - 1].word if at else ""
        return before in self._words.has or sum(one.word in self._words.english for one in self._tokens) > 1
