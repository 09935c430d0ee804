"""One entry of bot/data/organisations, checked field by field; every mistake names the file and the key.

Must not know: how many entries there are, who is shown to whom.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from bot.core.freshness import read_checked
from bot.core.ids import OrganisationId
from bot.core.organisations import (
    NATIONWIDE,
    Access,
    Audience,
    CoordPrecision,
    Kind,
    Opening,
    Organisation,
    OrganisationStatus,
    ReviewState,
    Topic,
)
from bot.core.territories import EVERYWHERE, is_on, land_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.freshness import Checked
    from bot.core.territories import Point
    from bot.storage.reference.entries import Entry

FIELDS = (
    "id",
    "name",
    "network",
    "kind",
    "address",
    "postcode",
    "city",
    "insee",
    "departement",
    "lat",
    "lon",
    "coord_precision",
    "phone",
    "email",
    "website",
    "languages",
    "access_mode",
    "hours",
    "topics",
    "areas_served",
    "audience",
    "status",
    "accepts_referrals",
    "source",
    "source_url",
    "source_date",
    "verified",
    "verified_fields",
    "last_checked",
    "state",
    "note",
)
"""Every key an entry may have."""

CHECKABLE = frozenset(
    {
        "name",
        "address",
        "city",
        "phone",
        "email",
        "website",
        "hours",
        "topics",
        "access_mode",
        "areas_served",
        "audience",
        "languages",
        "status",
    }
)
"""What ``verified_fields`` may name."""

PERSONAL = ("phone", "email")
"""Never kept from memory: a wrong number reaches a stranger."""

_DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
_OPENING = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(?:\[([1-5](?:,[1-5])*)\])?(?: (\d\d):(\d\d)-(\d\d):(\d\d))?")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PHONE = re.compile(r"\+?\d[\d ]{1,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_WEBSITE = re.compile(r"https?://[^\s/]+\.[^\s]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
_CHECKED = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def read_organisation(entry: Entry, network_websites: Mapping[str, str]) -> Organisation:
    """The organisation of an entry. Raises DataError for a key or value that cannot be."""
    entry.only(*FIELDS)
    network = entry.optional_text("network")
    departement = entry.optional_text("departement")
    organisation = Organisation(
        id=OrganisationId(_matching(entry, "id", _ID, "must be lower-case letters, digits and hyphens")),
        name=entry.text("name"),
        kind=entry.code("kind", Kind),
        topics=frozenset(entry.codes("topics", Topic)),
        areas_served=_areas(entry, departement),
        status=entry.code("status", OrganisationStatus),
        state=entry.code("state", ReviewState),
        is_verified=entry.flag("verified"),
        verified_fields=_verified_fields(entry),
        source=entry.text("source"),
        source_date=_source_date(entry),
        last_checked=_last_checked(entry),
        source_url=_optional(entry, "source_url", _WEBSITE, "must be an http address"),
        network=network,
        network_website=network_websites.get(network or ""),
        address=entry.optional_text("address"),
        postcode=entry.optional_text("postcode"),
        city=entry.optional_text("city"),
        insee=entry.optional_text("insee"),
        departement=departement,
        position=_position(entry, departement),
        coord_precision=_coord_precision(entry),
        phone=_optional(entry, "phone", _PHONE, "must be digits and spaces"),
        email=_optional(entry, "email", _EMAIL, "must be an e-mail address"),
        website=_optional(entry, "website", _WEBSITE, "must be an http address"),
        languages=tuple(_each(entry, "languages", _LANGUAGE, "must be language codes such as ar")),
        access_mode=entry.codes("access_mode", Access),
        hours=tuple(_opening(entry, text) for text in entry.texts("hours")),
        audience=frozenset(entry.codes("audience", Audience)),
        accepts_referrals=entry.optional_day("accepts_referrals"),
        note=entry.optional_text("note"),
    )
    _check_together(entry, organisation)
    return organisation


def _check_together(entry: Entry, organisation: Organisation) -> None:
    """Nothing when the fields fit each other. Raises DataError otherwise."""
    if not organisation.topics:
        entry.fail("topics", "must name at least one topic")
    if organisation.is_verified and "name" not in organisation.verified_fields:
        entry.fail("verified_fields", "must hold name when verified is true")
    if not organisation.is_verified and organisation.state is not ReviewState.TO_CHECK:
        entry.fail("state", "must be to_check while verified is false")
    for name in PERSONAL:
        if getattr(organisation, name) and name not in organisation.verified_fields:
            entry.fail(name, "may only stand here when verified_fields names it")


def _areas(entry: Entry, departement: str | None) -> frozenset[str]:
    """The areas served: ``*`` alone, or codes of one land, the organisation's own when it has one."""
    areas = frozenset(entry.texts("areas_served"))
    if departement is not None and departement not in EVERYWHERE:
        entry.fail("departement", "is no code of a département")
    if areas == {NATIONWIDE}:
        return areas
    if not areas or not areas <= EVERYWHERE:
        entry.fail("areas_served", "must be codes of départements, or * alone")
    lands = {land_of(area) for area in areas | ({departement} if departement else set())}
    if len(lands) > 1:
        entry.fail("areas_served", "crosses an ocean")
    return areas


def _verified_fields(entry: Entry) -> frozenset[str]:
    names = frozenset(entry.texts("verified_fields"))
    if not names <= CHECKABLE:
        entry.fail("verified_fields", f"names something else than {', '.join(sorted(CHECKABLE))}")
    for name in sorted(names):
        if not entry.values.get(name):
            entry.fail("verified_fields", f"names {name}, which is empty")
    return names


def _source_date(entry: Entry) -> str:
    text = entry.text("source_date")
    if read_checked(text) is None and text != "undated":
        entry.fail("source_date", "must hold a year such as 2016, ~2016 or 2016-03, or be undated")
    return text


def _last_checked(entry: Entry) -> Checked | None:
    """``2026``, ``2026-11`` or ``2026-11-20``, however YAML reads it; None when nothing stands there."""
    found = entry.values.get("last_checked")
    if found is None:
        return None
    text = found.isoformat() if isinstance(found, date) else str(found)
    checked = read_checked(text) if _CHECKED.fullmatch(text) else None
    if checked is None:
        entry.fail("last_checked", "must be 2026, 2026-11 or 2026-11-20")
    return checked


def _position(entry: Entry, departement: str | None) -> Point | None:
    lat, lon = (_degrees(entry, name) for name in ("lat", "lon"))
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        entry.fail("lat", "needs lon, and the other way round")
    land = land_of(departement) if departement else None
    if land is None or not is_on((lat, lon), land):
        entry.fail("lat", "lies outside the land of departement")
    return lat, lon


def _degrees(entry: Entry, name: str) -> float | None:
    found: Any = entry.values.get(name)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int | float)):
        entry.fail(name, "must be a number")
    return None if found is None else float(found)


def _coord_precision(entry: Entry) -> CoordPrecision | None:
    if entry.values.get("lat") is None:
        return None
    return entry.code("coord_precision", CoordPrecision)


def _opening(entry: Entry, text: str) -> Opening:
    match = _OPENING.fullmatch(text)
    if match is None:
        entry.fail("hours", "must be such as tue 09:00-12:00, or mon[1,3] for the first and third Monday")
    day, weeks, *clock = match.groups()
    which = tuple(int(week) for week in weeks.split(",")) if weeks else ()
    if clock[0] is None:
        return Opening(_DAYS[day], which)
    try:
        opens, closes = (time(int(clock[at]), int(clock[at + 1])) for at in (0, 2))
    except ValueError:
        entry.fail("hours", "holds an hour that does not exist")
    if closes <= opens:
        entry.fail("hours", "closes before it opens")
    return Opening(_DAYS[day], which, opens, closes)


def _matching(entry: Entry, name: str, pattern: re.Pattern[str], problem: str) -> str:
    text = entry.text(name)
    if pattern.fullmatch(text) is None:
        entry.fail(name, problem)
    return text


def _optional(entry: Entry, name: str, pattern: re.Pattern[str], problem: str) -> str | None:
    return None if entry.values.get(name) is None else _matching(entry, name, pattern, problem)


def _each(entry: Entry, name: str, pattern: re.Pattern[str], problem: str) -> tuple[str, ...]:
    found = entry.texts(name)
    if any(pattern.fullmatch(item) is None for item in found):
        entry.fail(name, problem)
    return found
