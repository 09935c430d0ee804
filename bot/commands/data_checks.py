"""``guichet data check`` and ``data who`` over everything of bot/data.

Must not know: how the command line is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bootstrap import ROOT
from bot.commands.data import check, who
from bot.core.calendar import local_day
from bot.core.errors import DataError, GuichetError
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from bot.storage.reference.dates import load_date_words
from bot.storage.reference.places import load_gazetteer
from bot.storage.reference.rules import load_plans, load_rules
from bot.storage.reference.templates import FILE as TEMPLATES
from bot.storage.reference.templates import load_templates
from bot.storage.reference.vocabulary import load_titles, load_vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.bootstrap import House

SOON_DAYS = 30
"""Rules that fall silent within this many days are named."""


def check_all(house: House, write: Callable[[str], None]) -> int:
    """How many problems bot/data has, each written; rules about to fall silent are named, but are no problem."""
    today = local_day(house.clock.now())
    problems = check(ROOT, write, (_loads,), today)
    for rule in load_rules(ROOT / "bot/data/rules"):
        if (rule.expires_on - today).days < SOON_DAYS:
            write(f"note: rule {rule.id} may be said until {rule.expires_on}; a jurist has to look at it")
    return problems


def _loads(root: Path) -> Iterator[DataError]:
    data = root / "bot" / "data"
    loaders: tuple[Callable[[], object], ...] = (
        lambda: load_languages(data / "languages.yml"),
        lambda: load_sources(root),
        lambda: load_titles(data),
        lambda: load_vocabularies(data).shelf.load_all(),  # noqa: PLW0108  (the vocabularies load when it is called)
        lambda: load_date_words(data),
        lambda: load_gazetteer(data / "places"),
        lambda: load_rules(data / "rules"),
        lambda: load_plans(data / "plans.yml"),
        lambda: load_templates(data / TEMPLATES, [one.code for one in load_languages(data / "languages.yml").offered]),
    )
    for load in loaders:
        try:
            load()
        except DataError as error:
            yield error


def show_who(house: House, department: str | None, topic: str, language: str, write: Callable[[str], None]) -> None:
    """Who would be shown in a département, and before whom. Raises GuichetError on unknown or missing words."""
    if department is None:
        message = "--department is missing"
        raise GuichetError(message)
    seats = {place.code: (place.lat, place.lon) for place in house.reference.readers.gazetteer.departements}
    today = local_day(house.clock.now())
    who(house.reference.directory, department, topic, language, seats.get(department), write, today=today)
