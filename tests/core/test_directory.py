"""The order of organisations and what their cards hold, on made-up ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.directory import Directory, Reach, Search
from bot.core.freshness import Checked, Freshness, read_checked
from bot.core.ids import OrganisationId
from bot.core.needs import BLOCKED
from bot.core.organisations import (
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
from bot.core.territories import EVERYWHERE, land_of

TODAY = date(2026, 11, 23)
BOBIGNY = (48.906, 2.445)
ALL_FIELDS = frozenset(
    {"name", "address", "phone", "email", "website", "hours", "access_mode", "languages", "audience"}
)

DESK = Organisation(
    id=OrganisationId("desk"),
    name="Permanence",
    kind=Kind.ASSOCIATION,
    topics=frozenset({Topic.PERMIT, Topic.APPOINTMENT}),
    areas_served=frozenset({"93"}),
    status=OrganisationStatus.OPEN,
    state=ReviewState.KEPT,
    is_verified=True,
    verified_fields=ALL_FIELDS,
    source="a page",
    source_date="2026-11-01",
    last_checked=read_checked("2026-11-01"),
    address="1 rue de la Paix",
    postcode="93000",
    city="Bobigny",
    departement="93",
    position=BOBIGNY,
    coord_precision=CoordPrecision.COMMUNE,
    phone="01 00 00 00 00",
    email="contact@example.org",
    website="https://example.org",
    languages=("fr", "ar"),
    access_mode=(Access.WALK_IN,),
    hours=(Opening(2, (), time(9), time(12)),),
    note="recalled",
)
"""Open, checked three weeks ago, everything read."""


def named(name: str, **changes: object) -> Organisation:
    return replace(DESK, id=OrganisationId(name), **changes)


def shown_ids(*organisations: Organisation, language: str | None = None, limit: int = 9) -> list[str]:
    match = Directory(organisations).match("93", BOBIGNY, BLOCKED, TODAY, language, limit=limit)
    return [str(shown.id) for shown in match.local]


ORDER = [
    ("topic before status", {"topics": frozenset({Topic.PERMIT})}, {"status": OrganisationStatus.UNKNOWN}),
    ("specialist before generalist", {"topics": frozenset({Topic.LAW})}, {"status": OrganisationStatus.STALE}),
    ("everybody before some people", {"audience": frozenset({Audience.WOMEN})}, {"topics": frozenset({Topic.PERMIT})}),
    ("a desk before an office that refers", {"kind": Kind.FEDERATION}, {"status": OrganisationStatus.STALE}),
    ("some people before a generalist", {"topics": frozenset({Topic.LAW})}, {"audience": frozenset({Audience.WOMEN})}),
    ("status before freshness", {"status": OrganisationStatus.UNKNOWN}, {"last_checked": read_checked("2019")}),
    ("freshness before distance", {"last_checked": read_checked("2026-03")}, {"position": (49.5, 2.4)}),
    ("aging before stale", {"last_checked": read_checked("2019")}, {"last_checked": read_checked("2026-03")}),
    ("near before far", {"position": (48.95, 2.5)}, {}),
    ("known distance before none", {"verified_fields": frozenset({"name"})}, {"position": (49.5, 2.4)}),
    ("distance before language", {"position": (48.95, 2.5)}, {"languages": ("fr",)}),
    ("the language breaks a tie", {"languages": ("fr",)}, {}),
    (
        "a stale card with a website before one without",
        {"last_checked": None, "website": None},
        {"last_checked": None, "position": (49.5, 2.4)},
    ),
]


def test_table_of_orders_is_whole():
    assert len(ORDER) == 13


@pytest.mark.parametrize(("rule", "later", "earlier"), ORDER)
def test_order_of_two_organisations(rule, later, earlier):
    assert shown_ids(named("a-later", **later), named("b-earlier", **earlier), language="ar") == [
        "b-earlier",
        "a-later",
    ], rule


def test_all_else_equal_the_id_decides():
    assert shown_ids(named("b"), named("a")) == ["a", "b"]


def test_organisation_of_the_departement_comes_before_another_without_distances():
    match = Directory([named("a", departement="75"), named("b")]).match("93", None, BLOCKED, TODAY)
    assert [shown.id for shown in match.local] == ["b", "a"]


@pytest.mark.parametrize(
    "change",
    [
        {"status": OrganisationStatus.SUSPENDED},
        {"status": OrganisationStatus.CLOSED},
        {"state": ReviewState.TO_CHECK},
        {"is_verified": False},
        {"areas_served": frozenset({"92"})},
        {"topics": frozenset({Topic.ASYLUM})},
        {"topics": frozenset({Topic.ASYLUM, Topic.LAW})},
        {"departement": "974"},
    ],
)
def test_organisation_that_must_not_be_shown_is_not(change):
    assert shown_ids(named("a", **change)) == []


def test_hidden_ones_are_told_to_the_maintainer():
    suspended = named("a", status=OrganisationStatus.SUSPENDED)
    directory = Directory([suspended, named("b"), named("c", areas_served=frozenset({"92"}))])
    assert directory.hidden("93") == (suspended,)


def test_full_card_holds_every_verified_field():
    shown = Directory([named("a", audience=frozenset({Audience.WOMEN}))]).match("93", BOBIGNY, BLOCKED, TODAY).local[0]
    assert (shown.town, shown.address, shown.postcode) == ("Bobigny", "1 rue de la Paix", "93000")
    assert (shown.phone, shown.email, shown.website) == ("01 00 00 00 00", "contact@example.org", "https://example.org")
    assert (shown.hours, shown.access) == (DESK.hours, (Access.WALK_IN,))
    assert (shown.languages, shown.audience) == (("fr", "ar"), frozenset({Audience.WOMEN}))
    assert (shown.distance_km, shown.is_stale, shown.is_specialist) == (0.0, False, True)


def test_unverified_field_is_not_shown_even_when_fresh():
    shown = Directory([named("a", verified_fields=frozenset({"name"}))]).match("93", BOBIGNY, BLOCKED, TODAY).local[0]
    assert (shown.name, shown.freshness) == ("Permanence", Freshness.FRESH)
    assert (shown.town, shown.address, shown.postcode, shown.phone, shown.email) == (None, None, None, None, None)
    assert (shown.website, shown.hours, shown.access, shown.languages, shown.audience) == (
        None,
        (),
        (),
        (),
        frozenset(),
    )
    assert shown.distance_km is None


def test_site_of_the_network_stands_in_for_one_nobody_read():
    one = named("a", verified_fields=frozenset({"name"}), network_website="https://network.example.org")
    shown = Directory([one]).match("93", BOBIGNY, BLOCKED, TODAY).local[0]
    assert shown.website == "https://network.example.org"


def test_hours_are_left_out_after_six_months():
    shown = Directory([named("a", last_checked=read_checked("2026-05-22"))]).match("93", None, BLOCKED, TODAY).local[0]
    assert (shown.freshness, shown.hours, shown.phone) == (Freshness.AGING, (), "01 00 00 00 00")


@pytest.mark.parametrize(
    "change",
    [
        {"last_checked": read_checked("2025-11-22")},
        {"last_checked": None},
        {"status": OrganisationStatus.STALE},
        {"last_checked": read_checked("2027-01-01")},
    ],
)
def test_stale_card_holds_name_town_website_and_date_alone(change):
    shown = Directory([named("a", **change)]).match("93", BOBIGNY, BLOCKED, TODAY).local[0]
    assert shown.is_stale
    assert (shown.name, shown.town, shown.website) == ("Permanence", "Bobigny", "https://example.org")
    assert (shown.address, shown.postcode, shown.phone, shown.email) == (None, None, None, None)
    assert (shown.hours, shown.access, shown.languages, shown.audience) == ((), (), (), frozenset())


@pytest.mark.parametrize(
    ("position", "reach"),
    [
        ((48.95, 2.45), Reach.KM_10),
        ((49.1, 2.45), Reach.KM_30),
        ((49.3, 2.45), Reach.KM_50),
        ((49.9, 2.45), Reach.DEPARTEMENT),
        (None, Reach.DEPARTEMENT),
    ],
)
def test_reach_is_the_ring_that_holds_all_that_is_shown(position, reach):
    assert Directory([named("a"), named("b", position=position)]).match("93", BOBIGNY, BLOCKED, TODAY).reach is reach


def test_nobody_near_leaves_the_national_doors():
    match = Directory([named("a", areas_served=frozenset({"*"}))]).match("93", BOBIGNY, BLOCKED, TODAY)
    assert (match.local, match.reach) == ((), Reach.NATIONAL)
    assert [(shown.id, shown.distance_km) for shown in match.national] == [("a", None)]


def test_point_on_another_land_gives_no_distance():
    cayenne = (4.938, -52.335)
    assert Directory([named("a")]).match("93", cayenne, BLOCKED, TODAY).local[0].distance_km is None


def test_generalist_door_closes_the_national_list():
    doors = [named(name, areas_served=frozenset({"*"})) for name in "abc"]
    doors.append(named("law", areas_served=frozenset({"*"}), topics=frozenset({Topic.LAW})))
    directory = Directory(doors)

    def ids(limit: int) -> list[str]:
        return [str(shown.id) for shown in directory.match("93", None, BLOCKED, TODAY, limit=limit).national]

    assert ids(0) == []
    assert ids(1) == ["a"]
    assert ids(2) == ["a", "law"]
    assert ids(3) == ["a", "b", "law"]
    assert ids(4) == ids(9) == ["a", "b", "c", "law"]


def test_public_door_made_for_the_need_comes_first():
    anywhere = {"areas_served": frozenset({"*"})}
    doors = [named("a", **anywhere), named("z", kind=Kind.HELPLINE, topics=frozenset({Topic.ANEF}), **anywhere)]
    match = Directory(doors).match("93", None, frozenset({Topic.ANEF, Topic.PERMIT}), TODAY)
    assert [shown.id for shown in match.national] == ["z", "a"]


def test_organisation_is_found_by_id_even_when_it_is_not_shown():
    closed = named("a", status=OrganisationStatus.CLOSED)
    directory = Directory([closed])
    assert directory.find(OrganisationId("a")) is closed
    assert directory.find(OrganisationId("b")) is None


moments = st.none() | st.builds(
    Checked, st.dates(date(2010, 1, 1), date(2028, 1, 1)), st.sampled_from(["day", "month", "year"])
)
codes = st.sampled_from([*sorted(EVERYWHERE), "99"])
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
organisations = st.builds(
    lambda number, **changes: named(f"org-{number}", **changes),
    st.integers(0, 10**6),
    kind=st.sampled_from(Kind),
    topics=st.frozensets(st.sampled_from(Topic), min_size=1),
    areas_served=st.frozensets(st.sampled_from(["*", "93", "75", "973", "974", "2A"]), min_size=1),
    status=st.sampled_from(OrganisationStatus),
    state=st.sampled_from(ReviewState),
    is_verified=st.booleans(),
    verified_fields=st.frozensets(st.sampled_from(sorted(ALL_FIELDS))).map(lambda fields: fields | {"name"}),
    last_checked=moments,
    departement=st.sampled_from([None, "93", "75", "973", "974", "2A"]),
    position=st.none() | points,
    audience=st.frozensets(st.sampled_from(Audience)),
    website=st.sampled_from([None, "https://example.org"]),
)
searches = st.builds(
    Search,
    st.sampled_from(["93", "75", "973", "974", "2A"]) | codes,
    st.none() | points | st.just(BOBIGNY),
    st.frozensets(st.sampled_from(Topic)),
    st.dates(date(2015, 1, 1), date(2028, 1, 1)),
    st.sampled_from([None, "fr", "ar", "pt"]),
)


@given(st.lists(organisations, unique_by=lambda one: one.id, max_size=12), searches, st.integers(0, 5))
def test_promises_hold_for_any_organisations(found, search, limit):
    directory = Directory(found)
    match = directory.match(search.departement, search.at, search.topics, search.today, search.language, limit=limit)
    by_id = {one.id: one for one in found}
    assert len(match.local) <= limit
    assert len(match.national) <= limit
    assert len({shown.id for shown in match.local}) == len(match.local)
    for shown in (*match.local, *match.national):
        one = by_id[shown.id]
        assert one.is_visible
        assert one.status not in {OrganisationStatus.SUSPENDED, OrganisationStatus.CLOSED}
        assert one.state is ReviewState.KEPT
        assert shown.distance_km is None or shown.distance_km >= 0
        assert shown.phone is None or "phone" in one.verified_fields
        if shown.is_stale:
            assert not any((shown.phone, shown.email, shown.address, shown.postcode, shown.hours, shown.access))
        if shown.freshness is not Freshness.FRESH:
            assert shown.hours == ()
    for shown in match.local:
        one = by_id[shown.id]
        assert search.departement in one.areas_served
        assert one.departement is None or land_of(one.departement) == land_of(search.departement)


@given(st.lists(organisations, unique_by=lambda one: one.id, max_size=8), searches, st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_the_files(found, search, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    there, here = Directory(found), Directory(shuffled)
    assert there.local(search) == here.local(search)
    assert there.national(search) == here.national(search)
