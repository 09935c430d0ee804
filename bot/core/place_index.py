"""Every name a place is called by, and how much it takes for the name to be meant.

Must not know: texts, contexts, what is done with a place that is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

from bot.core.near_names import SHORTEST, NearNames
from bot.core.place_text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.place_rows import CommuneRow, PlaceRows

TOWN = 10_000
"""Inhabitants from which a name is looked for when it is misspelt or shortened."""

_FORMER_POPULATION = 2_000
"""The tables give none for a merged commune: enough to be a village, too little to hide a town."""

_DEPARTEMENT_POPULATION = 1_000_000

_TELLING = 3
"""Words of a name, articles aside, that together are no everyday phrase."""

_LONG_SHORT_FORM = 7
"""Letters of a shortened name, such as "Champigny", that is still looked for when it is misspelt."""

_BRIEF = 4
"""Letters of a Latin spelling ("nant", "kale") that is a word of too many languages to be sure of."""

_ARTICLES = frozenset({"le", "la", "les", "l"})
JOINTS = frozenset({"sur", "sous", "en", "les", "lez", "la", "le", "du", "de", "des", "d", "aux", "au", "l", "et", "a"})
_CONTRACTED = {"au": "le", "du": "le", "aux": "les", "des": "les"}

_UNSPACED = (
    (0x0E00, 0x1000),
    (0x1000, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0xAC00, 0xD7B0),
)
"""Thai to Tibetan, Myanmar, Khmer, kana, Han, Hangul: names there are found inside longer runs of letters."""


class Level(IntEnum):
    """What a name needs to be a place."""

    SILENT = 0
    """The question, or a département beside it."""
    FAINT = 1
    """A word of living there or of the prefecture beside it, or standing alone as the answer."""
    WEAK = 2
    """A word such as "à" or "préfecture" beside it, or standing alone."""
    SURE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One thing a name may mean."""

    name: str
    departement: str
    arrondissement: str | None
    population: int
    is_seat: bool
    """Of an arrondissement."""
    is_curated: bool = False
    """Has a row in prefectures.csv."""
    is_departement: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling, all it may mean, and its level."""

    key: str
    places: tuple[Place, ...]
    level: Level
    asked: tuple[Place, ...] = ()
    """What to offer when a ruling says that this name is always asked about."""
    ruled: str | None = None
    """The département that a ruling gives the name."""


def is_unspaced(letter: str) -> bool:
    """True for scripts that put no space between words."""
    code = ord(letter)
    return code >= 0x0E00 and any(start <= code < end for start, end in _UNSPACED)


class NameIndex:
    """Names by folded key."""

    def __init__(self, rows: PlaceRows) -> None:
        """Index all rows; what is costly and rarely needed waits until it is asked for."""
        self._rows = rows
        self._rulings = rows.rulings
        self._ordinary = rows.ordinary
        self._arrondissements = {row.code: row.name for row in rows.arrondissements}
        self._seats = {row.seat_insee for row in rows.arrondissements} | {row.insee for row in rows.prefectures}
        self._curated = {row.insee for row in rows.prefectures}
        self._communes: dict[str, tuple[CommuneRow, ...]] = {}
        self._by_insee = {row.insee: row for row in rows.communes}
        for row in rows.communes:
            known = self._communes.get(row.key)
            self._communes[row.key] = (row,) if known is None else (*known, row)
        self._own: dict[str, list[Place]] = {}
        self._former: dict[str, list[Place]] = {}
        self._aliases: dict[str, list[str]] = {}
        self._shortened: set[str] = set()
        self._short_forms: set[str] = set()
        self._exonyms: set[str] = set()
        self._brief: set[str] = set()
        self._spelt: set[str] = set()
        self._towns = [row for row in rows.communes if row.population >= TOWN or row.insee in self._seats]
        self._add_departements()
        self._add_former()
        self._add_aliases()
        self._add_shortened()
        self.heads = self._longest_by_head()
        self.glyphs = self._unspaced_names()

    def name(self, key: str) -> Name | None:
        """What a folded key means, or None."""
        places = self._places(key)
        if not places:
            return None
        keys = (key, *self._aliases.get(key, ()))
        ask = next((self._rulings.ask[one] for one in keys if one in self._rulings.ask), {})
        return Name(
            key=key,
            places=tuple(dict.fromkeys(places)),
            level=self._level(key),
            asked=tuple(self.offered(code, name) for code, name in ask.items()),
            ruled=next((self._rulings.found[one] for one in keys if one in self._rulings.found), None),
        )

    def contracted(self, words: list[str]) -> Name | None:
        """The name behind "au Havre", "des Lilas": the article is part of it."""
        article = _CONTRACTED.get(words[0])
        return self.name(" ".join([article, *words[1:]])) if article and len(words) > 1 else None

    def is_ordinary(self, word: str) -> bool:
        """True for a word of everyday language."""
        return word in self._ordinary

    def is_never(self, key: str) -> bool:
        """True for a phrase that holds a place name and is none."""
        return key in self._rulings.never

    def region(self, key: str) -> tuple[str, ...]:
        """The départements of a region, or none."""
        return self._rulings.regions.get(key, ())

    def around(self, places: Iterable[Place]) -> tuple[str, ...]:
        """The départements that "near it" may mean, or none where it is likely the town's own."""
        around = self._rulings.around
        towns = [key_of(place.name) for place in places if not place.is_departement]
        return next((around[town] for town in towns if town in around), ())

    def commune(self, name: str, departement: str) -> CommuneRow | None:
        """The commune of this name in this département."""
        rows = self._communes.get(key_of(name), ())
        return next((row for row in rows if row.departement == departement), None)

    def place(self, row: CommuneRow) -> Place:
        """A commune as something a name may mean."""
        return Place(
            name=row.name,
            departement=row.departement,
            arrondissement=self._arrondissements.get(row.arrondissement),
            population=row.population,
            is_seat=row.insee in self._seats,
            is_curated=row.insee in self._curated,
        )

    @cached_property
    def near(self) -> NearNames:
        """Towns, seats and départements by spelling and by sound, with their names in other scripts."""
        return NearNames((spelling, spelling) for spelling in self.near_spellings)

    @cached_property
    def postcodes(self) -> dict[str, tuple[CommuneRow, ...]]:
        """The communes of each postcode."""
        found: dict[str, list[CommuneRow]] = {}
        for row in self._rows.communes:
            for postcode in row.postcodes.split():
                found.setdefault(postcode, []).append(row)
        return {postcode: tuple(rows) for postcode, rows in found.items()}

    @cached_property
    def near_spellings(self) -> tuple[str, ...]:
        """What a misspelt word is compared with: towns, seats, départements, and their names in other scripts."""
        spellings = {row.key for row in self._towns} | {key_of(name) for name in self.departement_names.values()}
        spellings |= {
            alias
            for alias in self._aliases
            if alias not in self._spelt
            and not is_unspaced(alias[0])
            and (not alias.isascii() or alias in self._exonyms)
        }
        spellings |= {short for short in self._short_forms if len(short) >= _LONG_SHORT_FORM}
        return tuple(sorted(one for one in spellings if self._level(one) is not Level.SILENT))

    def _places(self, key: str) -> list[Place]:
        places = list(self._own.get(key, ()))
        places += [self.place(row) for row in self._communes.get(key, ())]
        places += self._former.get(key, ())
        for target in self._aliases.get(key, ()):
            places += self._own.get(target, ())
            places += [self.place(row) for row in self._communes.get(target, ())]
            places += self._former.get(target, ())
        return places

    def _level(self, key: str) -> Level:
        if key in self._rulings.silent:
            return Level.SILENT
        if key in self._rulings.faint or key in self._brief:
            return Level.FAINT
        if key in self._rulings.weak or key in self._shortened:
            return Level.WEAK
        if key in self._rulings.ask or key in self._rulings.also:
            return Level.SURE
        is_known = key in self._own or key in self._aliases
        rows = self._communes.get(key, ())
        if is_known or any(row.population >= TOWN or row.insee in self._seats for row in rows):
            return Level.SURE if len(key) > 3 or is_unspaced(key[0]) else Level.WEAK
        content = [word for word in key.split() if word not in _ARTICLES]
        if len(content) < _TELLING and all(word in self._ordinary or word in JOINTS for word in content):
            return Level.WEAK if content and content[0] in {"saint", "sainte"} else Level.SILENT
        return Level.WEAK if len(content) == 1 else Level.SURE

    def _add_departements(self) -> None:
        names = {row.departement: row.departement_name for row in self._rows.prefectures}
        names |= {row.code: row.name for row in self._rows.collectivities}
        self.departement_names = names
        for code, name in names.items():
            if code == "75":
                continue
            key = key_of(name)
            self._own.setdefault(key, []).append(self._departement(code))
            head, _space, bare = key.partition(" ")
            if head in _ARTICLES:
                self._aliases.setdefault(bare, []).append(key)
        for name, codes in self._rulings.ask.items():
            if not self._communes.get(name):
                for code, offered in codes.items():
                    self._own.setdefault(name, []).append(self.offered(code, offered))
        for name, code in self._rulings.also.items():
            self._own.setdefault(name, []).append(self._departement(code))

    def offered(self, code: str, name: str) -> Place:
        """A place that a ruling names: the commune, or the département when no commune there is called so."""
        row = self.commune(name, code)
        return self.place(row) if row else self._departement(code)

    def _departement(self, code: str) -> Place:
        return Place(
            name=self.departement_names[code],
            departement=code,
            arrondissement=None,
            population=_DEPARTEMENT_POPULATION,
            is_seat=True,
            is_curated=True,
            is_departement=True,
        )

    def _add_former(self) -> None:
        for former in self._rows.former:
            into = self._by_insee[former.current_insee]
            place = Place(
                name=former.name,
                departement=into.departement,
                arrondissement=self._arrondissements.get(into.arrondissement),
                population=_FORMER_POPULATION,
                is_seat=False,
            )
            self._former.setdefault(former.key, []).append(place)

    def _add_aliases(self) -> None:
        for row in self._rows.prefectures:
            seat = self._by_insee[row.insee].key
            departement = "paris" if row.departement == "75" else key_of(row.departement_name)
            self._alias(row.city_names, seat)
            self._alias(row.departement_names, departement)
        for collectivity in self._rows.collectivities:
            self._alias(collectivity.names, key_of(collectivity.name))
        for exonym in self._rows.exonyms:
            self._alias(exonym.names, self._by_insee[exonym.insee].key)
            self._exonyms.update(name.lower() for name in exonym.names if len(name) >= SHORTEST)
        known = {*self._aliases, *self._own}
        for spelling in self._rows.spellings:
            for key in self._alias(spelling.names, spelling.place):
                if key not in known:
                    self._spelt.add(key)
                    if len(key) <= _BRIEF and key.isascii() and key not in self._communes:
                        self._brief.add(key)

    def _alias(self, names: Iterable[str], target: str) -> list[str]:
        """Add the names of one place; their keys."""
        keys = [key for name in names if (key := key_of(name)) and key != target]
        for key in keys:
            if target not in self._aliases.setdefault(key, []):
                self._aliases[key].append(target)
        return keys

    def _add_shortened(self) -> None:
        """Add "Aulnay" for Aulnay-sous-Bois, "Courneuve" for La Courneuve, "Billancourt" for its second half."""
        for row in self._towns:
            words = row.key.split()
            shorter: list[list[str]] = []
            if words[0] in _ARTICLES and len(words) > 1:
                shorter.append(words[1:])
            first = 1 if words[0] in _ARTICLES else 0
            at = next((at for at in range(first + 1, len(words)) if words[at] in JOINTS), None)
            if at is None and len(words) > 1 and not first and words[0] not in {"saint", "sainte"}:
                at = 1
            if at is not None:
                shorter.append(words[:at])
            if at == 1 and len(words) == 2 and len(words[1]) > 8:
                shorter.append(words[1:])
            for short in shorter:
                self._shorten(" ".join(short), short, row.key)

    def _shorten(self, key: str, short: list[str], target: str) -> None:
        content = [word for word in short if word not in _ARTICLES]
        if target not in self._aliases.setdefault(key, []):
            self._aliases[key].append(target)
        self._short_forms.add(key)
        is_plain = len(content) == 1 or all(word in self._ordinary for word in content)
        if (
            is_plain
            and key not in self._own
            and not any(row.population >= TOWN or row.insee in self._seats for row in self._communes.get(key, ()))
        ):
            self._shortened.add(key)

    def _longest_by_head(self) -> dict[str, int]:
        heads: dict[str, int] = {}
        rulings = self._rulings
        for keys in (
            self._communes,
            self._own,
            self._former,
            self._aliases,
            rulings.regions,
            rulings.never,
            rulings.ask,
        ):
            for key in keys:
                size = key.count(" ") + 1
                head = key[: key.index(" ")] if size > 1 else key
                if size > heads.get(head, 0):
                    heads[head] = size
        return heads

    def _unspaced_names(self) -> dict[str, list[tuple[str, str]]]:
        """By first letter: the spelling without spaces and its key, the longest first."""
        glyphs: dict[str, list[tuple[str, str]]] = {}
        for keys in (self._aliases, self._own, self._rulings.regions, self._rulings.never):
            for key in keys:
                if is_unspaced(key[0]):
                    glyphs.setdefault(key[0], []).append((key.replace(" ", ""), key))
        for names in glyphs.values():
            names.sort(key=lambda pair: (-len(pair[0]), pair))
        return glyphs
