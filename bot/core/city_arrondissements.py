"""The municipal arrondissements of Paris, Lyon and Marseille: "Paris 18", "Lyon 3e", "18e arrondissement".

Without them "Paris 18" would be Paris and the Cher. Must not know: how other numbers are weighed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.number_context import Strength

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.place_mentions import NameSeen
    from bot.core.place_numbers import NumberSeen
    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

CITIES = {"Paris": ("75", 20), "Marseille": ("13", 16), "Lyon": ("69", 9)}
"""Département of each city and how many arrondissements it has."""

_BESIDE = 2
"""Words that may stand between a number and the name it belongs to."""


class ArrondissementReader:
    """Tells numbers of arrondissements from numbers of départements in one text."""

    def __init__(self, tokens: Sequence[Token], names: Sequence[NameSeen], words: PlaceWords) -> None:
        """Read ``tokens``; ``names`` are the places found in them."""
        self._tokens = tokens
        self._words = words
        self._cities = {
            place.name: name
            for name in names
            for place in name.name.places
            if place.name in CITIES and place.departement == CITIES[place.name][0]
        }

    def is_of_named_city(self, number: NumberSeen) -> bool:
        """True when the number is an arrondissement of a city that the text names."""
        value = self._value(number)
        is_nth, _is_told = self._nth(number)
        return any(
            0 < value <= CITIES[city][1]
            and (is_nth or number.strength is Strength.SURE or is_beside(number, name, self._tokens))
            for city, name in self._cities.items()
        )

    def cities_of(self, number: NumberSeen, *, is_asked: bool) -> tuple[str, ...]:
        """The cities that an nth without a city may lie in: 18e is of Paris, 3e of any of the three."""
        is_nth, is_told = self._nth(number)
        is_told = is_told or number.strength is Strength.SURE or is_asked
        if not is_nth or not is_told or number.is_postcode:
            return ()
        return tuple(city for city, (_code, most) in CITIES.items() if 0 < self._value(number) <= most)

    def _value(self, number: NumberSeen) -> int:
        return int(number.digits) if number.digits.isdecimal() else 0

    def _nth(self, number: NumberSeen) -> tuple[bool, bool]:
        """Whether a number is an nth (18e, 18th, 13区), and whether it is said of an arrondissement."""
        last = self._tokens[number.end - 1]
        is_ordinal = number.end - number.start > 1 and last.word in self._words.ordinals and last.is_glued
        if number.end == len(self._tokens):
            return is_ordinal, False
        after = self._tokens[number.end]
        kinds = self._words.arrondissement
        is_told = after.word in kinds or (after.is_glued and after.word[0] in kinds)
        return is_ordinal or is_told, is_told


def is_beside(number: NumberSeen, name: NameSeen, tokens: Sequence[Token]) -> bool:
    """True when a number and a name stand side by side, no sentence ending between them."""
    is_after = number.start >= name.end
    between = tokens[name.end : number.start + 1] if is_after else tokens[number.end : name.start + 1]
    return len(between) <= _BESIDE + 1 and not any(mark in token.gap for token in between for mark in ".!?;\n")
