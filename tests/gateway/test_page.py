"""The page: its languages, its texts, and what it must never do."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from bot.core.errors import DataError, StorageError
from bot.gateway.page import Page, PageSettings, preferred_first
from bot.gateway.webdesk import WebLanguage

if TYPE_CHECKING:
    from .conftest import FakeDesk, House

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
GATEWAY = ROOT / "bot" / "gateway"
SCRIPTS = sorted((GATEWAY / "static").glob("*.js"))
TEMPLATE = (GATEWAY / "templates" / "chat.html").read_text(encoding="utf-8")


def attribute(page: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', page)
    assert match, name
    return html.unescape(match[1])


async def test_the_page_is_french_until_somebody_chooses(house: House) -> None:
    async with house.browser() as browser:
        page = (await browser.client.get("/", headers={"accept-language": "ar,en;q=0.5"})).text
    assert '<html lang="fr" dir="ltr">' in page
    assert "Pas de rendez-vous" in page
    assert attribute(page, "data-started") == "no"
    assert re.findall(r'data-language="(\w+)"', page) == ["ar", "en", "fr", "ka"]
    assert json.loads(attribute(page, "data-texts"))["send"] == "Envoyer"
    assert re.search(r'id="draft"[^>]* hidden', page)


async def test_the_address_shows_the_page_in_a_language_without_javascript(house: House) -> None:
    async with house.browser() as browser:
        page = (await browser.client.get("/?lang=ar")).text
        assert '<html lang="ar" dir="rtl">' in page
        assert 'data-language="ar" aria-current="true"' in page
        assert not re.search(r'id="draft"[^>]* hidden', page)
        assert page.count("<noscript>") == 1
        odd = (await browser.client.get("/?lang=%22><script>")).text
        assert '<html lang="fr"' in odd
        assert "<script>" not in odd


async def test_a_reload_comes_back_in_the_language_of_the_conversation(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        assert '<html lang="fr"' in (await browser.client.get("/")).text
        house.desk.say(browser.person, "hello", language="en")
        house.desk.say(browser.person, "مرحبا", language="ar")
        page = (await browser.client.get("/")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert attribute(page, "data-started") == "yes"


async def test_the_page_opens_without_the_store_and_with_a_forged_cookie(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        house.desk.failure = StorageError("gone")
        assert (await browser.client.get("/")).status_code == 200
        assert (await browser.client.get("/", headers={"cookie": "guichet=forged"})).status_code == 200


async def test_texts_of_a_language_are_given_as_data(house: House) -> None:
    async with house.browser() as browser:
        answer = (await browser.client.get("/web/texts/ar")).json()
        assert (answer["language"], answer["dir"], answer["draft"]) == ("ar", "rtl", True)
        assert answer["texts"]["send"] == "ar: Envoyer"
        missing = await browser.client.get("/web/texts/xx")
        assert (missing.status_code, missing.json()) == (404, {"error": "no_such_language"})


LANGUAGES = [WebLanguage(code, code, "ltr") for code in ("fr", "en", "ar", "pt")]
WISHES = (
    ("", "fr en ar pt"),
    ("ar", "ar fr en pt"),
    ("pt-BR,pt;q=0.9,en;q=0.8", "pt en fr ar"),
    ("en;q=0.1, AR;q=0.9", "ar en fr pt"),
    ("fr-FR, fr;q=0.5", "fr en ar pt"),
    (";;;q=x,*,\x00", "fr en ar pt"),
    ("en;q=0", "fr en ar pt"),
    ("x" * 9000, "fr en ar pt"),
)


@pytest.mark.parametrize(("header", "order"), WISHES)
async def test_what_the_browser_prefers_only_sorts(header: str, order: str) -> None:
    assert len(WISHES) == 8
    assert [language.code for language in preferred_first(LANGUAGES, header)] == order.split()


async def test_a_registry_without_the_source_language_stops_the_start(house: House) -> None:
    class NoFrench:
        def languages(self) -> list[WebLanguage]:
            return LANGUAGES[1:]

    with pytest.raises(DataError, match=r"languages\.yml: fr"):
        Page(NoFrench(), PageSettings())  # type: ignore[arg-type]


async def test_nothing_on_the_page_comes_from_elsewhere_or_stays_on_the_device(house: House) -> None:
    async with house.browser() as browser:
        page = (await browser.client.get("/")).text
        loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', page)
        assert loaded == ["/static/icon.svg", "/static/chat.css", "/static/chat.js"]
        for path in [*loaded, "/static/wire.js", "/static/view.js"]:
            answer = await browser.client.get(path)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page)
    code = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    assert len(SCRIPTS) == 3
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Storage", "indexedDB",
                 "document.cookie", "caches", "serviceWorker"):  # fmt: skip
        assert word not in code
    assert set(re.findall(r"https?://[\w.]+", code)) == set()


def keys_used() -> set[str]:
    code = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    used = set(re.findall(r'\bsay\("(\w+)"', code)) | set(re.findall(r"\bt\.(\w+)", TEMPLATE))
    used |= set(re.findall(r'data-t(?:-\w+)?="(\w+)"', TEMPLATE))
    # The states of a message are keys themselves, and so are the codes of the refusals a person can bring about.
    return used | {"kept", "failed", "error_too_many_files", "error_file_too_large", "error_body_too_large"}


def test_every_word_the_page_uses_exists_and_every_word_that_exists_is_used(french: dict[str, str]) -> None:
    assert keys_used() == set(french)
    assert all(isinstance(text, str) and text for text in french.values())


def test_every_marked_word_of_the_template_is_rendered_by_the_server_too() -> None:
    marked = re.findall(r'data-t="(\w+)"[^>]*>\{\{ t\.(\w+) \}\}<', TEMPLATE)
    assert len(marked) == len(re.findall(r'data-t="', TEMPLATE))
    assert all(script == server for script, server in marked)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_draft_has_the_words_and_the_places_of_the_french(code: str, french: dict[str, str]) -> None:
    with (ROOT / "locales" / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        prefix = "webchat."
        draft = {
            str(m.context).removeprefix(prefix): str(m.string)
            for m in read_po(file)
            if str(m.context).startswith(prefix)
        }
    assert set(draft) == set(french)
    for key, text in french.items():
        assert re.findall(r"\{\w+\}", draft[key]) == re.findall(r"\{\w+\}", text), key


async def test_a_letter_is_shown_in_the_browser_and_kept_nowhere(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("lettre")
        desk: FakeDesk = house.desk
        desk.letters[browser.person, 1, 0] = ("Lettre à la préfecture.pdf", "application/pdf", b"%PDF-1.7")
        desk.letters[browser.person, 1, 1] = ("a\r\nb.html", "text/html", b"<script>")
        shown = await browser.client.get("/web/files/1/0")
        saved = await browser.client.get("/web/files/1/1")
        gone = [
            await browser.client.get(f"/web/files/{path}") for path in ("1/2", "2/0", "x/0", "1/-1", "9" * 30 + "/0")
        ]
    assert (shown.status_code, shown.content) == (200, b"%PDF-1.7")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"] == "inline; filename*=UTF-8''Lettre%20%C3%A0%20la%20pr%C3%A9fecture.pdf"
    assert shown.headers["cache-control"] == "no-store"
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''a%0D%0Ab.html"
    assert [(answer.status_code, answer.json()["error"]) for answer in gone] == [(404, "not_found")] * 5


async def test_a_letter_that_cannot_be_drawn_may_be_asked_for_again_but_not_without_end(house: House) -> None:
    from bot.core.errors import DocumentError

    async with house.browser() as browser:
        await browser.enter()
        await browser.send("lettre")
        house.desk.failure = DocumentError("no font")
        answer = await browser.client.get("/web/files/1/0")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        codes = [(await browser.client.get("/web/files/1/0")).status_code for _ in range(10)]
    assert codes == [503] * 9 + [429]


async def test_a_store_that_cannot_be_read_gives_503(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        house.desk.failure = StorageError("gone")
        assert (await browser.client.get("/web/files/1/0")).status_code == 503
        assert (await browser.client.post("/web/session")).status_code == 503
