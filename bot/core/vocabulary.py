"""Which entry of a controlled vocabulary a text names: titles, procedures, blockages.

Must not know: the entries, any language's words (both are bot/data).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.phrasebook import Hit, Phrasebook, find_all
from bot.core.reading import CodeReading, Status
from bot.core.tokens import Spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.core.tokens import Said


@dataclass(frozen=True, slots=True)
class Entry:
    """What people say for one id, or for several when their words do not tell which."""

    ids: tuple[str, ...]
    says: tuple[str, ...] = ()
    """Names it outright."""
    hints: tuple[str, ...] = ()
    """Suggests it; counts only when nothing is named outright."""
    unless: tuple[str, ...] = ()
    """Wider wordings in which the words above mean something else."""
    yields_to: tuple[str, ...] = ()
    """Beginnings of ids: this entry is dropped when such an id is read too (a receipt beside its title)."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Words that turn the meaning of a name that follows them."""

    negations: tuple[str, ...] = ()
    """``je ne suis pas``: the name after it is not meant."""
    targets: tuple[str, ...] = ()
    """``passer à``: the name after it is what the person wants to become."""
    wishes: tuple[str, ...] = ()
    """``je veux un``: the same, only when another name remains."""
    between: tuple[str, ...] = ()
    """``vers``: between two names, the second is a target."""
    absences: tuple[str, ...] = ()
    """``رسید نہیں ملی``: the name before it is not there, in languages that say so last."""
    hopes: tuple[str, ...] = ()
    """``কার্ড চাই``: a wish said behind the name."""


TURNS = tuple(turn.name for turn in fields(Turns))
"""What the kinds of turns are called, here and in bot/data."""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Wordings that hold in every language, made of concepts that each language has its own words for."""

    entries: tuple[Entry, ...] = ()
    turns: Turns = Turns()


class _Kind(StrEnum):
    SAYS = "says"
    HINTS = "hints"
    UNLESS = "unless"
    NEGATIONS = "negations"
    TARGETS = "targets"
    WISHES = "wishes"
    BETWEEN = "between"
    ABSENCES = "absences"
    HOPES = "hopes"


@dataclass(frozen=True, slots=True)
class _Key:
    kind: _Kind
    entry: Entry | None = None


VocabularyBook = Phrasebook[_Key]
_NAMES = (_Kind.SAYS, _Kind.HINTS)
NOTHING = CodeReading()


class Vocabulary:
    """A matcher over entries, for texts in any of their languages."""

    def __init__(
        self,
        entries: Iterable[Entry],
        turns: Turns | None = None,
        concepts: Mapping[str, Iterable[str]] | None = None,
        spelling: Spelling | None = None,
        everywhere: Everywhere | None = None,
        languages: Iterable[str] = (),
    ) -> None:
        """Build the matcher for the words of ``languages``. Raises DataError when a wording is not well formed."""
        self.entries = tuple(entries)
        self._everywhere = everywhere or Everywhere()
        self._by_ids = {entry.ids: entry for entry in self.entries}
        self._concepts = {name: tuple(wordings) for name, wordings in (concepts or {}).items()}
        self._spelling = spelling or Spelling()
        self._book: Phrasebook[_Key] = self._bound(
            self.entries, (turns or Turns(),), self._concepts, spelling, frozenset(languages)
        )

    def book(
        self,
        language: str,
        entries: Iterable[Entry],
        turns: Turns | None = None,
        concepts: Mapping[str, Iterable[str]] | None = None,
    ) -> VocabularyBook:
        """More words for the same entries, to be read beside ours: those of one language.

        Entries are known by their ids. Raises DataError when a wording is not well formed.
        """
        told = dict(concepts or {})
        names = {**told, **self._concepts}
        return self._bound(
            (*self._everywhere.entries, *entries),
            (self._everywhere.turns, turns or Turns()),
            {name: (*self._concepts.get(name, ()), *told.get(name, ())) for name in names},
            self._spelling.abroad,
            frozenset({language}),
        )

    def _bound(
        self,
        entries: Iterable[Entry],
        all_turns: Iterable[Turns],
        concepts: Mapping[str, Iterable[str]],
        spelling: Spelling | None,
        languages: frozenset[str],
    ) -> Phrasebook[_Key]:
        phrases: list[tuple[_Key, str]] = []
        for entry in entries:
            ours = self._by_ids[entry.ids]
            for kind, wordings in (
                (_Kind.SAYS, entry.says),
                (_Kind.HINTS, entry.hints),
                (_Kind.UNLESS, entry.unless),
            ):
                phrases += [(_Key(kind, ours), wording) for wording in wordings]
        for turns in all_turns:
            for turn in TURNS:
                phrases += [(_Key(_Kind(turn)), wording) for wording in getattr(turns, turn)]
        return Phrasebook(phrases, concepts, spelling, languages)

    def read(
        self, text: str | Said, beside: Iterable[VocabularyBook] = (), languages: Collection[str] = ()
    ) -> CodeReading:
        """The one id the text names, or several to ask about, or none.

        ``beside`` are books of other languages, ``languages`` those the text may be in.
        """
        hits = find_all((self._book, *beside), text, languages)
        names = _outright([hit for hit in hits if hit.key.kind in _NAMES], hits)
        names = [hit for hit in names if not _touches(hits, _Kind.NEGATIONS, hit.start)]
        missing = {hit.start for hit in hits if hit.key.kind is _Kind.ABSENCES}
        names = [hit for hit in names if hit.end not in missing]
        names = _without_targets(names, hits)
        names = _yielding(names)
        return _reading([_ids(hit) for hit in _strongest(names)])


def _ids(hit: Hit[_Key]) -> tuple[str, ...]:
    return hit.key.entry.ids if hit.key.entry else ()


def _outright(names: list[Hit[_Key]], hits: list[Hit[_Key]]) -> list[Hit[_Key]]:
    """The longest names, without those that a wider wording explains away."""
    excuses = [hit for hit in hits if hit.key.kind is _Kind.UNLESS]
    names = [hit for hit in names if not any(e.key.entry is hit.key.entry and e.explains(hit) for e in excuses)]
    return [hit for hit in names if not any(_swallows(other, hit) for other in names)]


def _swallows(longer: Hit[_Key], hit: Hit[_Key]) -> bool:
    """True when the hit is but a part of the longer one; a hint never swallows a name."""
    is_weaker = longer.key.kind is _Kind.HINTS and hit.key.kind is _Kind.SAYS
    return longer.covers(hit) and not hit.covers(longer) and not is_weaker


def _touches(hits: list[Hit[_Key]], kind: _Kind, start: int) -> bool:
    return any(hit.key.kind is kind and hit.end == start for hit in hits)


def _without_targets(names: list[Hit[_Key]], hits: list[Hit[_Key]]) -> list[Hit[_Key]]:
    """Names of what the person has, not of what the person wants to have instead."""
    ends = {hit.end for hit in names}
    bridges = {hit.end for hit in hits if hit.key.kind is _Kind.BETWEEN and hit.start in ends}
    names = [hit for hit in names if hit.start not in bridges and not _touches(hits, _Kind.TARGETS, hit.start)]
    hoped = {hit.start for hit in hits if hit.key.kind is _Kind.HOPES}
    kept = [hit for hit in names if hit.end not in hoped and not _touches(hits, _Kind.WISHES, hit.start)]
    return kept or names


def _yielding(names: list[Hit[_Key]]) -> list[Hit[_Key]]:
    said = {hit: _ids(hit) for hit in names}
    return [
        hit
        for hit in names
        if hit.key.entry is None
        or not any(
            other.key.entry is not hit.key.entry and code.startswith(hit.key.entry.yields_to)
            for other, codes in said.items()
            for code in codes
        )
    ]


def _strongest(names: list[Hit[_Key]]) -> list[Hit[_Key]]:
    """What was named outright, if anything was, with the hints that tell several named ids apart."""
    outright = [hit for hit in names if hit.key.kind is _Kind.SAYS]
    if not outright:
        return names
    open_ids = {code for hit in outright if len(_ids(hit)) > 1 for code in _ids(hit)}
    return [hit for hit in names if hit.key.kind is _Kind.SAYS or open_ids.issuperset(_ids(hit))]


def _reading(named: list[tuple[str, ...]]) -> CodeReading:
    """One id when the names agree on it, else all of them in the order they were said."""
    narrowed: list[tuple[str, ...]] = []
    for ids in sorted(named, key=len):
        if not any(set(known) & set(ids) for known in narrowed):
            narrowed.append(ids)
        elif len(ids) > 1:
            narrowed = [tuple(c for c in known if c in ids) or known for known in narrowed]
    candidates = tuple(dict.fromkeys(code for ids in narrowed for code in ids))
    if not candidates:
        return NOTHING
    if len(candidates) == 1:
        return CodeReading(Status.FOUND, candidates[0])
    return CodeReading(Status.AMBIGUOUS, None, candidates)
