"""How a place name sounds, roughly, whatever the script it is written in.

"بوبيني", "Бобиньи", "ববিনি", "bobinie" and "Bobigny" come out alike. Made for finding French names in
transliterations that no list holds; not a phonology of any language.
Must not know: any place.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

VOWELS = frozenset("aeiou")

_ALIKE = {"b": "P", "p": "P", "f": "F", "v": "F", "t": "T", "d": "T", "k": "K", "g": "K", "s": "S", "j": "S", "x": "S"}
"""Consonants that scripts and keyboards confuse; ``x`` stands for the sound of "ch". Others keep their own class."""

_FRENCH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"x$", ""),
        (r"(?<=on)t(?=[bcdfgjklmnpqsv])", ""),
        (r"x", "ks"),
        (r"sch|sh|ch|tch", "x"),
        (r"ph", "f"),
        (r"h", ""),
        (r"gn", "ni"),
        (r"qu|q|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "g"),
        (r"g(?=[eiy])", "j"),
        (r"z", "s"),
        (r"eau|au", "o"),
        (r"(?<=[aeou])ill?(?=e?s?$)|(?<=[aeou])ill", "Y"),
        (r"oeu|eu", "e"),
        (r"ou|oo", "u"),
        (r"oi|oy", "ua"),
        (r"ai[mn](?![aeiouymn])|ei[mn](?![aeiouymn])|[iy]m(?![aeiouym])|yn(?![aeiouyn])|un(?![aeiouyn])", "in"),
        (r"e[nm](?![aeiouymn])|am(?![aeiouym])", "an"),
        (r"om(?![aeiouym])", "on"),
        (r"ai|ei", "e"),
        (r"(?<=[a-z]i)ers?$|ez$", "e"),
        (r"y", "i"),
        (r"w", "u"),
        (r"(.)\1+", r"\1"),
    )
)
_MUTE_END = re.compile(r"(?<=[a-zY]{2})(?:es?|er|ets?|[tdsxp]+)$")
_END_E = re.compile(r"(?<=[a-zY]{2})es?$")

_LETTERS: dict[str, str] = {
    # Arabic script, after folding: a second sound follows where speakers differ.
    **dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", (
        "a", "b", "t", "t", "jg", "", "k", "d", "d", "r", "s", "s", "x", "s", "d", "t", "d", "a", "gr", "f", "k",
        "k", "l", "m", "n", "", "u", "i"), strict=True)),
    **dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњ", (
        "a", "b", "v", "g", "d", "e", "j", "s", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "k",
        "s", "x", "x", "x", "", "i", "", "e", "u", "a", "i", "i", "e", "g", "u", "i", "l", "n"), strict=True)),
    **dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", (
        "a", "b", "g", "d", "e", "v", "s", "t", "i", "k", "l", "m", "n", "o", "p", "j", "r", "s", "t", "u", "p", "k",
        "g", "k", "x", "x", "s", "s", "s", "x", "k", "j", ""), strict=True)),
    **dict(zip("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ", (
        "a", "b", "g", "d", "e", "s", "e", "e", "t", "j", "i", "l", "k", "s", "k", "", "s", "g", "x", "m", "i", "n",
        "x", "o", "x", "p", "j", "r", "s", "v", "t", "r", "s", "v", "p", "k", "o", "f"), strict=True)),
    **dict(zip("αβγδεζηθικλμνξοπρστυφχψω", (
        "a", "v", "g", "d", "e", "s", "i", "t", "i", "k", "l", "m", "n", "ks", "o", "p", "r", "s", "t", "u", "f", "x",
        "ps", "o"), strict=True)),
    **dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", (
        "a", "b", "g", "d", "", "u", "s", "", "t", "i", "k", "k", "l", "m", "m", "n", "n", "s", "a", "p", "p", "s",
        "s", "k", "r", "x", "t"), strict=True)),
}  # fmt: skip

_INDIC_CONSONANTS = dict(
    zip(
        range(0x15, 0x3A),
        "kkggnxxjjnttddnttddnnppbbmirrlllvxxsh",
        strict=True,
    )
)
_INDIC_VOWELS = {
    **dict(zip(range(0x05, 0x15), "aaiiuurleeeeoooo", strict=True)),
    **dict(zip(range(0x3E, 0x4D), "aiiuurreeeeoooo", strict=True)),
}
_INDIC_NASALS = frozenset({0x01, 0x02})
_VIRAMA = 0x4D

_ETHIOPIC = "hlhmsrsxkkkkbvtxhhnn'kkkku'sjiddjggntxpssfp"
"""Consonants of the rows of eight from U+1200; the vowel is the place in the row."""
_ETHIOPIC_VOWELS = ("e", "u", "i", "a", "e", "", "o", "a")

_MOST_VARIANTS = 8


def sounds_of(words: list[str]) -> tuple[str, ...]:
    """How folded words sound when read one after the other: one to eight ways, the likeliest first."""
    parts = [_word_sounds(word) for word in words]
    ways = ["".join(way) for way in product(*parts)] if len(parts) < 4 else ["".join(part[0] for part in parts)]
    return tuple(dict.fromkeys(_single(way) for way in ways))[:_MOST_VARIANTS]


def script_of(word: str) -> int:
    """A number that words of one script share: 0 for Latin."""
    return 0 if word[0] < "\u0370" else ord(word[0]) // 0x80


def is_vowelless(word: str) -> bool:
    """True for words of scripts that leave vowels out."""
    return "\u0590" <= word[0] <= "\u06ff"


def skeleton_of(sound: str) -> str:
    """The consonant classes of a sound: ``PPN`` for Bobigny."""
    return "".join(_ALIKE.get(letter, letter.upper()) for letter in sound if letter not in VOWELS)


def distance(said: str, name: str, limit: float, *, vowel: float = 0.35) -> float:
    """How far two sounds are apart: a vowel costs ``vowel``, a consonant of the same class a quarter, others one.

    ``limit + 1`` when it is more than ``limit``.
    """
    gap = dict.fromkeys(VOWELS, vowel)
    before = [0.0]
    for letter in name:
        before.append(before[-1] + gap.get(letter, 1.0))
    for heard in said:
        row = [before[0] + gap.get(heard, 1.0)]
        for at, letter in enumerate(name):
            row.append(
                min(
                    before[at] + _swap_cost(heard, letter, vowel),
                    before[at + 1] + gap.get(heard, 1.0),
                    row[at] + gap.get(letter, 1.0),
                )
            )
        if min(row) > limit:
            return limit + 1
        before = row
    return before[-1]


def _swap_cost(one: str, other: str, vowel: float) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return vowel
    return 0.25 if _ALIKE.get(one, one) == _ALIKE.get(other, other) else 1.2


def _word_sounds(word: str) -> tuple[str, ...]:
    """Ways to say one word; Latin letters are read the French way, with and without the mute end."""
    if word.isascii():
        return _french(word)
    code = ord(word[0])
    if 0x0900 <= code < 0x0E00:
        return (_indic(word),)
    if 0x1200 <= code < 0x1360:
        return (_ethiopic(word),)
    letters = [_LETTERS.get(letter, "") for letter in _plain(word)]
    choices = [tuple(sound) if sound in {"jg", "gr"} else (sound,) for sound in letters]
    if word[0] == "و":
        choices[0] = ("u", "v")
    elif word.startswith(("او", "اي")):
        choices[:2] = [("",), ("o",) if word[1] == "و" else ("i",)]
    return tuple("".join(way) for way, _number in zip(product(*choices), range(4), strict=False))


def _french(word: str) -> tuple[str, ...]:
    loud = word
    for pattern, sound in _FRENCH:
        loud = pattern.sub(sound, loud)
    ends = (_END_E.sub("", loud), _MUTE_END.sub("", loud))
    return tuple(dict.fromkeys(end.replace("Y", liquid) for liquid in ("i", "il") for end in ends))


def _plain(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if unicodedata.category(letter) != "Mn")


def _indic(word: str) -> str:
    """Brahmic scripts share one layout: a consonant carries "a" until a vowel sign or a virama follows."""
    sound = ""
    for letter in unicodedata.normalize("NFC", word):
        at = (ord(letter) - 0x0900) % 0x80
        if at in _INDIC_CONSONANTS:
            sound += _INDIC_CONSONANTS[at].replace("h", "") + "a"
        elif 0x3E <= at < _VIRAMA:
            sound = sound.removesuffix("a") + _INDIC_VOWELS[at]
        elif at == _VIRAMA:
            sound = sound.removesuffix("a")
        elif at in _INDIC_NASALS:
            sound += "n"
        elif at in _INDIC_VOWELS:
            sound += _INDIC_VOWELS[at]
    return sound.removesuffix("a") if (ord(word[-1]) - 0x0900) % 0x80 in _INDIC_CONSONANTS else sound


def _ethiopic(word: str) -> str:
    sound = ""
    for letter in word:
        row, column = divmod(ord(letter) - 0x1200, 8)
        if 0 <= row < len(_ETHIOPIC):
            sound += _ETHIOPIC[row].strip("h'") + _ETHIOPIC_VOWELS[column]
    return sound


def _single(sound: str) -> str:
    """Without doubled sounds, and with one nasal before b and p."""
    return re.sub(r"m(?=[bp])", "n", re.sub(r"(.)\1+", r"\1", sound))
