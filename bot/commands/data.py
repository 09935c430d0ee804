"""``guichet data``: what is wrong in bot/data, and which organisations somebody would be shown.

Must not know: how the command line is read. Speaks to maintainers, in English; nothing here reaches a person.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.directory import Search
from bot.core.errors import DataError, GuichetError
from bot.core.needs import NAMES, topics_named
from bot.core.territories import EVERYWHERE
from bot.storage.reference.organisations import directory_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from bot.core.directory import Candidate, Directory
    from bot.core.territories import Point

    Write = Callable[[str], None]
    Validator = Callable[[Path], Iterable[DataError]]
    """Takes the project's folder, gives what is wrong below its bot/data."""

_NEXT = 3
"""How many of those who just miss the list are told as well."""

_REASONS = (
    ("generalist", "knows foreigners' law"),
    ("limited", "receives everybody"),
    ("unofficial", "the public door for this need"),
    ("partial", "covers all the topics"),
    ("status", "surer status"),
    ("freshness", "checked more recently"),
    ("mute", "has a website to look it up"),
    ("distance", "nearer"),
    ("elsewhere", "in the département"),
    ("other_language", "speaks the language"),
    ("id", "by name, all else equal"),
)


def check(root: Path, write: Write, further: Sequence[Validator] = (), today: date | None = None) -> int:
    """How many problems bot/data has, each written as ``file: key: problem``; ``further`` are asked after ours.

    A date that has passed is no problem: staleness must never make a check red. With ``today``, a date to come is one.
    """
    problems: list[DataError] = []
    for validator in (lambda folder: directory_problems(folder / "bot" / "data", today), *further):
        try:
            problems += validator(root)
        except DataError as error:
            problems.append(error)
    for problem in problems:
        write(str(problem))
    return len(problems)


def who(
    directory: Directory,
    departement: str,
    topic: str,
    language: str | None,
    at: Point | None,
    write: Write,
    *,
    today: date,
) -> None:
    """Write who would be shown in a département for a topic, before whom, and why. Raises GuichetError.

    ``topic`` is a code of the directory, an outcome, a route or a word such as ``letter``.
    """
    topics = topics_named(topic)
    if topics is None:
        message = f"--topic {topic} is unknown; one of {', '.join(NAMES)}"
        raise GuichetError(message)
    if departement not in EVERYWHERE:
        message = f"--department {departement} is no code of a département"
        raise GuichetError(message)
    search = Search(departement, at, topics, today, language)
    match = directory.match(departement, at, topics, today, language)
    wanted = ", ".join(sorted(topics)) or "legal information"
    write(f"{departement}, {wanted}, {language or 'any language'}, as of {today}: reach {match.reach}")
    _write_list(write, "local", directory.local(search), {shown.id for shown in match.local})
    _write_list(write, "national", directory.national(search), {shown.id for shown in match.national})
    _write_hidden(write, directory, departement)


def _write_list(write: Write, title: str, candidates: tuple[Candidate, ...], shown: set[str]) -> None:
    write(f"{title}: {len(shown)} shown of {len(candidates)}")
    told = [one for one in candidates if one.organisation.id in shown]
    told += [one for one in candidates if one.organisation.id not in shown][:_NEXT]
    for number, one in enumerate(told, start=1):
        mark = f"{number}." if one.organisation.id in shown else "–"
        write(f"  {mark:3} {one.organisation.id}: {_card(one)}")
        if number < len(told):
            write(f"      before {told[number].organisation.id}: {_reason(one, told[number])}")


def _card(one: Candidate) -> str:
    shown = one.shown
    parts = [
        shown.name,
        shown.town or "town not read",
        shown.website or "no website read",
        f"checked {shown.checked.iso}" if shown.checked else "date unknown",
        shown.freshness,
    ]
    if shown.distance_km is not None:
        parts.append(f"{shown.distance_km} km")
    return " | ".join(parts)


def _reason(first: Candidate, second: Candidate) -> str:
    """The first thing in which two neighbours differ; ids always do."""
    if first.rank.generalist and not second.rank.generalist:
        return "a generalist door closes the list"
    return next(reason for name, reason in _REASONS if getattr(first.rank, name) != getattr(second.rank, name))


def _write_hidden(write: Write, directory: Directory, departement: str) -> None:
    hidden = directory.hidden(departement)
    counts = Counter(str(one.state) if one.state != "kept" else str(one.status) for one in hidden)
    write("never shown: " + (", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"))
    for one in hidden:
        write(f"      {one.id}: {one.state}, status {one.status}")
