"""The words of bot/data/{titles,procedures,blockages,alarms,lexicon}.yml, checked and built into matchers.

A wording list is one text, wordings between commas, under its language's code; ``any`` holds in all languages.
Must not know: what is done with what was read.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.alarms import Alarms, Signal, Youth
from bot.core.case import Alert, Route
from bot.core.phrases import expand
from bot.core.titles import FilingChannel, Title, Window
from bot.core.vocabulary import TURNS, Entry, Everywhere, Turns, Vocabulary
from bot.storage.reference.language_words import LanguageShelf
from bot.storage.reference.lexicon_words import LEXICON, build_lexicon, build_spelling
from bot.storage.reference.wordings import SIGNAL_WORDINGS, WORDINGS, WordFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.lexicon import Lexicon
    from bot.core.tokens import Spelling
    from bot.storage.reference.wordings import Words

DATA = Path(__file__).resolve().parents[2] / "data"
TITLES = "titles.yml"
ALARMS = "alarms.yml"

_TITLE_FACTS = ("name_fr", "channel", "renewal_channel", "window", "fiche", "source", "status", "as_of")
_MOST_COMPARED = 20_000
_LANGUAGES = ("fr", "en", "ar")
"""Those whose words stand in the vocabularies themselves."""


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """Everything that recognises controlled vocabulary in a text."""

    titles: Vocabulary
    procedures: Vocabulary
    blockages: Vocabulary
    alarms: Alarms
    lexicon: Lexicon
    shelf: LanguageShelf
    """The words of the languages that have a file of their own."""


def load_vocabularies(folder: Path = DATA) -> Vocabularies:
    """All matchers, built from the five files. Raises DataError naming the file and the key."""
    lexicon = WordFile.read(folder, LEXICON)
    spelling = build_spelling(lexicon)
    read = {
        name: _vocabulary(WordFile.read(folder, f"{name}.yml"), name, spelling)
        for name in ("titles", "procedures", "blockages")
    }
    alarms = _alarms(WordFile.read(folder, ALARMS), spelling)
    return Vocabularies(
        **read,
        alarms=alarms,
        lexicon=build_lexicon(lexicon, spelling),
        shelf=LanguageShelf(folder, read, alarms),
    )


def load_titles(folder: Path = DATA) -> dict[str, Title]:
    """The titles and documents of domain.md 2.1 by id. Raises DataError naming the file and the key."""
    file = WordFile.read(folder, TITLES)
    return {row["id"]: _title(file, row) for row in file.rows("titles")}


def _title(file: WordFile, row: Mapping[str, Any]) -> Title:
    key = str(row["id"])
    for name in _TITLE_FACTS:
        value = row.get(name)
        if not (isinstance(value, str) and value) and not (name == "fiche" and value is None):
            where = f"{key}.{name}"
            raise file.wrong(where, "is missing or not a text")
    try:
        return Title(
            id=key,
            name_fr=row["name_fr"],
            channel=FilingChannel(row["channel"]),
            renewal_channel=FilingChannel(row["renewal_channel"]),
            window=Window(row["window"]),
            fiche=row.get("fiche"),
            source=row["source"],
            status=row["status"],
            as_of=row["as_of"],
        )
    except ValueError as error:
        raise file.wrong(key, str(error)) from error


def _vocabulary(file: WordFile, name: str, spelling: Spelling) -> Vocabulary:
    file.only(file.content, ("words", "turns", name, "shared"), "file")
    rows = file.rows(name)
    ids = [row["id"] for row in rows]
    entries = [_entry(file, row, row["id"], (row["id"],)) for row in rows]
    all_rows = [*rows, *(file.content.get("shared") or [])]
    for index, row in enumerate(all_rows[len(rows) :]):
        key = f"shared.{index}"
        shared = tuple(file.mapping(row, key).get("ids") or ())
        if len(shared) < 2 or not set(shared) <= set(ids):
            raise file.wrong(key, "ids must be two known ids or more")
        entries.append(_entry(file, row, key, shared))
    for entry in entries:
        if unknown := [prefix for prefix in entry.yields_to if not any(code.startswith(prefix) for code in ids)]:
            raise file.wrong(entry.ids[0], f"yields_to {unknown[0]} begins no id")
    file.building(lambda: _claimed_once(file, entries, spelling))
    turns = file.mapping(file.content.get("turns"), "turns")
    file.only(turns, TURNS, "turns")
    built = Turns(**{kind: file.texts(turns.get(kind), f"turns.{kind}") for kind in TURNS})
    everywhere = Everywhere(
        tuple(_in_any(file, row, entry.ids) for row, entry in zip(all_rows, entries, strict=True)),
        Turns(**{kind: file.in_any(turns.get(kind), f"turns.{kind}") for kind in TURNS}),
    )
    return file.building(lambda: Vocabulary(entries, built, _concepts(file), spelling, everywhere, _LANGUAGES))


def _entry(file: WordFile, row: Mapping[str, Any], key: str, ids: Words) -> Entry:
    file.only(row, ("id", "ids", "yields_to", *_TITLE_FACTS, *WORDINGS), key)
    says, hints, unless = (file.texts(row.get(name), f"{key}.{name}") for name in WORDINGS)
    return Entry(ids, says, hints, unless, tuple(row.get("yields_to") or ()))


def _in_any(file: WordFile, row: Mapping[str, Any], ids: Words) -> Entry:
    return Entry(ids, *(file.in_any(row.get(name), name) for name in WORDINGS))


def _concepts(file: WordFile) -> dict[str, Words]:
    words = file.mapping(file.content.get("words"), "words")
    return {str(name): file.texts(value, f"words.{name}") for name, value in words.items()}


def _claimed_once(file: WordFile, entries: Iterable[Entry], spelling: Spelling) -> None:
    """Nothing when no wording is claimed by two entries; what means either belongs under ``shared``."""
    owners: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        for phrase in (*entry.says, *entry.hints):
            for wording in itertools.islice(expand(phrase, spelling).wordings(), _MOST_COMPARED):
                owner = owners.setdefault(wording, entry)
                if owner is not entry:
                    problem = f"“{' '.join(wording)}” is also claimed by {' '.join(owner.ids)}"
                    raise file.wrong(" ".join(entry.ids), problem)


def _alarms(file: WordFile, spelling: Spelling) -> Alarms:
    file.only(file.content, ("words", "alerts", "routes"), "file")
    rows = [
        (row, f"{section}.{index}", meanings)
        for section, meanings in (("alerts", (*Alert, *Youth)), ("routes", tuple(Route)))
        for index, row in enumerate(file.content.get(section) or [])
    ]
    signals = [_signal(file, *row) for row in rows]
    everywhere = [
        Signal(signal.sign, *(file.in_any(row.get(name), name) for name in SIGNAL_WORDINGS))
        for signal, (row, _key, _meanings) in zip(signals, rows, strict=True)
    ]
    signs = [signal.sign for signal in signals]
    for sign in (*Alert, *Youth, *Route):
        if signs.count(sign) != 1:
            raise file.wrong(sign.value, "must stand exactly once")
    return file.building(lambda: Alarms(signals, _concepts(file), spelling, everywhere, _LANGUAGES))


def _signal(file: WordFile, row: object, key: str, meanings: tuple[Alert | Route | Youth, ...]) -> Signal:
    fields = file.mapping(row, key)
    file.only(fields, ("sign", *SIGNAL_WORDINGS), key)
    sign = next((meaning for meaning in meanings if meaning.value == fields.get("sign")), None)
    if sign is None:
        raise file.wrong(key, f"{fields.get('sign')} is no sign of this section")
    return Signal(
        sign,
        *(file.texts(fields.get(name), f"{sign.value}.{name}") for name in SIGNAL_WORDINGS),
    )
