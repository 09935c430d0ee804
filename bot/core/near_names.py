"""Names that are written or sound nearly like what a person typed: bounded, indexed, no dependency.

Spelling: one slip in names of five to eight letters, two in longer ones, found by the parts that the slips
leave untouched. Sound: same consonants, vowels nearly (core.sounds).
Must not know: what the names are names of.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.sounds import distance, is_vowelless, script_of, skeleton_of, sounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 5
"""Letters; shorter names have too many neighbours."""

TWO_SLIPS_FROM = 9

FEWEST_SOUNDS = 4
"""Of a name of two consonants: fewer are a syllable of any language."""

FEWEST_CONSONANTS = 3
"""Fewer make names of every syllable."""

LARGEST_SOUND_GAP = 0.13
"""Per letter of the name's sound: two vowels in "Bobigny", three in "Argenteuil"."""


_LATER_WAY = 0.15
"""Added where the likeliest way to read the word is not the one that fits."""


class NearNames:
    """An index over folded names."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Index pairs of a folded spelling and the key it stands for."""
        self._parts: dict[tuple[int, int, str], list[str]] = {}
        self._keys: dict[str, set[str]] = {}
        self._lengths: dict[str, set[int]] = {}
        self._brief: dict[tuple[str, int], set[str]] = {}
        self._sounds: dict[str, dict[tuple[str, int, int], set[str]]] = {}
        for spelling, key in names:
            self._add_spelling(spelling, key)
            self._add_sound(spelling, key)

    def _add_spelling(self, spelling: str, key: str) -> None:
        joined = spelling.replace(" ", "")
        self._lengths.setdefault(joined, set()).add(spelling.count(" ") + 1)
        keys = self._keys.setdefault(joined, set())
        keys.add(key)
        if len(keys) > 1 or len(joined) < SHORTEST:
            return
        for number, (start, end) in enumerate(_cuts(len(joined))):
            self._parts.setdefault((len(joined), number, joined[start:end]), []).append(joined)

    def _add_sound(self, spelling: str, key: str) -> None:
        words = spelling.split()
        for sound in sounds_of(words):
            skeleton = skeleton_of(sound)
            if len(skeleton) >= FEWEST_CONSONANTS and len(sound) >= SHORTEST:
                entry = (sound, script_of(spelling), len(words))
                self._sounds.setdefault(skeleton, {}).setdefault(entry, set()).add(key)
            elif len(skeleton) >= 2 and len(sound) >= FEWEST_SOUNDS:
                self._brief.setdefault((sound, script_of(spelling)), set()).add(key)

    def by_letters(self, words: list[str]) -> frozenset[str]:
        """Keys of the names of exactly these letters, spaces aside."""
        return frozenset(self._keys.get("".join(words), ()))

    def by_spelling(self, words: list[str]) -> tuple[int, frozenset[str]]:
        """Number of slips and the keys of the nearest spellings; no key when nothing is near enough."""
        joined = "".join(words)
        if joined in self._keys:
            return 0, frozenset(self._keys[joined])
        best, nearest = 3, set[str]()
        for name in self._neighbours(joined):
            if len(words) > 1 and all(abs(len(words) - count) > 1 or count == 1 for count in self._lengths[name]):
                continue
            slips = spelling_slips(joined, name, min(best, slips_allowed(len(name))))
            if slips < best:
                best, nearest = slips, set()
            if slips == best and slips <= slips_allowed(len(name)):
                nearest |= self._keys[name]
        return best, frozenset(nearest)

    def by_sound(self, words: list[str], gap: float = LARGEST_SOUND_GAP) -> tuple[float, frozenset[str]]:
        """Distance and the keys of the names that sound nearest; none when all are farther than ``gap`` a letter."""
        best, nearest = 9.0, set[str]()
        vowel = 0.2 if is_vowelless(words[0]) else 0.35
        script = script_of(words[0])
        for way, said in enumerate(sounds_of(words)):
            for (sound, written, count), keys in self._sounds.get(skeleton_of(said), {}).items():
                if written not in {0, script} or not (len(words) == 1 or abs(len(words) - count) <= min(1, count - 1)):
                    continue
                limit = gap * len(sound) + 0.001
                apart = distance(said, sound, limit, vowel=vowel) + (_LATER_WAY if way else 0)
                if apart > limit or apart > best + 0.01:
                    continue
                if apart < best - 0.01:
                    best, nearest = apart, set()
                nearest |= keys
        return best, frozenset(nearest)

    def by_same_sound(self, words: list[str]) -> frozenset[str]:
        """Keys of the short French names that sound exactly like the words: two consonants leave no room for a slip."""
        if is_vowelless(words[0]):
            return frozenset()
        return frozenset().union(*(self._brief.get((said, 0), ()) for said in sounds_of(words)))

    def _neighbours(self, joined: str) -> set[str]:
        """Indexed names that share an untouched part with the word, where the slips allowed put it."""
        size = len(joined)
        found: set[str] = set()
        for length in range(max(SHORTEST, size - 2), size + 3):
            allowed = slips_allowed(length)
            if abs(length - size) > allowed:
                continue
            for number, (start, end) in enumerate(_cuts(length)):
                for shift in range(-allowed, allowed + 1):
                    if start + shift >= 0:
                        part = joined[start + shift : end + shift]
                        found.update(self._parts.get((length, number, part), ()))
        return found


def slips_allowed(length: int) -> int:
    """How many slips a name of so many letters may carry."""
    if length < SHORTEST:
        return 0
    return 1 if length < TWO_SLIPS_FROM else 2


def _cuts(length: int) -> list[tuple[int, int]]:
    """Start and end of the parts of a name: one more than the slips, so that one stays whole."""
    parts = slips_allowed(length) + 1
    bounds = [length * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


def spelling_slips(typed: str, name: str, limit: int) -> int:
    """Letters added, lost, changed or swapped with their neighbour; ``limit + 1`` when there are more."""
    if abs(len(typed) - len(name)) > limit:
        return limit + 1
    start = 0
    while start < min(len(typed), len(name)) and typed[start] == name[start]:
        start += 1
    typed, name = typed[start:], name[start:]
    end = 0
    while end < min(len(typed), len(name)) and typed[-1 - end] == name[-1 - end]:
        end += 1
    typed, name = typed[: len(typed) - end], name[: len(name) - end]
    rows = [list(range(len(name) + 1))]
    for at, letter in enumerate(typed):
        row = [at + 1]
        for to, other in enumerate(name):
            cost = min(rows[-1][to] + (letter != other), rows[-1][to + 1] + 1, row[to] + 1)
            if at and to and letter == name[to - 1] and typed[at - 1] == other:
                cost = min(cost, rows[-2][to - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        rows.append(row)
    return min(rows[-1][-1], limit + 1)
