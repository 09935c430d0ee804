"""Decisions of a reader about the rows of associations.csv: what free English text means in our codes.

Each key is the text of the row, word for word: a changed row stops the building until somebody decides again.
Must not know: how files are written.
"""

from __future__ import annotations

ACCESS: dict[str, tuple[str, ...]] = {
    "": (),
    "no walk-in at headquarters; find a local permanence": (),
    "walk-in or appointment": ("walk_in", "appointment"),
    "telephone permanence or letter; no walk-in": ("phone", "letter"),
    "federation; refers to the local ASTI": (),
    "walk-in permanence": ("walk_in",),
    "see website": ("website",),
    "national telephone permanences (social and legal; medical; mental health); health centre walk-in": (
        "phone",
        "walk_in",
    ),
    "contact by website; street rounds": ("website",),
    "walk-in": ("walk_in",),
    "walk-in permanence (19h in page address); closed July-August": ("walk_in",),
    "contact the delegation": (),
    "telephone first": ("phone",),
    "walk-in and appointment (2015-2019)": ("walk_in", "appointment"),
    "regional office, no walk-in": (),
    "sessions in the Maisons des habitant·es of Grenoble (382 people in 2024)": ("sessions",),
    "walk-in; telephone Tue 9:00-12:00 (2013)": ("walk_in", "phone"),
    "permanences": ("sessions",),
    "appointment": ("appointment",),
    "permanence and appointment": ("walk_in", "appointment"),
    "legal and administrative sessions": ("sessions",),
    "lawyer sessions; monthly session on foreigners' law": ("sessions",),
    "permanences cancelled for lack of volunteers (notice on lacimade.org, undated)": (),
}
"""What the access says, as codes of core.organisations.Access."""

HOURS: dict[str, tuple[str, ...]] = {
    "": (),
    "Wed and Thu (hours not given)": ("wed", "thu"),
    "Tue 16:30-19:30 (2019)": ("tue 16:30-19:30",),
    "Fri 14:00-17:00 (2019-2021)": ("fri 14:00-17:00",),
    "Thu 14:00-17:00 (2014)": ("thu 14:00-17:00",),
    "Tue and Fri mornings 9:00-12:00": ("tue 09:00-12:00", "fri 09:00-12:00"),
    "Thu 16:00-18:00 (2017)": ("thu 16:00-18:00",),
    "Wed 18:00-20:00 except school holidays (2017)": ("wed 18:00-20:00",),
    "Wed and Thu 9:00-12:00 (2013)": ("wed 09:00-12:00", "thu 09:00-12:00"),
    "Thu 14:00-18:00 (2013)": ("thu 14:00-18:00",),
    "Mon 9:30-12:00; Thu 9:30-12:00 and 14:00-17:00 (2013)": (
        "mon 09:30-12:00",
        "thu 09:30-12:00",
        "thu 14:00-17:00",
    ),
    "Wed 9:00-11:30": ("wed 09:00-11:30",),
    "Thu 14:00-16:00 (2018)": ("thu 14:00-16:00",),
    "Tue 14:00-17:00": ("tue 14:00-17:00",),
    "1st and 3rd Monday (2022)": ("mon[1,3]",),
    "2nd and 4th Monday 16:00-19:00": ("mon[2,4] 16:00-19:00",),
    "Mon afternoon (date of source ~2018)": ("mon",),
    "Wed afternoon (2020)": ("wed",),
}
"""The opening hours, one a line as the loader reads them."""

AUDIENCE: dict[str, tuple[str, ...]] = {
    "": (),
    "women": ("women",),
    "women first": ("women_first",),
    "LGBTI+ people and binational couples": ("lgbti",),
    "under 25 and professionals": ("under_25",),
}
"""Whom it receives, as codes of core.organisations.Audience."""

OTHER_AUDIENCE: dict[str, tuple[str, ...]] = {"turbulences-77": ("undocumented",)}
"""Rows whose note, not whose column, says that they receive some people only."""

OTHER_KIND: dict[str, str] = {"cimade-aura": "federation", "fasti": "federation"}
"""Offices that refer to their members and receive nobody."""

TO_CHECK: dict[str, str] = {
    "csp-montpellier": "a collective without an office, from an undated page",
    "sc-91": "an action in front of the prefecture in 2017, no desk read",
    "maison-monde-evry": "an action in front of the prefecture in 2017, no desk read",
}
"""Rows that were read but name no desk: kept for a volunteer to check, never shown."""

DROPPED: dict[str, str] = {"cimade-massy": "a housing centre for refugees, not a desk"}
"""Rows that will never be a desk."""

READ_WEBSITES: dict[str, str] = {
    "ada-grenoble": "cited by the row's own source",
    "asti71": "the row's source is a page of this site",
    "comede": "https://comede.org/maux-dexil-45-ans-dengagement-pour-la-sante-et-les-droits-des-exile%c2%b7e%c2%b7s",
    "gisti": "http://www.gisti.org/spip.php?article40",
    "perm-foix": "the row's source is a page of this site",
}
"""Websites that ``verified_fields`` of the row leaves out although a page of the site was read, and which page."""
