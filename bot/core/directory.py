"""Which organisations are shown to whom, in which order, and what may be shown of each today.

Territory first, then topic, then status, then freshness, then distance; a language only breaks ties.
Must not know: any sentence, where organisations are kept, any clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from bot.core.freshness import Freshness, freshness
from bot.core.organisations import Kind, OrganisationStatus, Topic
from bot.core.territories import is_on, kilometres, land_of
from bot.core.tribunals import tribunal_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.core.freshness import Checked
    from bot.core.ids import OrganisationId
    from bot.core.organisations import Access, Audience, Opening, Organisation
    from bot.core.territories import Point
    from bot.core.tribunals import Tribunal

_STATUS_ORDER = {OrganisationStatus.OPEN: 0, OrganisationStatus.UNKNOWN: 1, OrganisationStatus.STALE: 2}
_FRESHNESS_ORDER = {Freshness.FRESH: 0, Freshness.AGING: 1, Freshness.STALE: 2}
_OFFICIAL = frozenset({Kind.HELPLINE, Kind.INSTITUTION})


class Reach(StrEnum):
    """How wide one had to look: kilometres, the whole département's organisations, or all of France."""

    KM_10 = "10"
    KM_30 = "30"
    KM_50 = "50"
    DEPARTEMENT = "departement"
    NATIONAL = "national"


_RINGS = ((10.0, Reach.KM_10), (30.0, Reach.KM_30), (50.0, Reach.KM_50))


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of an organisation today; a stale card holds name, town, website and date of check alone."""

    id: OrganisationId
    name: str
    town: str | None
    website: str | None
    """Its own, or its network's."""
    checked: Checked | None
    """When something about it was last read; None when nobody knows."""
    freshness: Freshness
    is_specialist: bool
    """False for generalist legal information."""
    distance_km: float | None = None
    """From the person's place, to 100 m; None without two places, and for national doors."""
    address: str | None = None
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None
    hours: tuple[Opening, ...] = ()
    """Only while fresh."""
    access: tuple[Access, ...] = ()
    languages: tuple[str, ...] = ()
    audience: frozenset[Audience] = frozenset()

    @property
    def is_stale(self) -> bool:
        """True when the card tells only where to look it up."""
        return self.freshness is Freshness.STALE


@dataclass(frozen=True, slots=True)
class Match:
    """The organisations for one person today."""

    local: tuple[Shown, ...] = ()
    """Those that serve the person's département, the best first."""
    national: tuple[Shown, ...] = ()
    """Doors for all of France; generalist information closes the list when there is room for two."""
    reach: Reach = Reach.NATIONAL
    """The smallest ring that holds all of ``local``; ``national`` when there is none."""


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """Where a candidate stands; smaller comes first, field by field in the order of writing."""

    generalist: bool
    limited: bool
    """Receives some people only, or refers to others."""
    unofficial: bool
    """False for a public door made for exactly this need."""
    partial: bool
    """Helps with some of the wanted topics, not with all."""
    status: int
    freshness: int
    mute: bool
    """A stale card without a website: it tells nowhere to look it up."""
    distance: float
    """Kilometres; infinite when unknown."""
    elsewhere: bool
    """Stands in another département."""
    other_language: bool
    id: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may be shown, and why it stands where it stands."""

    organisation: Organisation
    rank: Rank
    shown: Shown


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    departement: str
    at: Point | None
    topics: frozenset[str]
    today: date
    language: str | None = None


class Directory:
    """All organisations and tribunals, arranged for looking up."""

    def __init__(self, organisations: Iterable[Organisation], tribunals: Iterable[Tribunal] = ()) -> None:
        """Arrange them; the order they come in does not matter."""
        self.organisations: tuple[Organisation, ...] = tuple(sorted(organisations, key=lambda one: one.id))
        self.tribunals: tuple[Tribunal, ...] = tuple(tribunals)
        self._by_id = {one.id: one for one in self.organisations}
        self._national = tuple(one for one in self.organisations if one.is_visible and one.is_national)
        self._local: dict[str, list[Organisation]] = {}
        for one in self.organisations:
            if one.is_visible and not one.is_national:
                for area in one.areas_served:
                    self._local.setdefault(area, []).append(one)
        self._tribunals = {tribunal_key(tribunal.name): tribunal for tribunal in self.tribunals}

    def find(self, organisation: OrganisationId) -> Organisation | None:
        """The organisation with this id, shown or not; None when there is none."""
        return self._by_id.get(organisation)

    def tribunal(self, name: str) -> Tribunal | None:
        """The tribunal of this name (``Tribunal administratif de Lyon`` or ``Lyon``); None when it is not listed."""
        return self._tribunals.get(tribunal_key(name))

    def match(
        self,
        departement: str,
        at: Point | None,
        topics: frozenset[str],
        today: date,
        language: str | None = None,
        *,
        limit: int = 3,
    ) -> Match:
        """At most ``limit`` local organisations and as many national doors, and how far they reach.

        ``at`` is the person's place in degrees when it is known; ``topics`` are codes of ``Topic``.
        """
        search = Search(departement, at, topics, today, language)
        local = tuple(candidate.shown for candidate in self.local(search)[: max(limit, 0)])
        national = tuple(candidate.shown for candidate in _with_generalist(self.national(search), limit))
        return Match(local, national, _reach(local))

    def local(self, search: Search) -> tuple[Candidate, ...]:
        """Everybody who serves the département, on the same land, the best first."""
        land = land_of(search.departement)
        return _ranked(
            (
                one
                for one in self._local.get(search.departement, ())
                if one.departement is None or land_of(one.departement) == land
            ),
            search,
        )

    def national(self, search: Search) -> tuple[Candidate, ...]:
        """Every door for all of France, the best first; they have no distance."""
        return _ranked(self._national, Search(search.departement, None, search.topics, search.today, search.language))

    def hidden(self, departement: str) -> tuple[Organisation, ...]:
        """Those that say they serve the département and are not shown: suspended, closed or still to be checked."""
        return tuple(one for one in self.organisations if not one.is_visible and departement in one.areas_served)


def _card(organisation: Organisation, today: date, *, is_specialist: bool, distance_km: float | None) -> Shown:
    """What may be shown of a visible organisation: verified fields alone, fewer the older the check.

    Hours only within 6 months of the check; after 12 months, without a date, or when the entry itself says
    ``stale``, nothing but name, town, website and date.
    """
    age = freshness(organisation.last_checked, today)
    if organisation.status is OrganisationStatus.STALE:
        age = Freshness.STALE
    town, site, checked = organisation.town, organisation.site, organisation.last_checked
    if age is Freshness.STALE:
        return Shown(organisation.id, organisation.name, town, site, checked, age, is_specialist, distance_km)
    read = organisation.verified_fields
    return Shown(
        organisation.id,
        organisation.name,
        town,
        site,
        checked,
        age,
        is_specialist,
        distance_km,
        address=organisation.address if "address" in read else None,
        postcode=organisation.postcode if "address" in read else None,
        phone=organisation.phone if "phone" in read else None,
        email=organisation.email if "email" in read else None,
        hours=organisation.hours if "hours" in read and age is Freshness.FRESH else (),
        access=organisation.access_mode if "access_mode" in read else (),
        languages=organisation.languages if "languages" in read else (),
        audience=organisation.audience if "audience" in read else frozenset(),
    )


def _ranked(organisations: Iterable[Organisation], search: Search) -> tuple[Candidate, ...]:
    found = (_candidate(one, search) for one in organisations)
    return tuple(sorted((one for one in found if one is not None), key=lambda candidate: candidate.rank))


def _candidate(one: Organisation, search: Search) -> Candidate | None:
    """The organisation with its rank; None when it helps with none of the topics and is no generalist."""
    wanted = one.topics & search.topics
    if not wanted and not _is_generalist(one):
        return None
    distance = _distance(one, search)
    shown = _card(one, search.today, is_specialist=bool(wanted), distance_km=distance)
    rank = Rank(
        generalist=not wanted,
        limited=not one.is_for_everyone,
        unofficial=not (wanted and one.kind in _OFFICIAL),
        partial=len(wanted) < len(search.topics),
        status=_STATUS_ORDER[one.status],
        freshness=_FRESHNESS_ORDER[shown.freshness],
        mute=shown.is_stale and shown.website is None,
        distance=inf if distance is None else distance,
        elsewhere=one.departement != search.departement,
        other_language=search.language not in shown.languages,
        id=one.id,
    )
    return Candidate(one, rank, shown)


def _is_generalist(one: Organisation) -> bool:
    """True for legal information for everybody; a desk for asylum seekers is none (directory.md 3)."""
    return Topic.LAW in one.topics and Topic.ASYLUM not in one.topics


def _distance(one: Organisation, search: Search) -> float | None:
    """Kilometres to 100 m; None when a place is unknown or the person's point is not on the land of the code."""
    there = one.known_position
    land = land_of(search.departement)
    if there is None or search.at is None or land is None or not is_on(search.at, land):
        return None
    return round(kilometres(search.at, there), 1)


def _with_generalist(candidates: tuple[Candidate, ...], limit: int) -> tuple[Candidate, ...]:
    """The first ones, the last place kept for a generalist door when there is room for two."""
    first = candidates[: max(limit, 0)]
    generalist = next((one for one in candidates if one.rank.generalist), None)
    if limit < 2 or generalist is None or generalist in first:
        return first
    return (*first[:-1], generalist)


def _reach(local: tuple[Shown, ...]) -> Reach:
    if not local:
        return Reach.NATIONAL
    farthest = max(inf if one.distance_km is None else one.distance_km for one in local)
    return next((reach for radius, reach in _RINGS if farthest <= radius), Reach.DEPARTEMENT)
