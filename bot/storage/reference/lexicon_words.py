"""The short words of bot/data/lexicon.yml: spellings, bare answers, commands, durations, risks.

Must not know: what is done with what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Risk
from bot.core.durations import Durations, DurationWords
from bot.core.lexicon import COMMANDS, Lexicon
from bot.core.reading import Reply
from bot.core.text import fold
from bot.core.tokens import Spelling, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.storage.reference.wordings import WordFile, Words

LEXICON = "lexicon.yml"
_SHORT = "short"
SECTIONS = ("replies", "openings", "commands", "risks")


def build_spelling(file: WordFile) -> Spelling:
    """Careless spellings, for every matcher. Raises DataError."""
    short: dict[str, tuple[str, ...]] = {}
    plain = Spelling()
    pairs = file.mapping(file.content.get(_SHORT), _SHORT)
    known = file.in_any(pairs, _SHORT)
    for pair in file.texts(pairs, _SHORT):
        typed, equals, meant = pair.partition("=")
        words = tokenise(typed, plain).words[1:-1]
        if not equals or len(words) != 1:
            problem = f"“{pair}” is not one word = its words"
            raise file.wrong(_SHORT, problem)
        short[words[0]] = tokenise(meant, plain).words[1:-1]
    local = frozenset(short) - {fold(pair.partition("=")[0]).strip() for pair in known}
    return Spelling(short, _single_words(file, "units"), _single_words(file, "decoys"), local)


def _single_words(file: WordFile, key: str) -> frozenset[str]:
    found = set()
    for text in file.texts(file.content.get(key), key):
        words = tokenise(text, Spelling()).words[1:-1]
        if len(words) != 1:
            raise file.wrong(key, f"“{text}” is not one word")
        found.add(words[0])
    return frozenset(found)


def build_lexicon(file: WordFile, spelling: Spelling) -> Lexicon:
    """The readers of short answers. Raises DataError."""
    content = file.content
    file.only(content, ("short", "units", "decoys", "courtesies", "durations", *SECTIONS), "file")
    known: dict[str, Iterable[str]] = {
        "replies": [reply.value for reply in Reply],
        "openings": [reply.value for reply in Reply],
        "commands": COMMANDS,
        "risks": [risk.value for risk in Risk],
    }
    says: dict[str, dict[str, Words]] = {}
    for section in SECTIONS:
        rows = file.mapping(content.get(section), section)
        if set(rows) != set(known[section]):
            raise file.wrong(section, f"must hold exactly {' '.join(known[section])}")
        says[section] = {name: file.texts(row, f"{section}.{name}") for name, row in rows.items()}
        if section in {"replies", "commands"}:
            _meant_once(file, section, says[section])
    return file.building(
        lambda: Lexicon(
            replies={Reply(name): words for name, words in says["replies"].items()},
            openings={Reply(name): words for name, words in says["openings"].items()},
            commands=says["commands"],
            courtesies=file.texts(content.get("courtesies"), "courtesies"),
            durations=Durations(_duration_words(file), spelling),
            risks={Risk(name): words for name, words in says["risks"].items()},
            spelling=spelling,
        )
    )


def _meant_once(file: WordFile, section: str, says: Mapping[str, Words]) -> None:
    """Nothing when no wording stands under two meanings of a section."""
    owners: dict[str, str] = {}
    for name, wordings in says.items():
        for wording in wordings:
            owner = owners.setdefault(wording.casefold(), name)
            if owner != name:
                where = f"{section}.{name}"
                raise file.wrong(where, f"“{wording}” also stands under {owner}")


def _duration_words(file: WordFile) -> DurationWords:
    rows = file.mapping(file.content.get("durations"), "durations")
    valued = ("units", "numbers", "amounts", "answers")
    plain = ("halves", "fillers", "more", "less", "ahead", "trying", "other")
    file.only(rows, (*valued, *plain), "durations")
    units, numbers, amounts, answers = (_lengths(file, rows.get(name), f"durations.{name}") for name in valued)
    words = {name: file.texts(rows.get(name), f"durations.{name}") for name in plain}
    return DurationWords(units, numbers, amounts, answers, **words)


def _lengths(file: WordFile, value: object, key: str) -> dict[float, Words]:
    row = file.mapping(value, key)
    if not all(isinstance(days, int | float) for days in row):
        raise file.wrong(key, "keys are numbers")
    return {float(days): file.texts(say, f"{key}.{days}") for days, say in row.items()}
