"""Everyday words that are, or are written or sound nearly as, the name of a place.

"Rue", "Eu" and "Le Titre" are communes; "reines" is one slip from Rennes. Such words are found by running the
dictionaries of the people we talk with against the names, once a year, not by a list made by hand.
Must not know: texts, contexts.
"""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING, Any

from bot.core.near_names import NearNames
from bot.core.place_text import tokens, word_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DICTIONARIES = {
    "fr": 4.0,
    "en": 3.0,
    "es": 3.0,
    "pt": 3.0,
    "it": 3.0,
    "de": 3.0,
    "tr": 3.0,
    "ro": 3.0,
    "pl": 3.0,
    "nl": 3.0,
}
"""Languages whose words silence a commune of the same name, and from which frequency (Zipf scale)."""

NEAR_DICTIONARIES = ("fr", "ar", "fa", "ur", "ru", "uk", "bn", "ta", "id", "sh", "sv")
"""Further languages whose words must not be taken for a misspelt or transliterated name."""


def ordinary_words(
    french: Iterable[str], frequent: Path, small_names: Iterable[str], near: Iterable[str], clitics: tuple[str, ...]
) -> list[str]:
    """The words, folded, sorted.

    ``french`` is a French word list, ``frequent`` the archive of word frequencies, ``small_names`` the folded names
    of communes, ``near`` the spellings that a misspelt word is compared with, ``clitics`` what Arabic glues before it.
    """
    french_words = {word for entry in french for word in _words(entry)}
    everyday = set(french_words)
    rarer = set(french_words)
    with zipfile.ZipFile(frequent) as archive:
        for language, least in DICTIONARIES.items():
            everyday |= {
                word for entry, zipf in _frequencies(archive, language) if zipf >= least for word in _words(entry)
            }
        for language in NEAR_DICTIONARIES:
            rarer |= {word for entry, _zipf in _frequencies(archive, language) for word in _words(entry)}
    in_names = {word for name in small_names for word in name.split()}
    spellings = sorted(set(near))
    index = NearNames((spelling, spelling) for spelling in spellings)
    known = {spelling.replace(" ", "") for spelling in spellings}
    colliding = {word for word in everyday | rarer if word not in known and _collides(word, index, clitics)}
    return sorted((everyday & in_names) | colliding)


def _collides(word: str, index: NearNames, clitics: tuple[str, ...]) -> bool:
    """True when the word would be taken for a name; its own inflection ("Париже") may be."""
    bare = [word.removeprefix(clitic) for clitic in clitics] if "\u0600" <= word[0] <= "\u06ff" else []
    for form in {word, *(form for form in bare if len(form) > 3)}:
        _slips, keys = index.by_spelling([form])
        if not keys:
            _apart, keys = index.by_sound([form])
        if keys and (word.isascii() or not any(form.startswith(key[:-1]) for key in keys)):
            return True
    return False


def _words(entry: str) -> Iterator[str]:
    """The folded word of an entry that is one word; nothing for others."""
    found = tokens(entry)
    if len(found) == 1 and not found[0].is_number:
        yield word_of(entry)


def _frequencies(archive: zipfile.ZipFile, language: str) -> Iterator[tuple[str, float]]:
    """Words of a language and their Zipf frequency: the archive holds lists by hundredth of a decade."""
    packed = gzip.decompress(archive.read(f"wordfreq/data/small_{language}.msgpack.gz"))
    lists, _end = _unpack(packed, 0)
    for centibels, words in enumerate(lists[1:]):
        for word in words:
            yield word, 9 - centibels / 100


def _unpack(data: bytes, at: int) -> tuple[Any, int]:
    """The MessagePack value at an offset, and the offset after it: strings, small integers, arrays and maps."""
    kind = data[at]
    at += 1
    if kind < 0x80:
        return kind, at
    if 0xA0 <= kind < 0xC0 or kind in {0xD9, 0xDA}:
        width = {0xD9: 1, 0xDA: 2}.get(kind, 0)
        size = int.from_bytes(data[at : at + width], "big") if width else kind & 0x1F
        at += width
        return data[at : at + size].decode(), at + size
    width = {0xDC: 2, 0xDD: 4, 0xDE: 2}.get(kind, 0)
    size = int.from_bytes(data[at : at + width], "big") if width else kind & 0x0F
    at += width
    is_map = kind < 0x90 or kind == 0xDE
    values = []
    for _value in range(2 * size if is_map else size):
        value, at = _unpack(data, at)
        values.append(value)
    return values, at
