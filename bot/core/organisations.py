"""An organisation as the files of bot/data/organisations tell it, and which of its fields may be shown.

Must not know: how organisations are chosen, where they are kept, any wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time

    from bot.core.freshness import Checked
    from bot.core.ids import OrganisationId
    from bot.core.territories import Point

NATIONWIDE = "*"
"""In ``areas_served``: all of France, overseas included."""


class Kind(StrEnum):
    """What sort of body it is."""

    ASSOCIATION = "association"
    BAR = "barreau"
    LAW_POINT = "point_justice"
    LIST = "annuaire"
    """A page that lists others; nobody is received there."""
    FEDERATION = "federation"
    """An office that refers to its members; nobody is received there."""
    HELPLINE = "helpline"
    INSTITUTION = "institution"


class Topic(StrEnum):
    """What it helps with; French where the law has the word."""

    PERMIT = "titre_sejour"
    APPOINTMENT = "rdv_prefecture"
    APPOINTMENT_IN_COURT = "contentieux_rdv"
    ASYLUM = "asile"
    REMOVAL = "oqtf"
    APPEAL = "recours"
    COURT = "contentieux"
    FAMILY_REUNIFICATION = "regroupement_familial"
    REFUGEE_FAMILY = "reunification_familiale"
    NATIONALITY = "nationalite"
    SICKNESS_PERMIT = "titre_sejour_soins"
    HEALTH = "sante"
    SOCIAL_RIGHTS = "protection_sociale"
    VIOLENCE = "violences"
    COUPLE = "couple"
    FAMILIES = "familles"
    MINORS = "mna"
    DISCRIMINATION = "discriminations"
    POST_ADDRESS = "domiciliation"
    HOUSING = "hebergement"
    LAW = "acces_au_droit"
    """Generalist legal information: the fallback behind everybody who knows foreigners' law."""
    ANEF = "anef"
    MEDIATION = "mediation"


class Access(StrEnum):
    """How one gets in."""

    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"
    PHONE = "phone"
    LETTER = "letter"
    WEBSITE = "website"
    SESSIONS = "sessions"
    """At certain hours, the source does not say with or without appointment."""


class Audience(StrEnum):
    """Whom it receives, when it is not everybody."""

    WOMEN = "women"
    WOMEN_FIRST = "women_first"
    LGBTI = "lgbti"
    UNDER_25 = "under_25"
    UNDOCUMENTED = "undocumented"


class OrganisationStatus(StrEnum):
    """Whether it receives people, as far as anybody knows."""

    OPEN = "open"
    UNKNOWN = "unknown"
    STALE = "stale"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ReviewState(StrEnum):
    """Whether the entry may be used."""

    KEPT = "kept"
    TO_CHECK = "to_check"
    """Somebody must read or call before anybody is sent there."""


class CoordPrecision(StrEnum):
    """What the coordinates mean."""

    COMMUNE = "commune"
    """The town hall, not the door."""
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening a week."""

    weekday: int
    """1 is Monday, 7 is Sunday."""
    weeks: tuple[int, ...] = ()
    """Which ones of the month (1 to 5); empty for every week."""
    opens: time | None = None
    """Local time; None when the source names the day alone."""
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation in one place; a field may be wrong, only ``verified_fields`` were read in a source."""

    id: OrganisationId
    name: str
    kind: Kind
    topics: frozenset[Topic]
    areas_served: frozenset[str]
    """Département codes, or ``*`` for all of France."""
    status: OrganisationStatus
    state: ReviewState
    is_verified: bool
    verified_fields: frozenset[str]
    source: str
    source_date: str
    """The source's own words: ``~2016``, ``2019-2024``, ``undated``."""
    last_checked: Checked | None
    source_url: str | None = None
    network: str | None = None
    network_website: str | None = None
    """The site of the whole network, read in a source."""
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    insee: str | None = None
    departement: str | None = None
    position: Point | None = None
    coord_precision: CoordPrecision | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    languages: tuple[str, ...] = ()
    access_mode: tuple[Access, ...] = ()
    hours: tuple[Opening, ...] = ()
    audience: frozenset[Audience] = frozenset()
    accepts_referrals: date | None = None
    """The day it agreed to receive referrals; None: it did not."""
    note: str | None = None
    """For volunteers; never shown to a person."""

    @property
    def is_visible(self) -> bool:
        """False for what nobody verified, what must be checked first, and what is suspended or closed."""
        is_usable = self.is_verified and self.state is ReviewState.KEPT
        return is_usable and self.status not in {OrganisationStatus.SUSPENDED, OrganisationStatus.CLOSED}

    @property
    def is_national(self) -> bool:
        """True when it serves all of France."""
        return NATIONWIDE in self.areas_served

    @property
    def is_for_everyone(self) -> bool:
        """True when it receives whoever comes: neither some people only nor an office that refers to others."""
        return not self.audience and self.kind not in {Kind.FEDERATION, Kind.LIST}

    @property
    def town(self) -> str | None:
        """The town, when it was read in a source; an address that was read names it too."""
        return self.city if self.verified_fields & {"city", "address"} else None

    @property
    def site(self) -> str | None:
        """Its own website when it was read in a source, else its network's."""
        return self.website if self.website and "website" in self.verified_fields else self.network_website

    @property
    def known_position(self) -> Point | None:
        """Where it is, when the town was read in a source."""
        return self.position if self.town else None
