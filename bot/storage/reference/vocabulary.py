"""The words of bot/data/{titles,procedures,blockages,alarms,lexicon}.yml, checked and built into matchers.

A wording list is one text, wordings between commas, under its language's code; ``any`` holds in all languages.
Must not know: what is done with what was read.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.alarms import Alarms, Signal, Youth
from bot.core.case import Alert, Risk, Route
from bot.core.durations import Durations, DurationWords
from bot.core.errors import DataError
from bot.core.lexicon import COMMANDS, Lexicon
from bot.core.phrases import expand
from bot.core.reading import Reply
from bot.core.titles import FilingChannel, Title, Window
from bot.core.tokens import Spelling, tokenise
from bot.core.vocabulary import Entry, Turns, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DATA = Path(__file__).resolve().parents[2] / "data"
TITLES = "titles.yml"
PROCEDURES = "procedures.yml"
BLOCKAGES = "blockages.yml"
ALARMS = "alarms.yml"
LEXICON = "lexicon.yml"

_LANGUAGE = re.compile(r"[a-z]{2}|any")
_TITLE_FACTS = ("name_fr", "channel", "renewal_channel", "window", "fiche", "source", "status", "as_of")
_WORDINGS = ("says", "hints", "unless")
_SIGNAL_WORDINGS = ("sure", "says", "unless", "never")
_MOST_COMPARED = 20_000

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """Everything that recognises controlled vocabulary in a text."""

    titles: Vocabulary
    procedures: Vocabulary
    blockages: Vocabulary
    alarms: Alarms
    lexicon: Lexicon


def load_vocabularies(folder: Path = DATA) -> Vocabularies:
    """All matchers, built from the five files. Raises DataError naming the file and the key."""
    lexicon = _File.read(folder, LEXICON)
    spelling = _spelling(lexicon)
    return Vocabularies(
        _vocabulary(_File.read(folder, TITLES), "titles", spelling),
        _vocabulary(_File.read(folder, PROCEDURES), "procedures", spelling),
        _vocabulary(_File.read(folder, BLOCKAGES), "blockages", spelling),
        _alarms(_File.read(folder, ALARMS), spelling),
        _lexicon(lexicon, spelling),
    )


def load_titles(folder: Path = DATA) -> dict[str, Title]:
    """The titles and documents of domain.md 2.1 by id. Raises DataError naming the file and the key."""
    file = _File.read(folder, TITLES)
    return {row["id"]: _title(file, row) for row in file.rows("titles")}


@dataclass(frozen=True, slots=True)
class _File:
    """One YAML file and its name, for errors that a jurist can act upon."""

    name: str
    content: Mapping[Any, Any]

    @classmethod
    def read(cls, folder: Path, name: str) -> _File:
        try:
            content = YAML(typ="safe").load((folder / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, YAMLError) as error:
            raise DataError(name, "file", type(error).__name__) from error
        if not isinstance(content, dict):
            raise DataError(name, "file", "is not a mapping")
        return cls(name, content)

    def wrong(self, key: str, problem: str) -> DataError:
        return DataError(self.name, key, problem)

    def mapping(self, value: object, key: str) -> Mapping[Any, Any]:
        """The value as a mapping; nothing is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(key, "is not a mapping")
        return value

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The entries of a list, each with an id of its own."""
        rows = self.content.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, "is not a list of entries")
        seen: set[str] = set()
        for row in rows:
            if not isinstance(row.get("id"), str) or row["id"] in seen:
                raise self.wrong(key, f"id {row.get('id')} is missing or stands twice")
            seen.add(row["id"])
        return rows

    def only(self, row: Mapping[Any, Any], known: Iterable[str], key: str) -> None:
        """Nothing when the row holds known keys alone."""
        if strange := sorted(str(name) for name in set(row) - set(known)):
            raise self.wrong(key, f"unknown key {strange[0]}")

    def texts(self, value: object, key: str) -> Words:
        """The wordings of all languages, as written."""
        found: list[str] = []
        for language, text in self.mapping(value, key).items():
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise self.wrong(key, f"{language} is no language code")
            if not isinstance(text, str):
                raise self.wrong(f"{key}.{language}", "is not a text of wordings between commas")
            wordings = [wording.strip() for wording in text.split(",")]
            if not all(wordings):
                raise self.wrong(f"{key}.{language}", "two commas in a row, or one at an end")
            found += wordings
        return tuple(dict.fromkeys(found))

    def building(self, build: Callable[[], Any]) -> Any:
        """What ``build`` makes, its errors naming this file."""
        try:
            return build()
        except DataError as error:
            raise self.wrong(error.key, str(error).removeprefix(f"{error.file}: {error.key}: ")) from error


def _title(file: _File, row: Mapping[str, Any]) -> Title:
    key = str(row["id"])
    facts = {name: row.get(name) for name in _TITLE_FACTS}
    for name, value in facts.items():
        if not (isinstance(value, str) and value) and not (name == "fiche" and value is None):
            raise file.wrong(f"{key}.{name}", "is missing or not a text")
    try:
        channel, renewal = FilingChannel(facts["channel"]), FilingChannel(facts["renewal_channel"])
        window = Window(facts["window"])
    except ValueError as error:
        raise file.wrong(key, str(error)) from error
    return Title(
        key,
        str(facts["name_fr"]),
        channel,
        renewal,
        window,
        facts["fiche"],
        str(facts["source"]),
        str(facts["status"]),
        str(facts["as_of"]),
    )


def _vocabulary(file: _File, name: str, spelling: Spelling) -> Vocabulary:
    file.only(file.content, ("words", "turns", name, "shared"), "file")
    rows = file.rows(name)
    ids = [row["id"] for row in rows]
    entries = [_entry(file, row, row["id"], (row["id"],)) for row in rows]
    for index, row in enumerate(file.content.get("shared") or []):
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
    kinds = ("negations", "targets", "wishes", "between")
    file.only(turns, kinds, "turns")
    built = Turns(**{kind: file.texts(turns.get(kind), f"turns.{kind}") for kind in kinds})
    vocabulary: Vocabulary = file.building(lambda: Vocabulary(entries, built, _concepts(file), spelling))
    return vocabulary


def _entry(file: _File, row: Mapping[str, Any], key: str, ids: Words) -> Entry:
    file.only(row, ("id", "ids", "yields_to", *_TITLE_FACTS, *_WORDINGS), key)
    says, hints, unless = (file.texts(row.get(name), f"{key}.{name}") for name in _WORDINGS)
    return Entry(ids, says, hints, unless, tuple(row.get("yields_to") or ()))


def _concepts(file: _File) -> dict[str, Words]:
    words = file.mapping(file.content.get("words"), "words")
    return {str(name): file.texts(value, f"words.{name}") for name, value in words.items()}


def _claimed_once(file: _File, entries: Iterable[Entry], spelling: Spelling) -> None:
    """Nothing when no wording is claimed by two entries; what means either belongs under ``shared``."""
    owners: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        for phrase in (*entry.says, *entry.hints):
            for wording in itertools.islice(expand(phrase, spelling).wordings(), _MOST_COMPARED):
                owner = owners.setdefault(wording, entry)
                if owner is not entry:
                    problem = f"“{' '.join(wording)}” is also claimed by {' '.join(owner.ids)}"
                    raise file.wrong(" ".join(entry.ids), problem)


def _alarms(file: _File, spelling: Spelling) -> Alarms:
    file.only(file.content, ("words", "alerts", "routes"), "file")
    signals = [
        _signal(file, row, f"{section}.{index}", meanings)
        for section, meanings in (("alerts", (*Alert, *Youth)), ("routes", tuple(Route)))
        for index, row in enumerate(file.content.get(section) or [])
    ]
    signs = [signal.sign for signal in signals]
    for sign in (*Alert, *Youth, *Route):
        if signs.count(sign) != 1:
            raise file.wrong(sign.value, "must stand exactly once")
    alarms: Alarms = file.building(lambda: Alarms(signals, _concepts(file), spelling))
    return alarms


def _signal(file: _File, row: object, key: str, meanings: tuple[Alert | Route | Youth, ...]) -> Signal:
    fields = file.mapping(row, key)
    file.only(fields, ("sign", *_SIGNAL_WORDINGS), key)
    sign = next((meaning for meaning in meanings if meaning.value == fields.get("sign")), None)
    if sign is None:
        raise file.wrong(key, f"{fields.get('sign')} is no sign of this section")
    return Signal(
        sign,
        *(file.texts(fields.get(name), f"{sign.value}.{name}") for name in _SIGNAL_WORDINGS),
    )


def _spelling(file: _File) -> Spelling:
    short: dict[str, tuple[str, ...]] = {}
    plain = Spelling()
    for pair in file.texts(file.content.get("short"), "short"):
        typed, equals, meant = pair.partition("=")
        words = tokenise(typed, plain).words[1:-1]
        if not equals or len(words) != 1:
            raise file.wrong("short", f"“{pair}” is not one word = its words")
        short[words[0]] = tokenise(meant, plain).words[1:-1]
    return Spelling(short, _single_words(file, "units"), _single_words(file, "decoys"))


def _single_words(file: _File, key: str) -> frozenset[str]:
    found = set()
    for text in file.texts(file.content.get(key), key):
        words = tokenise(text, Spelling()).words[1:-1]
        if len(words) != 1:
            raise file.wrong(key, f"“{text}” is not one word")
        found.add(words[0])
    return frozenset(found)


def _lexicon(file: _File, spelling: Spelling) -> Lexicon:
    content = file.content
    sections = ("replies", "openings", "commands", "risks")
    file.only(content, ("short", "units", "decoys", "courtesies", "durations", *sections), "file")
    known: dict[str, Iterable[str]] = {
        "replies": [reply.value for reply in Reply],
        "openings": [reply.value for reply in Reply],
        "commands": COMMANDS,
        "risks": [risk.value for risk in Risk],
    }
    says: dict[str, dict[str, Words]] = {}
    for section in sections:
        rows = file.mapping(content.get(section), section)
        if set(rows) != set(known[section]):
            raise file.wrong(section, f"must hold exactly {' '.join(known[section])}")
        says[section] = {name: file.texts(row, f"{section}.{name}") for name, row in rows.items()}
        if section in {"replies", "commands"}:
            _meant_once(file, section, says[section])
    lexicon: Lexicon = file.building(
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
    return lexicon


def _meant_once(file: _File, section: str, says: Mapping[str, Words]) -> None:
    """Nothing when no wording stands under two meanings of a section."""
    owners: dict[str, str] = {}
    for name, wordings in says.items():
        for wording in wordings:
            owner = owners.setdefault(wording.casefold(), name)
            if owner != name:
                raise file.wrong(f"{section}.{name}", f"“{wording}” also stands under {owner}")


def _duration_words(file: _File) -> DurationWords:
    rows = file.mapping(file.content.get("durations"), "durations")
    valued = ("units", "numbers", "amounts", "answers")
    plain = ("halves", "fillers", "more", "less", "ahead", "trying", "other")
    file.only(rows, (*valued, *plain), "durations")
    lengths: dict[str, dict[float, Words]] = {}
    for name in valued:
        key = f"durations.{name}"
        row = file.mapping(rows.get(name), key)
        if not all(isinstance(value, int | float) for value in row):
            raise file.wrong(key, "keys are numbers")
        lengths[name] = {float(value): file.texts(say, f"{key}.{value}") for value, say in row.items()}
    return DurationWords(
        **lengths, **{name: file.texts(rows.get(name), f"durations.{name}") for name in plain}
    )
