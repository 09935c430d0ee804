"""The page of the web chat: in French, in the language of its address, or in that of the conversation.

What the browser says about languages only sorts the picker; it never chooses.
Must not know: sessions, how the texts are translated.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from bot.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.gateway.webdesk import WebDesk, WebLanguage

HERE = Path(__file__).parent

SOURCE_LANGUAGE = "fr"

_PREFERENCE = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,30})?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the page shows beside its texts."""

    exit_url: str = "https://meteofrance.com/"
    """The neutral site behind the quick exit."""


def preferred_first(languages: Sequence[WebLanguage], accept_language: str) -> list[WebLanguage]:
    """The languages with those the browser asks for in front, in its order; the others as they were."""
    wishes: dict[str, float] = {}
    for item in accept_language[:500].split(","):
        match = _PREFERENCE.fullmatch(item)
        if match and match[1].lower() not in wishes:
            wishes[match[1].lower()] = float(match[2] or 1)
    return sorted(languages, key=lambda language: -wishes.get(language.code, 0))


class Page:
    """Renders the page."""

    def __init__(self, desk: WebDesk, settings: PageSettings) -> None:
        """The template is compiled once. Raises DataError when the source language is not offered."""
        self._desk = desk
        self._settings = settings
        source = self.language(SOURCE_LANGUAGE)
        if source is None:
            file = "languages.yml"
            raise DataError(file, SOURCE_LANGUAGE, "the source language is not offered")
        self.source: WebLanguage = source
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("chat.html")

    def language(self, code: str | None) -> WebLanguage | None:
        """The offered language of this code."""
        return next((language for language in self._desk.languages() if language.code == code), None)

    def render(self, language: WebLanguage, accept_language: str, *, is_started: bool) -> str:
        """The page as HTML; ``is_started`` folds the picker away."""
        texts = self._desk.ui_texts(language.code)
        return self._template.render(
            language=language,
            languages=preferred_first(self._desk.languages(), accept_language),
            t=texts,
            texts=json.dumps(dict(texts), ensure_ascii=False),
            exit_url=self._settings.exit_url,
            is_started=is_started,
        )
