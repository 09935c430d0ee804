"""Which letters are made, what law they state, and that their fonts are there."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from bot.core.documents import LetterKind
from bot.core.errors import DocumentError
from bot.core.titles import FilingChannel, Title, Window
from bot.documents.letters import LetterRenderer
from bot.i18n.languages import Language, Languages

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.documents import LetterFacts

    Build = Callable[..., LetterFacts]


def text(pdf: bytes) -> str:
    """The whole text on one line."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_missing_font_family_is_named_at_start(languages: Languages) -> None:
    """Typst alone would print boxes."""
    klingon = Language("tlh", "tlhIngan", "klingon", "ltr", "fr_FR", "Noto Sans Klingon", "planned")
    renderer = LetterRenderer(lambda _key, french, _language: french, [*languages.all, klingon])
    with pytest.raises(DocumentError, match="Noto Sans Klingon"):
        renderer.check_fonts()


@pytest.mark.parametrize("changes", [{"title": "ts.aes"}, {"title": "doc.none"}, {"departement": "988"}])
def test_locked_letters_are_not_made(renderer: LetterRenderer, facts: Build, changes: dict[str, str]) -> None:
    """domain.md 4.2: a-AES is disabled until a jurist unlocks it; 5.3: no template in the collectivities."""
    assert renderer.lock_of(facts(**changes)) is not None
    with pytest.raises(DocumentError, match="locked"):
        renderer.letter(facts(**changes))


def title(channel: FilingChannel, renewal: FilingChannel) -> Title:
    """A title filed by one channel first and by another for a renewal."""
    return Title("ts.res10", "Carte de résident", channel, renewal, Window.W120, None, "s", "READ-P", "2026-11-23")


@pytest.mark.parametrize(
    ("kind", "stated", "missing"),
    [
        (LetterKind.FIRST, ("R.431-3", "436288", "461694"), ("R.431-2",)),
        (LetterKind.RENEWAL, ("R.431-2", "436288"), ("R.431-3", "461694")),
    ],
)
def test_grounds_follow_how_the_title_is_filed(
    languages: Languages, facts: Build, kind: LetterKind, stated: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    """F-08 is not invoked for a title that is filed online (F-07, F-09)."""
    titles = {"ts.res10": title(FilingChannel.PREF, FilingChannel.ANEF)}
    renderer = LetterRenderer(lambda _key, french, _language: french, languages.all, titles)
    printed = text(renderer.letter(facts(kind=kind, title="ts.res10")))
    assert [ground for ground in stated if ground not in printed] == []
    assert [ground for ground in missing if ground in printed] == []


def test_letter_after_the_expiry_of_all_grounds_states_no_law(renderer: LetterRenderer, facts: Build) -> None:
    """The demand stays; what nobody checked again is left out (domain.md 0, rule 2)."""
    last = date(2027, 5, 23)
    assert "436288" in text(renderer.letter(facts(written_on=last)))
    printed = text(renderer.letter(facts(written_on=last + timedelta(days=1))))
    assert "Je vous demande un rendez-vous dans un délai de" in printed
    for words in ("Textes sur lesquels", "R.431", "436288", "461694", "Conseil d'État"):
        assert words not in printed
