"""Where a text mentions places, and whether the words around make each a place.

Must not know: how the mentions are weighed against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.place_context import Lead, PlaceContext
from bot.core.place_index import JOINTS, Level, is_unspaced
from bot.core.place_near import NearFinder
from bot.core.place_text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.place_index import Name, NameIndex
    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

MOST_WORDS = 8

_BANKS = frozenset({"sur", "sous", "lez", "les"})
"""Before the name of a river these belong to a town: "Ivri sur Marne" is not the Marne."""

_INNER_GAPS = frozenset({"-", "·", "・", "=", "＝"})
"""Inside one name of a script without spaces: 塞纳-圣但尼."""

_MASCULINE = frozenset({"au", "du"})
_PLURAL = frozenset({"aux", "des"})


@dataclass(frozen=True, slots=True)
class NameSeen:
    """A name in a text."""

    start: int
    end: int
    """Index after its last token."""
    name: Name
    lead: Lead = Lead.NONE
    """How much its ending and the words beside it say that a place is meant."""
    is_elsewhere: bool = False
    """A street, a court, a birthplace: not where the person lives or files."""
    is_denied: bool = False
    """Counts only where no other place is named: "pas à Paris", "près de Paris"."""
    is_refused: bool = False
    """Does not count: "c'est pas Paris"."""
    is_near: bool = False
    """Only its surroundings are named."""

    @property
    def has_context(self) -> bool:
        """A word beside it says that a place is meant."""
        return self.lead is not Lead.NONE


@dataclass(frozen=True, slots=True)
class RegionSeen:
    """A region in a text."""

    start: int
    end: int
    departements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """A phrase that holds the name of a place and names none."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Seen:
    """All names of a text, in order."""

    names: tuple[NameSeen, ...]
    regions: tuple[RegionSeen, ...]


class MentionFinder:
    """Finds names in tokens."""

    def __init__(self, index: NameIndex, words: PlaceWords) -> None:
        """Look names up in ``index``, judge them by the vocabulary ``words``."""
        self._index = index
        self._words = words
        self._near = NearFinder(index, words)

    def find(self, tokens: Sequence[Token], taken: frozenset[int], *, is_asked: bool) -> Seen:
        """Names in the tokens that no number has ``taken``: listed ones, then near ones, then everyday words."""
        context = PlaceContext(tokens, self._words)
        covered = set(taken)
        seen = [*self._listed(tokens, covered, context, is_silent=False)]
        seen += self._inside_runs(tokens, covered)
        # The question lets a word be far from the name it means; not where another word is a name as it stands.
        is_open = is_asked and not any(isinstance(one, RegionSeen) or _is_sure(one) for one in seen)
        names = [one for one in seen if isinstance(one, NameSeen)]
        names += self._misspelt(tokens, covered, context, is_asked=is_open)
        names += [one for one in self._listed(tokens, covered, context, is_silent=True) if isinstance(one, NameSeen)]
        judged = [self._judged(one, context) for one in sorted(names, key=lambda one: one.start)]
        regions = [one for one in seen if isinstance(one, RegionSeen)]
        regions += filter(None, map(self._surroundings, judged))
        kept = [one for one in judged if self._surroundings(one) is None]
        return Seen(names=tuple(kept), regions=tuple(sorted(regions, key=lambda one: one.start)))

    def _surroundings(self, seen: NameSeen) -> RegionSeen | None:
        """The départements around a town that the text is only near to, where they are many."""
        around = self._index.around(seen.name.places) if seen.is_near else ()
        return RegionSeen(seen.start, seen.end, around) if around else None

    def _listed(
        self, tokens: Sequence[Token], covered: set[int], context: PlaceContext, *, is_silent: bool
    ) -> Iterator[NameSeen | RegionSeen | Blocked]:
        """Listed names from left to right, the longest at each word; covers their tokens."""
        at = 0
        while at < len(tokens):
            room = 0 if at in covered else self._room(tokens, at, covered)
            found = self._listed_at(tokens, at, room, is_silent=is_silent) if room else None
            if room and not is_silent and not isinstance(found, Blocked):
                least = found.end - at + 1 if found else 1
                found = self._with_ending(tokens, at, room, least, context) or found
            if isinstance(found, NameSeen):
                found = self._widened(tokens, found, covered)
            if found is not None:
                covered.update(range(found.start, found.end))
                yield found
            at = found.end if found else at + 1

    def _listed_at(
        self, tokens: Sequence[Token], at: int, room: int, *, is_silent: bool
    ) -> NameSeen | RegionSeen | Blocked | None:
        """The longest listed name from ``at`` on, among the silent ones or among the others."""
        before = tokens[at - 1].word if at else ""
        for spelling, used in self._readings(tokens, at, room):
            key = " ".join(spelling)
            end = at + used
            if self._index.is_never(key):
                return Blocked(at, end)
            if departements := self._index.region(key):
                return RegionSeen(at, end, departements)
            name = self._index.name(key) or self._index.contracted(spelling)
            if name is None or (name.level is Level.SILENT) is not is_silent:
                continue
            is_river = before in _BANKS and all(place.is_departement for place in name.places)
            if not is_river and _is_accented_alike(tokens[at:end], name):
                return NameSeen(at, end, name)
        return None

    def _widened(self, tokens: Sequence[Token], seen: NameSeen, covered: set[int]) -> NameSeen:
        """The same, or the longer name it is a part of: "garge les gonesse", "boulogne bilancour"."""
        spans = []
        if seen.start > 1 and tokens[seen.start - 1].word in JOINTS:
            spans = [(start, seen.end) for start in range(max(0, seen.start - 3), seen.start - 1)]
        if seen.end < len(tokens) and tokens[seen.end].gap in {" ", "-"}:
            last = seen.start + self._room(tokens, seen.start, covered)
            spans += [(seen.start, end) for end in range(min(last, seen.end + 2), seen.end, -1)]
        for start, end in spans:
            if not any(at in covered or tokens[at].is_number for at in range(start, end)):
                name = self._near.misspelt([token.word for token in tokens[start:end]])
                if name is not None:
                    return NameSeen(start, end, name, Lead.LOOSE)
        return seen

    def _with_ending(
        self, tokens: Sequence[Token], at: int, room: int, least: int, context: PlaceContext
    ) -> NameSeen | RegionSeen | None:
        """The longest name, of ``least`` words or more, whose last one carries an ending: "seine saint denisdeyim"."""
        heads = self._index.heads
        for size in range(min(room, max(heads.get(tokens[at].word, 0), 1)), least - 1, -1):
            end = at + size
            words = [token.word for token in tokens[at:end]]
            for bare in self._near.without_ending(words[-1], context, at, end):
                key = " ".join([*words[:-1], bare.word])
                if departements := self._index.region(key):
                    return RegionSeen(at, end, departements)
                name = self._index.name(key) if size > 1 or bare.word in heads else None
                lead = bare.lead_to(name) if name is not None else None
                if name is not None and lead is not None:
                    return NameSeen(at, end, name, lead)
        return None

    def _room(self, tokens: Sequence[Token], at: int, covered: set[int]) -> int:
        """How many tokens from ``at`` on may be one name."""
        room = 1
        while room < MOST_WORDS and at + room < len(tokens):
            following = tokens[at + room]
            if at + room in covered or following.is_number or "\n" in following.gap or "(" in following.gap:
                break
            room += 1
        return room

    def _readings(self, tokens: Sequence[Token], at: int, longest: int) -> Iterator[tuple[list[str], int]]:
        """Spellings to look up, longest first: as written, then without glued Arabic letters."""
        words = [token.word for token in tokens[at : at + longest]]
        heads = self._index.heads
        article = "le" if words[0] in _MASCULINE else "les" if words[0] in _PLURAL else words[0]
        for size in range(min(longest, max(heads.get(words[0], 0), heads.get(article, 0))), 0, -1):
            yield words[:size], size
        for bare in self._near.without_clitics(words[0]):
            for size in range(min(longest, heads.get(bare, 0)), 0, -1):
                spelling = [bare, *words[1:size]]
                name = self._index.name(" ".join(spelling))
                if name is not None and name.level is Level.SURE:
                    yield spelling, size

    def _inside_runs(self, tokens: Sequence[Token], covered: set[int]) -> Iterator[NameSeen | RegionSeen]:
        """Names inside runs of scripts without spaces: 我在博比尼."""
        at = 0
        while at < len(tokens):
            end = at + 1
            if at not in covered and is_unspaced(tokens[at].word[0]):
                while end < len(tokens) and is_unspaced(tokens[end].word[0]) and tokens[end].gap in _INNER_GAPS:
                    end += 1
                found = list(self._inside("".join(token.word for token in tokens[at:end]), at, end))
                covered.update(range(at, end) if found else ())
                yield from found
            at = end

    def _inside(self, run: str, start: int, end: int) -> Iterator[NameSeen | RegionSeen]:
        at = 0
        while at < len(run):
            names = self._index.glyphs.get(run[at], ())
            spelling, key = next((pair for pair in names if run.startswith(pair[0], at)), (run[at], ""))
            name = None if self._index.is_never(key) else self._index.name(key)
            if departements := self._index.region(key):
                yield RegionSeen(start, end, departements)
            elif name is not None:
                after = run[at + len(spelling) :]
                is_led = run[:at].endswith(tuple(self._words.dwell.exact)) or not run[:at]
                yield NameSeen(start, end, name, Lead.STRONG if is_led else Lead.LOOSE, is_near=self._is_near(after))
            at += len(spelling)

    def _is_near(self, after: str) -> bool:
        """True for what follows a name in a script without spaces and says "near it"."""
        return any(after.startswith(word) for word in self._words.around_after.exact if is_unspaced(word[0]))

    def _misspelt(
        self, tokens: Sequence[Token], covered: set[int], context: PlaceContext, *, is_asked: bool
    ) -> Iterator[NameSeen]:
        """Misspelt and transliterated names among what is left; covers their tokens."""
        at = 0
        while at < len(tokens):
            room = 0 if at in covered else self._room(tokens, at, covered)
            near = self._near.at(tokens, at, room, context, is_asked=is_asked) if room else None
            if near is None:
                at += 1
                continue
            size, name = near
            covered.update(range(at, at + size))
            yield NameSeen(at, at + size, name, Lead.LOOSE)
            at += size

    def _judged(self, seen: NameSeen, context: PlaceContext) -> NameSeen:
        """The same mention with what its neighbours say of it."""
        has_article = context.is_article_told(seen.start) and seen.name.key.startswith(("le ", "les "))
        lead = max(context.leads(seen.start, seen.end), Lead.LOOSE if has_article else Lead.NONE)
        return replace(
            seen,
            lead=Lead.STRONG if lead is seen.lead is Lead.LOOSE else max(lead, seen.lead),
            is_near=seen.is_near or context.is_near(seen.start, seen.end),
            is_elsewhere=context.is_elsewhere(seen.start),
            is_denied=context.is_denied(seen.start),
            is_refused=context.is_refused(seen.start),
        )


def _is_sure(seen: NameSeen | RegionSeen | Blocked) -> bool:
    return isinstance(seen, NameSeen) and seen.name.level is Level.SURE


def _is_accented_alike(written: Sequence[Token], name: Name) -> bool:
    """False for "maçon" beside Mâcon: who types accents types the right ones, where the word is an everyday one."""
    typed = "".join(token.raw.lower() for token in written)
    is_french = all(key_of(place.name) == name.key for place in name.places)
    if name.level is Level.SURE or not is_french or not "\u00c0" <= max(typed) <= "\u024f":
        return True
    return any(
        typed in "".join(place.name.lower().replace("-", " ").replace("'", " ").split()) for place in name.places
    )
