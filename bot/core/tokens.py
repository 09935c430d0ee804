"""Cutting what people type into comparable words, whatever the script.

Must not know: any language's words; short spellings and glued units are passed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.core.spelling import Marks
from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

START = "^"
END = "$"
"""Words that stand before the first and after the last; no one can type them."""

_SAME_LETTERS = str.maketrans(
    {
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ۃ": "ه",
        "ى": "ي",
        "ی": "ي",
        "ے": "ي",
        "ې": "ي",
        "ۍ": "ي",
        "ک": "ك",
        "ڭ": "ك",
        "ڤ": "ف",
        "ں": "ن",
        "ټ": "ت",
        "ځ": "خ",
        "ı": "i",
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "\u0640": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "_": " ",
    }
)
"""Letters that keyboards and languages exchange freely; joiners and stretches say nothing."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_INITIALS = re.compile(r"(?<!\w)(?:\w\.){2,}\w?(?!\w)")
_SCAN = re.compile(
    rf"""
      (?<![\w.,/])\d+[.,]\d(?![\w.,/])         # 4,5 months, but not a date
    | [{_HAN}]                                 # one sign, one word: no spaces to go by
    | (?:(?![{_HAN}])[\w\u0900-\u0dff])+       # vowel signs of the Indic scripts belong to the word
    | [€$£]
    | →
    | [.!?;\n؟۔।。]
    """,
    re.VERBOSE,
)
_ENDS = frozenset(".!?;\n؟۔।。")
_CLAUSE_ENDS = re.compile(r"(?:(?<!\d)[,.]|[,.](?!\d)|[;:!?\n،؛؟۔।。、])+")
"""Marks after a clause; not those inside a number."""
_QUESTIONS = frozenset("?؟")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_CHAT_LETTERS = str.maketrans({"7": "h", "5": "kh", "8": "gh", "9": "q"})
"""Digits that stand for Arabic letters when Arabic is typed on a Latin keyboard; 3 has no other spelling."""
_CHAT_WORD = re.compile(r"(?=\w*[a-z]\w*[a-z])(?=\w*[5789])[a-z0-9]{3,}")
_GLUED = re.compile(r"(\d+)([^\W\d]+)")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as folded words; ``continues[i]`` is True when word i goes on the sentence of word i - 1."""

    words: tuple[str, ...]
    continues: tuple[bool, ...]
    places: tuple[int, ...] = ()
    """The typed word that each word was read from: ``jai`` is one place and two words; empty: each its own."""
    marks: Marks = field(default_factory=Marks, repr=False, compare=False)

    def place(self, at: int) -> int:
        """Where word ``at`` was typed, whatever was written out before it."""
        return self.places[at] if self.places and at < len(self.places) else at


@dataclass(frozen=True, eq=False)
class Spelling:
    """What is known of careless spelling: data of bot/data/lexicon.yml; told apart by identity, to be looked up by."""

    short: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A folded word as typed, and the words it stands for: ``jai`` is ``j ai``."""
    units: frozenset[str] = frozenset()
    """Folded words that people glue to a single digit: ``3mois``."""
    decoys: frozenset[str] = frozenset()
    """Folded words that are right as they are, however near to another they look: ``menage``, not ``menace``."""
    local: frozenset[str] = frozenset()
    """Keys of ``short`` that are whole words of other languages: ``na``, ``pa``, ``sil``."""

    @cached_property
    def abroad(self) -> Spelling:
        """The same for texts in other languages than those of ``local``; always the same one."""
        if not self.local:
            return self
        short = {typed: meant for typed, meant in self.short.items() if typed not in self.local}
        return replace(self, short=short, local=frozenset())


@dataclass(frozen=True, slots=True)
class Said:
    """A text that many readers read: it is cut into words once for each spelling, when a reader first needs it."""

    text: str
    _cut: dict[Spelling, Tokens] = field(default_factory=dict, repr=False, compare=False)
    _marks: Marks = field(default_factory=Marks, repr=False, compare=False)

    def tokens(self, spelling: Spelling) -> Tokens:
        """The words of the text in this spelling."""
        tokens = self._cut.get(spelling)
        if tokens is None:
            tokens = self._cut[spelling] = replace(tokenise(self.text, spelling), marks=self._marks)
        return tokens


def said(text: str | Said) -> Said:
    """What was said, whether somebody else reads it too or not."""
    return text if isinstance(text, Said) else Said(text)


def tokenise(text: str, spelling: Spelling) -> Tokens:
    """The words of a text between START and END, with short spellings written out."""
    words: list[str] = [START]
    continues: list[bool] = [False]
    places: list[int] = [0]
    is_inside = True
    for piece in _SCAN.findall(_folded(text)):
        if piece in _ENDS:
            is_inside = False
            continue
        place = places[-1] + 1
        for word in _spell(piece, spelling):
            words.append(word)
            continues.append(is_inside)
            places.append(place)
            is_inside = True
    end = places[-1] + 1
    return Tokens((*words, END), (*continues, True), (*places, end, end + 1))


def asked_places(text: str) -> frozenset[int]:
    """The places (as in ``Tokens.places``) of words in a clause that ends in a question mark: told as no fact."""
    folded = _folded(text)
    found: set[int] = set()
    at, place = 0, 1
    for mark in _CLAUSE_ENDS.finditer(folded):
        after = place + sum(piece not in _ENDS for piece in _SCAN.findall(folded[at : mark.start()]))
        if not _QUESTIONS.isdisjoint(mark.group()):
            found.update(range(place, after))
        at, place = mark.end(), after
    return frozenset(found)


def _folded(text: str) -> str:
    folded = fold(text).replace("->", " → ").translate(_SAME_LETTERS)
    return _INITIALS.sub(lambda found: found.group().replace(".", ""), folded)


def _spell(piece: str, spelling: Spelling) -> tuple[str, ...]:
    word = _REPEATED.sub(r"\1\1", piece)
    short = spelling.short.get(word)
    if short is not None:
        return short
    glued = _GLUED.fullmatch(word)
    if glued and (len(glued[1]) > 1 or glued[2] in spelling.units):
        return (glued[1], *spelling.short.get(glued[2], (glued[2],)))
    if _CHAT_WORD.fullmatch(word):
        word = word.translate(_CHAT_LETTERS)
    return (word,)
