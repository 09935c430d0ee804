"""Finding many phrases in one text at once.

The phrases of all languages lie in one tree of words; a text is read once from each of its words.
Must not know: any language's words, what a phrase means.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.core.errors import DataError
from bot.core.phrases import GAPS, NUMBER, expand
from bot.core.spelling import SHORTEST_FUZZY, Marks, Typos, forms
from bot.core.tokens import END, START, Said, Spelling, Tokens, said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

K = TypeVar("K")
_WHERE = "phrase"
ARABIC = "ar"
"""The one language whose words carry prefixes."""


@dataclass(frozen=True, slots=True)
class Hit(Generic[K]):
    """A phrase found in words ``start`` to ``end`` (excluded) of a text."""

    key: K
    start: int
    end: int

    def covers(self, other: Hit[K]) -> bool:
        """True when the other hit lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def explains(self, other: Hit[K]) -> bool:
        """True when this hit runs into the other, or on from it; one that lies amid the other explains nothing."""
        meets = self.start < other.end and other.start < self.end
        return meets and (self.start <= other.start or self.end >= other.end)


_NOWHERE: Mapping[str, Any] = MappingProxyType({})


class _Node(Generic[K]):
    """A place in the tree; most are leaves, so what is empty is shared (a third of the memory otherwise)."""

    __slots__ = ("ends", "gaps", "steps")

    def __init__(self) -> None:
        self.steps: Mapping[str, _Node[K]] = _NOWHERE
        self.gaps: Mapping[str, _Node[K]] = _NOWHERE
        self.ends: tuple[K, ...] = ()

    def grow(self, symbols: tuple[str, ...], key: K) -> None:
        node = self
        for symbol in symbols:
            node = node._beyond(symbol)
        if key not in node.ends:
            node.ends = (*node.ends, key)

    def _beyond(self, symbol: str) -> _Node[K]:
        known = self.gaps if symbol in GAPS else self.steps
        grown: dict[str, _Node[K]] = known if isinstance(known, dict) else {}
        if symbol in GAPS:
            self.gaps = grown
        else:
            self.steps = grown
        return grown.setdefault(sys.intern(symbol), _Node())


_KEPT_WORDS = 2048
"""Words a book keeps the symbols of; a language's few hundred commonest are half of all that is said."""

Edges = list[dict[str, tuple[int, ...]]]
"""By word of a text: the symbols that begin there, each with the words it may be followed by."""


class Phrasebook(Generic[K]):
    """Phrases, each with the key it stands for."""

    def __init__(
        self,
        phrases: Iterable[tuple[K, str]],
        concepts: Mapping[str, Iterable[str]] | None = None,
        spelling: Spelling | None = None,
        languages: frozenset[str] = frozenset(),
    ) -> None:
        """Build the tree. Raises DataError for a phrase that is not well formed or names no known concept.

        ``languages`` are those whose phrases these are, where it matters; none: any.
        """
        self._spelling = spelling or Spelling()
        self._languages = languages
        self._known: set[str] = set()
        self._groups: set[str] = set()
        self._prefixes: dict[str, str] = {}
        self._tree: _Node[K] = _Node()
        self._group_tree: _Node[str] = _Node()
        self._concepts: _Node[str] = _Node()
        names = {f"<{name}>" for name in concepts or {}}
        for name, wordings in (concepts or {}).items():
            for wording in wordings:
                self._add(self._concepts, wording, f"<{name}>", frozenset())
        for key, phrase in phrases:
            self._add(self._tree, phrase, key, names)
        self._typos = Typos(word for word in self._known if not word.isdigit())
        self._prefix_typos = Typos(self._prefixes)
        self._prefix_lengths = tuple(sorted({len(p) for p in self._prefixes if len(p) >= SHORTEST_FUZZY}))
        self._symbols_kept: dict[int, tuple[str, ...]] = {}

    def _add(self, tree: _Node[K] | _Node[str], phrase: str, key: K | str, concepts: Iterable[str]) -> None:
        expansion = expand(phrase, self._spelling)
        for group, readings in expansion.groups.items():
            if group not in self._groups:
                self._groups.add(group)
                for reading in readings:
                    self._learn(reading)
                    self._group_tree.grow(reading, group)
        for reading in expansion.readings:
            for symbol in reading:
                if symbol.startswith("<") and not (symbol in self._groups or symbol == NUMBER or symbol in concepts):
                    raise DataError(_WHERE, phrase, f"no concept {symbol} may stand here")
            self._learn(reading)
            tree.grow(reading, key)  # type: ignore[arg-type]

    def _learn(self, reading: tuple[str, ...]) -> None:
        for symbol in reading:
            if symbol.endswith("*"):
                self._prefixes[symbol[:-1]] = symbol
            elif symbol not in GAPS and not symbol.startswith("<"):
                self._known.add(symbol)

    def tokens(self, text: str | Said) -> Tokens:
        """The words of a text as this book reads them."""
        return said(text).tokens(self._spelling)

    def find(self, text: str | Said | Tokens, *, has_prefixes: bool = True) -> list[Hit[K]]:
        """Every phrase in the text, by place; the same phrase once for each of its places."""
        tokens = text if isinstance(text, Tokens) else self.tokens(text)
        edges: Edges = [
            dict.fromkeys(self._symbols(word, tokens.marks, has_prefixes=has_prefixes), (after,))
            for after, word in enumerate(tokens.words, start=1)
        ]
        if not any(edges):
            return []
        for tree in (self._group_tree, self._concepts):
            for hit in _search(tree, tokens, edges):
                begins = edges[hit.start]
                begins[hit.key] = (*begins.get(hit.key, ()), hit.end)
        return _search(self._tree, tokens, edges)

    def find_as(self, text: str | Said, languages: Collection[str]) -> list[Hit[K]]:
        """Every phrase in a text that may be in these languages (none: in any), at the places where it was typed.

        Places are those of the typed words, so that books with other spellings can be compared.
        """
        may_be_ours = not languages or not self._languages or not self._languages.isdisjoint(languages)
        tokens = said(text).tokens(self._spelling if may_be_ours else self._spelling.abroad)
        is_arabic = ARABIC in self._languages and (not languages or ARABIC in languages)
        hits = self.find(tokens, has_prefixes=is_arabic or not self._languages)
        return [Hit(hit.key, tokens.place(hit.start), tokens.place(hit.end - 1) + 1) for hit in hits]

    def _symbols(self, word: str, marks: Marks, *, has_prefixes: bool) -> Sequence[str]:
        """What a word may stand for; kept by its hash, so that no word but our own outlives an erasure in memory."""
        if word in (START, END):
            return [word] if word in self._known else []
        if word[0].isdigit() and word.replace(".", "").replace(",", "").isdigit():
            return [word, NUMBER]
        kept = self._symbols_kept
        mark = hash((word, has_prefixes))
        found = kept.get(mark)
        if found is None:
            if len(kept) >= _KEPT_WORDS:
                kept.clear()
            found = kept[mark] = tuple(self._found(word, marks, has_prefixes=has_prefixes))
        return found

    def _found(self, word: str, marks: Marks, *, has_prefixes: bool) -> list[str]:
        shapes = forms(word, has_prefixes=has_prefixes)
        found = [shape for shape in shapes if shape in self._known]
        prefixes = self._prefixes
        found += dict.fromkeys(
            prefixes[shape[:length]]
            for shape in (shapes if word[0] > "\u0600" else (word,))
            for length in range(1, len(shape) + 1)
            if shape[:length] in prefixes
        )
        if not found and len(word) >= SHORTEST_FUZZY - 1 and word not in self._spelling.decoys:
            found = self._guess(word, shapes, marks)
        return found

    def _guess(self, word: str, shapes: tuple[str, ...], marks: Marks) -> list[str]:
        if any(shape in self._spelling.decoys for shape in shapes):
            return []
        found = dict.fromkeys(near for shape in shapes for near in self._typos.near(shape, marks))
        for length in self._prefix_lengths:
            if length <= len(word):
                found.update(
                    dict.fromkeys(self._prefixes[near] for near in self._prefix_typos.near(word[:length], marks))
                )
        return list(found)


def find_all(books: Iterable[Phrasebook[K]], text: str | Said, languages: Collection[str] = ()) -> list[Hit[K]]:
    """Every phrase of any of the books in a text that may be in these languages; none: in any."""
    whole = said(text)
    return list(dict.fromkeys(hit for book in books for hit in book.find_as(whole, languages)))


def _search(tree: _Node[K], tokens: Tokens, edges: Edges) -> list[Hit[K]]:
    search: _Search[K] = _Search(tokens, edges)
    if tree.steps:
        for start, begins in enumerate(edges):
            if begins:
                search.step(tree, start, start)
    return list(search.found)


class _Search(Generic[K]):
    """One reading of one text."""

    def __init__(self, tokens: Tokens, edges: Edges) -> None:
        self._continues = tokens.continues
        self._edges = edges
        self._last = len(edges) - 1
        self.found: dict[Hit[K], None] = {}

    def step(self, node: _Node[K], start: int, at: int) -> None:
        edges, steps = self._edges[at], node.steps
        fewer, more = (edges, steps) if len(edges) < len(steps) else (steps, edges)
        for symbol in fewer:
            if symbol in more:
                for after in edges[symbol]:
                    self._arrive(steps[symbol], start, after)

    def _arrive(self, node: _Node[K], start: int, at: int) -> None:
        for key in node.ends:
            self.found[Hit(key, start, at)] = None
        if at > self._last:
            return
        if node.steps and (self._continues[at] or at == 1):
            self.step(node, start, at)
        for gap, beyond in node.gaps.items():
            self._leap(beyond, start, at, *GAPS[gap])

    def _leap(self, node: _Node[K], start: int, at: int, most: int, is_crossing: bool) -> None:
        for place in range(at, min(at + most, self._last) + 1):
            if not (self._continues[place] or is_crossing):
                break
            self.step(node, start, place)
