"""Reads bot/data/whatsapp_templates.yml: the texts Meta approves before they may be sent.

Must not know: how a template is sent, when.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.effects import ReminderKind
from bot.core.errors import DataError
from bot.core.templates import FALLBACK, Template, Templates, TemplateState
from bot.storage.reference.entries import Entry, read_mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

FILE = "whatsapp_templates.yml"
MAX_BODY = 1024
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_STATES = ", ".join(TemplateState)


def load_templates(path: Path, languages: Collection[str] = ()) -> Templates:
    """The templates of a file. Raises DataError naming the entry and the key.

    With ``languages``, each must either have both reminders or stand in ``not_offered``.
    """
    found = read_mapping(path)
    codes, missing = _codes(path, found.get("languages")), _missing(path, found.get("not_offered"))
    templates = tuple(_all(path, found.get("templates"), codes))
    _unique(path, templates)
    if FALLBACK not in codes:
        raise DataError(path.name, "languages", f"must hold {FALLBACK}: everybody else falls back to it")
    for language in languages:
        _complete(path, language, templates, codes, missing)
    return Templates(templates)


def _codes(path: Path, found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not found:
        raise DataError(path.name, "languages", "must be a mapping of our codes to Meta's")
    for ours, theirs in found.items():
        if not isinstance(theirs, str) or not _CODE.fullmatch(theirs):
            raise DataError(path.name, f"languages.{ours}", "must be a code of Meta's such as pt_BR")
    return found


def _missing(path: Path, found: object) -> frozenset[str]:
    if not isinstance(found, list) or not all(isinstance(code, str) for code in found):
        raise DataError(path.name, "not_offered", "must be a list of our codes")
    return frozenset(found)


def _all(path: Path, found: object, codes: dict[str, str]) -> Iterator[Template]:
    if not isinstance(found, dict):
        raise DataError(path.name, "templates", "must be a mapping of names")
    for name in found:
        entry = Entry.of(path.name, f"templates.{name}", found[name])
        entry.only("kinds", "texts")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            entry.fail("name", "must be small letters, digits and underscores")
        kinds = _kinds(entry)
        texts = Entry.of(path.name, f"{entry.key}.texts", entry.values.get("texts"))
        for language in texts.values:
            one = Entry.of(path.name, f"{texts.key}.{language}", texts.values[language])
            yield _template(one, kinds, name, language, codes)


def _kinds(entry: Entry) -> frozenset[ReminderKind]:
    found = entry.values.get("kinds")
    if not isinstance(found, list) or not found or any(kind not in set(ReminderKind) for kind in found):
        entry.fail("kinds", f"must list kinds of reminders: {', '.join(ReminderKind)}")
    return frozenset(map(ReminderKind, found))


def _template(
    entry: Entry, kinds: frozenset[ReminderKind], name: str, language: str, codes: dict[str, str]
) -> Template:
    entry.only("state", "body")
    if language not in codes:
        entry.fail("body", "Meta offers no such language: its code stands nowhere in languages")
    state, body = entry.text("state"), entry.text("body")
    if state not in set(TemplateState):
        entry.fail("state", f"must be one of {_STATES}")
    if len(body) > MAX_BODY or "{" in body or re.search(r"\n{3}|\t| {5}", body):
        entry.fail("body", f"must be at most {MAX_BODY} characters, without variables, blanks in a row or empty lines")
    return Template(kinds, language, name, codes[language], TemplateState(state), body)


def _unique(path: Path, templates: tuple[Template, ...]) -> None:
    """A kind has one text a language, and a text is submitted once: Meta refuses the second."""
    seen: set[tuple[str, str]] = set()
    for template in templates:
        for key in (*((template.language, kind) for kind in template.kinds), (template.language, template.body)):
            if key in seen:
                raise DataError(path.name, f"templates.{template.name}.{template.language}", "stands twice")
            seen.add(key)


def _complete(
    path: Path, language: str, templates: tuple[Template, ...], codes: dict[str, str], missing: frozenset[str]
) -> None:
    if (language in codes) == (language in missing):
        raise DataError(path.name, language, "must stand either in languages or in not_offered")
    kinds = {kind for template in templates if template.language == language for kind in template.kinds}
    if language in codes and kinds != set(ReminderKind):
        raise DataError(path.name, language, "lacks the text of a reminder")
