"""What the words around a name say: that a place is meant, that it is a street, that it is denied.

Must not know: names of places.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

_FARTHEST_LEAD = 5
_FARTHEST_STREET = 4
_FARTHEST_BIRTH = 6
_FARTHEST_TRAIL = 3
_FARTHEST_TOWN = 3
_INNER_MARKS = " \t'\u2019-"
"""What may stand between a name and its ending or its verb."""

_STOPS = frozenset(",.;!?\n\u060c\u061f\u06d4\u3002\uff0c\u0964")
"""Between a word of living and the words that lead to a name: then it is another clause's."""

_LINKS = frozenset({"is", "est", "es", "e", "s", "se"})
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
        # Each place is asked about for every length of name that may end or begin there.
        self._leads: dict[int, Lead] = {}
        self._trails: dict[int, Lead] = {}

    def lead(self, start: int) -> Lead:
        """How "à", "préfecture de", "I live in" and the like lead to the token."""
        lead = self._leads.get(start)
        if lead is None:
            lead = self._leads[start] = self._lead(start)
        return lead

    def _lead(self, start: int) -> Lead:
        words = self._words
        lead = Lead.NONE
        for at in range(start - 1, max(-1, start - 1 - _FARTHEST_LEAD), -1):
            word = self._tokens[at].word
            if at < start - 1 and set(self._tokens[at + 1].gap) & _STOPS:
                break
            if word in words.dwell or word in words.office or word in words.departement:
                return Lead.STRONG
            if self._is_verb(at):
                break
            if word in words.nearby or word in words.around or word in words.before:
                lead = Lead.LOOSE
            elif word not in words.fillers:
                break
        return lead

    def trail(self, end: int) -> Lead:
        """How much the words after a name say that it is a place: "Nice mein rehta hun", "Lille'de oturuyorum"."""
        trail = self._trails.get(end)
        if trail is None:
            trail = self._trails[end] = self._trail(end)
        return trail

    def _trail(self, end: int) -> Lead:
        words = self._words
        if end < len(self._tokens) and self._tokens[end].word in words.office:
            return Lead.STRONG
        lead = Lead.NONE
        for at in self._trailing(end):
            token = self._tokens[at]
            if token.word in words.dwell_after or token.word in words.around_after or token.word in words.office:
                return Lead.STRONG
            if token.word in words.being:
                return Lead.STRONG if at > end else Lead.NONE
            if token.word in words.arrondissement and self._tokens[at - 1].is_number:
                return Lead.LOOSE
            if not token.word.isascii() or "'" in token.gap:
                lead = Lead.LOOSE
        return lead

    def leads(self, start: int, end: int) -> Lead:
        """What stands before and what stands after, together: two hints are as good as a word of living there."""
        before, after = self.lead(start), self.trail(end)
        if before is Lead.LOOSE and (after is Lead.LOOSE or self.is_being(end)):
            return Lead.STRONG
        return max(before, after)

    def is_declined(self, start: int) -> bool:
        """True after "v" and "iz", which a name in Latin letters follows in its case."""
        return start > 0 and self._tokens[start - 1].word in self._words.case_before

    def is_being(self, end: int) -> bool:
        """True when "I am" follows a name."""
        return end < len(self._tokens) and self._tokens[end].word in self._words.being

    def is_lived_in(self, end: int) -> bool:
        """True when a verb of living there follows a name."""
        return any(self._tokens[at].word in self._words.dwell_after for at in self._trailing(end))

    def _trailing(self, end: int) -> Iterator[int]:
        """Tokens after a name up to the first that belongs to something else, which is the last."""
        words = self._words
        for at in range(end, min(len(self._tokens), end + _FARTHEST_TRAIL)):
            token = self._tokens[at]
            if token.gap.strip(_INNER_MARKS + "." * self._tokens[at - 1].is_number):
                return
            if token.is_number:
                continue
            kinds = (
                words.after,
                words.dwell_after,
                words.around_after,
                words.office,
                words.being,
                words.arrondissement,
            )
            if not any(token.word in kind for kind in kinds):
                return
            yield at

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
        if self._is_person(start):
            return True
        while at >= max(0, start - _FARTHEST_BIRTH) and self._is_small(at):
            at -= 1
        return 0 <= at < start - 1 and self._tokens[at].word in words.born and self._tokens[at].raw.lower() != "ne"

    def is_denied(self, start: int) -> bool:
        """True after "pas à" and "près de": the name counts only where no other place is named."""
        words = self._words
        at = start - 1
        while at >= 0 and not self._is_farther(at) and self._is_small(at):
            at -= 1
        return at >= 0 and (self._tokens[at].word in words.negations or self._is_farther(at))

    def is_near(self, start: int, end: int) -> bool:
        """True after "près de", and before what says the same where it follows the name."""
        words = self._words
        at = start - 1
        while at >= 0 and self._tokens[at].word not in words.around and self._is_small(at):
            at -= 1
        if at >= 0 and self._tokens[at].word in words.around:
            return True
        at = end
        while at < min(len(self._tokens), end + _FARTHEST_TRAIL - 1) and (
            self._tokens[at].word in words.after or self._tokens[at].word in words.before
        ):
            at += 1
        if at < len(self._tokens) and self._tokens[at].word in words.around and not self._tokens[at].word.isascii():
            return at > end
        following = self._tokens[at] if at < len(self._tokens) else None
        return following is not None and not following.gap.strip(_INNER_MARKS) and following.word in words.around_after

    def is_refused(self, start: int) -> bool:
        """True right after "pas": "c'est pas Paris"."""
        return start > 0 and self._tokens[start - 1].word in self._words.negations

    def _is_farther(self, at: int) -> bool:
        return self._tokens[at].word in self._words.around or self._tokens[at].word in self._words.formerly

    def _is_person(self, start: int) -> bool:
        """True after "maître", "my name is" and "my friend", unless it is the name of a town that is told."""
        words = self._words
        at = start - 1
        if at >= 0 and self._tokens[at].word in words.kin and self._tokens[start].word in words.first_names:
            return True
        is_titled = at >= 0 and self._tokens[at].word in words.titles and self._tokens[start].gap == " "
        if is_titled and not (at and self._tokens[at - 1].word in words.small_talk):
            return len(self._tokens) > start + 1
        if at > 0 and self._tokens[at].word in _LINKS:
            at -= 1
        if at < 0 or self._tokens[at].word not in words.persons or self._tokens[start].gap.strip(_INNER_MARKS):
            return False
        towns = [token.word for token in self._tokens[max(0, at - _FARTHEST_TOWN) : at]]
        return not any(word in words.nearby or word in words.office or word in words.departement for word in towns)

    def _is_small(self, at: int) -> bool:
        return self._tokens[at].word in self._words.before or self._tokens[at].word in self._words.fillers

    def _is_verb(self, at: int) -> bool:
        """True for the "a" of "il a reçu" and of "a lawyer", which is no "à"."""
        token = self._tokens[at]
        if token.word != "a" or token.raw.lower() != "a":
            return False
        before = self._tokens[at - 1].word if at else ""
        return before in self._words.has or sum(one.word in self._words.english for one in self._tokens) > 1
