"""Places in France as people write them, and the départements they lie in.

A place is never asked more precisely than the commune; the answer that counts is the département, because the
prefecture of residence is competent (domain.md 2.4). Must not know: where the tables are kept, what is done next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.city_arrondissements import CITIES, ArrondissementReader, is_beside
from bot.core.departements import departements_of
from bot.core.located import communes_near
from bot.core.number_context import HIGHEST_DAY, Strength
from bot.core.place_choice import Mention, choose, mention_of
from bot.core.place_context import Lead
from bot.core.place_index import Level, NameIndex, Place
from bot.core.place_mentions import MentionFinder
from bot.core.place_numbers import NumberReader, departements_of_number, departements_of_postcode
from bot.core.place_text import tokens
from bot.core.reading import PlaceCandidate, PlaceReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.departements import Departement
    from bot.core.place_mentions import NameSeen, Seen
    from bot.core.place_numbers import NumberSeen
    from bot.core.place_rows import PlaceRows
    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

_FEW_NAMES = 3
"""With more places than that in a text, one does not bear out another."""


class Gazetteer:
    """All places, and the rules that find them in a text."""

    def __init__(self, rows: PlaceRows, words: PlaceWords) -> None:
        """Index the rows; the vocabulary tells a place from an everyday word."""
        self._words = words
        self._communes = rows.communes
        self._index = NameIndex(rows)
        self._finder = MentionFinder(self._index, words)
        self._departements = {departement.code: departement for departement in departements_of(rows)}
        self._seats = {(row.departement, row.name): (row.lat, row.lon) for row in rows.arrondissements}

    @property
    def departements(self) -> tuple[Departement, ...]:
        """All, by code."""
        return tuple(self._departements[code] for code in sorted(self._departements))

    def departement(self, code: str) -> Departement:
        """The département of a code such as ``93`` or ``2A``. Raises KeyError for any other text."""
        return self._departements[code]

    def at(self, latitude: float, longitude: float) -> tuple[PlaceCandidate, ...]:
        """The places a point on the map may lie in, one a département, nearest first; none outside France."""
        rows = communes_near((latitude, longitude), self._communes)
        return tuple(self._candidate(self._index.place(row)) for row in rows)

    def label(self, code: str) -> str:
        """``Seine-Saint-Denis (93)``. Raises KeyError when there is no such département."""
        return f"{self._departements[code].name} ({code})"

    def near(self, candidate: PlaceCandidate) -> tuple[float, float]:
        """Latitude and longitude of the town named, else of the arrondissement's seat, else of the prefecture."""
        commune = self._index.commune(candidate.label.rpartition(" (")[0], candidate.departement)
        if commune is not None and commune.lat is not None and commune.lon is not None:
            return commune.lat, commune.lon
        lat, lon = self._seats.get((candidate.departement, candidate.arrondissement or ""), (None, None))
        if lat is not None and lon is not None:
            return lat, lon
        departement = self._departements[candidate.departement]
        return departement.lat, departement.lon

    def resolve(self, text: str, is_asked: bool) -> PlaceReading:
        """Which département a text points to; ``is_asked`` when it answers "which département?".

        Only then is a bare number, or a name that is also an everyday word, a place.
        """
        words = tokens(text)
        numbers = NumberReader(words, self._words, self._departements).numbers()
        seen = self._finder.find(words, _taken(numbers), is_asked=is_asked)
        names = [name for name in seen.names if not name.is_elsewhere and not name.is_refused]
        arrondissements = ArrondissementReader(words, seen.names, self._words)
        numbers = [number for number in numbers if not arrondissements.is_of_named_city(number)]
        counted: list[Mention] = []
        for number in numbers:
            cities = arrondissements.cities_of(number, is_asked=is_asked)
            places = tuple(map(self._city, cities)) or self._places_of(number)
            if places and (cities or self._counts(number, words, names, is_asked=is_asked)):
                offered = places if len(cities) > 1 else ()
                counted.append(Mention(number.start, places, is_decider=not cities, asked=offered))
        is_alone = self._is_alone(words, seen, numbers, is_asked=is_asked)
        mentions = [*counted, *self._counted_names(names, counted, seen, is_alone=is_alone, is_asked=is_asked)]
        if not mentions:
            mentions = self._regions(seen)
        regions = frozenset(code for region in seen.regions for code in region.departements)
        return choose(sorted(mentions, key=lambda mention: mention.start), regions, self._candidate)

    def _counts(self, number: NumberSeen, words: Sequence[Token], names: Sequence[NameSeen], *, is_asked: bool) -> bool:
        """True for a number that is a place: said to be, asked for, or beside a name it fits."""
        if number.strength is Strength.SURE:
            return True
        if len(number.digits) == 1 or _is_any_word(number):
            return is_asked and self._is_said_alone(number, words)
        departements = {place.departement for place in self._places_of(number)}
        fits = any(
            name.name.level is not Level.SILENT
            and departements & {place.departement for place in name.name.places}
            and is_beside(number, name, words)
            for name in names
        )
        is_written_whole = number.is_postcode and number.end - number.start == 1
        is_known = is_written_whole and number.digits in self._index.postcodes
        return is_asked or fits or is_known or _ends_clause(words, number, names)

    def _is_said_alone(self, number: NumberSeen, words: Sequence[Token]) -> bool:
        """True when nothing but small talk stands beside a number; nothing at all beside a digit or "ten"."""
        beside = [word.word for word in (*words[: number.start], *words[number.end :])]
        is_doubtful = len(number.digits) == 1 or (number.is_spoken and not _is_high(number))
        return not beside or not (is_doubtful or any(word not in self._words.small_talk for word in beside))

    def _places_of(self, number: NumberSeen) -> tuple[Place, ...]:
        if number.is_postcode:
            rows = self._index.postcodes.get(number.digits)
            if rows:
                return tuple(map(self._index.place, rows))
            codes = departements_of_postcode(number.digits)
        else:
            codes = departements_of_number(number.digits, self._departements)
        return tuple(self._index.offered(code, "") for code in codes if code in self._departements)

    def _counted_names(
        self, names: Sequence[NameSeen], counted: Sequence[Mention], seen: Seen, *, is_alone: bool, is_asked: bool
    ) -> list[Mention]:
        """Names that count: sure ones, and weaker ones where something bears them out."""
        sure = [name for name in names if name.name.level is Level.SURE]
        borne_out = {code for mention in counted for code in mention.departements}
        borne_out |= {code for region in seen.regions for code in region.departements}
        borne_out |= {place.departement for name in sure for place in name.name.places if len(sure) < _FEW_NAMES}
        kept: list[NameSeen] = []
        for name in names:
            fits = bool(borne_out & {place.departement for place in name.name.places})
            is_weak = name.name.level is Level.WEAK and (name.has_context or fits)
            is_weak |= name.name.level is Level.FAINT and (name.lead >= Lead.STRONG or fits)
            is_silent = name.name.level is Level.SILENT and is_asked and fits
            is_verb = all(word in self._words.being for word in name.name.key.split())
            is_outdone = (sure and (is_verb or name.name.level is Level.SILENT)) or (seen.regions and not fits)
            is_whole = is_alone and not is_outdone and not self._is_talk(name)
            if name.name.level is Level.SURE or is_weak or is_silent or is_whole:
                kept.append(name)
        told = [name for name in kept if not name.is_denied]
        return [mention_of(name.name, name.start) for name in (told if told or counted else kept)]

    def _is_alone(self, words: Sequence[Token], seen: Seen, numbers: Sequence[NumberSeen], *, is_asked: bool) -> bool:
        """True when the text is a place name, and small talk where the question asked for it."""
        covered = {at for name in seen.names for at in range(name.start, name.end)}
        covered |= {at for number in numbers for at in range(number.start, number.end)}
        rest = [word.word for at, word in enumerate(words) if at not in covered]
        if is_asked:
            return all(word in self._words.small_talk for word in rest)
        return not rest and all(name.name.level is not Level.SILENT for name in seen.names)

    def _is_talk(self, name: NameSeen) -> bool:
        """True for "ville" and "bureau", which are also communes, as the whole answer."""
        words = self._words
        kinds = (words.office, words.nearby, words.departement, words.dwell, words.before)
        return all(any(word in kind for kind in kinds) for word in name.name.key.split())

    def _regions(self, seen: Seen) -> list[Mention]:
        """The region that is named, the smallest of several."""
        codes = min((region.departements for region in seen.regions), key=len, default=())
        places = tuple(self._index.offered(code, "") for code in codes)
        return [Mention(seen.regions[0].start, places, asked=places)] if places else []

    def _city(self, name: str) -> Place:
        return self._index.offered(CITIES[name][0], name)

    def _candidate(self, place: Place) -> PlaceCandidate:
        return PlaceCandidate(
            departement=place.departement,
            prefecture=self._departements[place.departement].prefecture,
            arrondissement=place.arrondissement,
            label=f"{place.name} ({place.departement})",
        )


def _taken(numbers: Sequence[NumberSeen]) -> frozenset[int]:
    """Tokens that are numbers; a lone number word may be a part of a name, as "ده" is."""
    return frozenset(
        at
        for number in numbers
        if number.end - number.start > 1 or number.strength is Strength.SURE or not number.is_spoken or _is_high(number)
        for at in range(number.start, number.end)
    )


def _is_any_word(number: NumberSeen) -> bool:
    """True for "dix" and for "ninety", which a sentence may hold, or which another numeral may end; not for "ترانوے"."""
    is_round = number.digits.endswith("0") or not _is_high(number)
    return number.is_spoken and number.end - number.start == 1 and is_round


def _is_high(number: NumberSeen) -> bool:
    """True for the number of a département that can be no day."""
    return not number.digits.isdecimal() or int(number.digits) > HIGHEST_DAY


def _ends_clause(words: Sequence[Token], number: NumberSeen, names: Sequence[NameSeen]) -> bool:
    """True for "Paris 93": a number above any day, right after a name, with nothing counted after it."""
    follows = any(name.end == number.start and name.name.level is Level.SURE for name in names)
    after = words[number.end].gap if number.end < len(words) else "."
    return follows and _is_high(number) and bool(after.strip()) and not words[number.start].gap.strip("( ,-/")
