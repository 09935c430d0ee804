"""One reading out of all the places that a text mentions.

A number, a postcode or the name of a département decides between homonyms; one town far larger than its homonyms
is meant; two places that cannot be one are both offered, for the person to choose.
Must not know: how the mentions were found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.reading import PlaceCandidate, PlaceReading, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.core.place_index import Name, Place

MUCH_LARGER = 20
"""A town so many times its largest homonym is meant, if it is a seat or a large town."""

LARGER_CURATED_SEAT = 6
"""The same for a seat that prefectures.csv lists."""

LARGE_TOWN = 50_000
MOST_CANDIDATES = 13
"""The départements of Occitanie, the largest region: a region is offered whole, over two pages where a list is short."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place or a homonym group that counts."""

    start: int
    places: tuple[Place, ...]
    is_decider: bool = False
    """Says its département by number, postcode or département name."""
    asked: tuple[Place, ...] = ()
    ruled: str | None = None

    @property
    def departements(self) -> frozenset[str]:
        """Every département it may lie in."""
        return frozenset(place.departement for place in self.places)

    def within(self, departements: Iterable[str]) -> Mention:
        """The same mention without what lies elsewhere; unchanged when all of it does."""
        kept = tuple(place for place in self.places if place.departement in frozenset(departements))
        return replace(self, places=kept, asked=(), ruled=None) if kept else self


def mention_of(name: Name, start: int) -> Mention:
    """A name as something that counts."""
    departements = () if name.asked else tuple(place for place in name.places if place.is_departement)
    return Mention(
        start=start,
        places=departements or name.places,
        is_decider=bool(departements),
        asked=name.asked,
        ruled=name.ruled,
    )


def choose(
    mentions: Sequence[Mention], regions: frozenset[str], candidate: Callable[[Place], PlaceCandidate]
) -> PlaceReading:
    """FOUND when one département is left, AMBIGUOUS with all that are, NONE without any mention."""
    narrowed = _narrowed(mentions, regions)
    settled = [_settled(mention) for mention in narrowed]
    departements = {place.departement for places in settled for place in places}
    if not departements:
        return PlaceReading()
    settled += _contradicted(mentions, departements, regions)
    departements = {place.departement for places in settled for place in places}
    if len(departements) == 1:
        best = _best(settled)
        arrondissements = {place.arrondissement for places in settled for place in places if place.arrondissement}
        found = candidate(best)
        if len(arrondissements) != 1 or _is_split(settled):
            found = replace(found, arrondissement=None)
        else:
            found = replace(found, arrondissement=arrondissements.pop())
        return PlaceReading(status=Status.FOUND, found=found)
    offered: dict[str, Place] = {}
    for places in settled:
        for place in places:
            offered.setdefault(place.departement, place)
    candidates = tuple(candidate(place) for place in list(offered.values())[:MOST_CANDIDATES])
    return PlaceReading(status=Status.AMBIGUOUS, candidates=candidates)


def _narrowed(mentions: Sequence[Mention], regions: frozenset[str]) -> list[Mention]:
    """Homonyms cut down to what the deciders, then the unmistakable places, then the regions allow."""
    kept = list(mentions)
    deciders = [mention for mention in kept if mention.is_decider]
    for known in (
        {code for mention in deciders for code in mention.departements},
        {code for mention in kept if len(mention.departements) == 1 for code in mention.departements},
        regions,
    ):
        kept = [mention.within(known) if known and len(mention.departements) > 1 else mention for mention in kept]
    return kept


def _contradicted(
    mentions: Sequence[Mention], departements: set[str], regions: frozenset[str]
) -> list[tuple[Place, ...]]:
    """The homonyms of the region that is named, where another département was: both are then to be asked about."""
    if not regions or not regions.isdisjoint(departements):
        return []
    open_ones = [mention.within(regions) for mention in mentions if len(mention.departements) > 1]
    return [_settled(mention) for mention in open_ones if regions & mention.departements]


def _settled(mention: Mention) -> tuple[Place, ...]:
    """What is left of a homonym group, largest first: one place where one is meant."""
    if mention.ruled is not None:
        return tuple(place for place in mention.places if place.departement == mention.ruled)[:1] or mention.places
    if mention.asked:
        return mention.asked
    largest: dict[str, Place] = {}
    for place in sorted(mention.places, key=lambda place: (-place.population, place.departement, place.name)):
        largest.setdefault(place.departement, place)
    if len(largest) == 1:
        return tuple(place for place in mention.places if place.departement in largest)
    first, *others = largest.values()
    ratio = first.population / max(others[0].population, 1)
    if ratio > MUCH_LARGER and (first.is_seat or first.population > LARGE_TOWN):
        return (first,)
    if ratio > LARGER_CURATED_SEAT and first.is_curated:
        return (first,)
    near = [place for place in others if place.population * MUCH_LARGER >= first.population]
    return (first, *(near or others[:2]))


def _best(settled: Sequence[tuple[Place, ...]]) -> Place:
    """The place to show: the first town named, or the département when none is."""
    places = [place for places in settled if len({place.name for place in places}) == 1 for place in places[:1]]
    towns = [place for place in places if not place.is_departement]
    return (towns or places or [settled[0][0]])[0]


def _is_split(settled: Sequence[tuple[Place, ...]]) -> bool:
    """True when a town without arrondissement (Mayotte) or several towns keep the arrondissement unknown."""
    return any(not place.is_departement and place.arrondissement is None for places in settled for place in places)
