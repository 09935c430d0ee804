"""Facts and renderers for the tests of letters; every name and number is made up."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from bot.core.case import AttemptChannel, AttemptResult
from bot.core.documents import LetterFacts, LetterKind
from bot.core.evidence import Attempt, Proof
from bot.core.ids import AttemptId, FileId
from bot.documents.letters import LetterRenderer
from bot.i18n.languages import Languages, load_languages

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PARIS = ZoneInfo("Europe/Paris")
FAILED = [result for result in AttemptResult if result is not AttemptResult.SLOT]

FACTS = LetterFacts(
    kind=LetterKind.RENEWAL,
    language="fr",
    written_on=date(2026, 11, 23),
    departement="93",
    departement_name="Seine-Saint-Denis",
    prefecture_name="Préfecture de la Seine-Saint-Denis",
    is_police_prefect=False,
    prefecture_city="Bobigny",
    prefecture_address="1 esplanade Jean-Moulin, 93007",
    prefecture_address_as_of="2019-10",
    title="ts.sal",
    title_name="Carte de séjour « salarié »",
    procedure="proc.renew",
    expires_on=date(2027, 1, 20),
    is_month_only=False,
    attempts=(),
    reference="K7QX-29",
)


def proof(name: str, at: datetime) -> Proof:
    """A proof whose digest comes from its name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Proof(FileId(f"o-{name}"), FileId(f"s-{name}"), digest, 120_000, at.astimezone(UTC))


def attempts(count: int) -> tuple[Attempt, ...]:
    """One attempt a day from 1 October 2026 on; every third has two proofs, every fourth has no hour."""
    made = []
    for number in range(count):
        at = datetime(2026, 10, 1, 9, 5, tzinfo=PARIS) + timedelta(days=number)
        channel = list(AttemptChannel)[number % len(AttemptChannel)]
        result = FAILED[number % len(FAILED)]
        proofs = tuple(proof(f"{number}-{place}", at) for place in range(number % 3))
        identifier = AttemptId(f"a{number:03}")
        made.append(Attempt(identifier, at, number % 4 != 3, channel, result, at.astimezone(UTC), proofs))
    return tuple(made)


@pytest.fixture
def facts() -> Callable[..., LetterFacts]:
    """Facts of a renewal in Seine-Saint-Denis, with some replaced."""

    def build(**changes: Any) -> LetterFacts:
        count = changes.pop("count", None)
        if count is not None:
            changes["attempts"] = attempts(count)
        return replace(FACTS, **changes)

    return build


@pytest.fixture(scope="session")
def languages() -> Languages:
    """The real registry."""
    return load_languages(ROOT / "bot/data/languages.yml")


@pytest.fixture(scope="session")
def drafts() -> dict[str, dict[str, str]]:
    """Language to key to translation, from the catalogues."""
    found = {}
    for path in (ROOT / "locales").glob("*/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            found[path.parents[1].name] = {
                str(m.context).removeprefix("letter."): str(m.string)
                for m in read_po(file)
                if str(m.context).startswith("letter.")
            }
    return found


@pytest.fixture(scope="session")
def renderer(languages: Languages, drafts: dict[str, dict[str, str]]) -> LetterRenderer:
    """A renderer with the draft translations."""
    return LetterRenderer(lambda key, french, language: drafts.get(language, {}).get(key, french), languages.all)
