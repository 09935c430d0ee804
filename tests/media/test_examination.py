"""What the worker does with one picture, without the process around it."""

from __future__ import annotations

import io
import struct
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import MediaRefusedError, MediaTooLargeError, MediaUnreadableError
from bot.media import worker
from bot.media.picture import Bounds, examine
from bot.media.reading import Reader, find_reader
from bot.media.worker import ANSWER, REQUEST, Outcome, answer, serve
from tests.media.drawings import MRZ_TD2, booking_page, card, identity_card, jpeg, photograph, png

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

PAGE = booking_page(270, 480)
BOUNDS = Bounds()


class Telling(Reader):
    """A reader that reads what it is told to."""

    def read(self, grey: Image.Image, seconds: float) -> str:
        assert seconds > 0
        return self.languages if grey.height > 100 else ""


def telling(words: str) -> Reader:
    """A reader that finds these words on a whole page and none in its head."""
    return Telling("nothing", words)


def test_same_picture_gives_the_same_copy_as_the_worker(blind) -> None:
    assert examine(jpeg(PAGE), BOUNDS, None) == blind.inspect(jpeg(PAGE))


@pytest.mark.parametrize(
    ("dark", "words"), [(False, "NOM / SURNAME PRÉNOMS / GIVEN NAMES"), (True, "NOM/Surname SEXE/Sex")]
)
def test_words_of_a_card_refuse_a_picture(dark: bool, words: str) -> None:
    with pytest.raises(MediaRefusedError):
        examine(png(booking_page(540, 960, dark=dark)), BOUNDS, telling(words))


@pytest.mark.parametrize("words", ["", "rendez-vous NOM / SURNAME PRÉNOMS / GIVEN NAMES", "bonjour"])
def test_other_words_do_not(words: str) -> None:
    assert examine(png(booking_page(540, 960)), BOUNDS, telling(words)).width == 540


@pytest.mark.parametrize("reader", [None, telling("https://prefecture.gouv.fr")])
def test_zone_refuses_a_picture_whatever_is_read(reader: Reader | None) -> None:
    with pytest.raises(MediaRefusedError):
        examine(identity_card(), BOUNDS, reader)
    with pytest.raises(MediaRefusedError):
        examine(png(photograph(card(1200, mrz=MRZ_TD2), angle=-3)), BOUNDS, reader)


def test_too_many_pixels_are_seen_before_the_first_is_decoded() -> None:
    with pytest.raises(MediaTooLargeError):
        examine(png(PAGE), Bounds(pixels=1000), None)
    with pytest.raises(MediaUnreadableError):
        examine(b"GIF89a", BOUNDS, None)


def exhausted(data: bytes, bounds: Bounds, reader: Reader | None) -> None:
    raise MemoryError


OUTCOMES = (
    (png(PAGE), BOUNDS, Outcome.SAFE),
    (png(PAGE), Bounds(pixels=10), Outcome.TOO_LARGE),
    (png(PAGE)[:300], BOUNDS, Outcome.UNREADABLE),
    (identity_card(), BOUNDS, Outcome.REFUSED),
)


@pytest.mark.parametrize(("data", "bounds", "outcome"), OUTCOMES)
def test_every_outcome_has_its_answer(data: bytes, bounds: Bounds, outcome: Outcome) -> None:
    assert len(OUTCOMES) == 4
    told, reply = answer(data, bounds, None)
    assert told is outcome
    code, width, height, length = ANSWER.unpack_from(reply)
    assert (code, length) == (outcome, len(reply) - ANSWER.size)
    assert (width > 0, height > 0) == (outcome is Outcome.SAFE,) * 2


def test_worker_ends_itself_when_memory_was_too_small(monkeypatch) -> None:
    monkeypatch.setattr(worker, "examine", exhausted)
    monkeypatch.setattr(worker, "allow_seconds", lambda _seconds: None)
    sink = io.BytesIO()
    serve(io.BytesIO((REQUEST.pack(1) + b"x") * 3), sink, BOUNDS, None, 10)
    assert sink.getvalue() == ANSWER.pack(Outcome.EXHAUSTED, 0, 0, 0)


def test_worker_answers_in_order_and_stops_at_a_torn_request(monkeypatch) -> None:
    monkeypatch.setattr(worker, "allow_seconds", lambda _seconds: None)
    sink = io.BytesIO()
    data = png(PAGE)
    serve(io.BytesIO(REQUEST.pack(3) + b"abc" + REQUEST.pack(len(data)) + data + b"\x00\x00"), sink, BOUNDS, None, 10)
    first, second = sink.getvalue()[: ANSWER.size], sink.getvalue()[ANSWER.size :]
    assert ANSWER.unpack(first)[0] == Outcome.UNREADABLE
    assert struct.unpack_from(">BII", second) == (Outcome.SAFE, 270, 480)


def program(folder: Path, body: str) -> str:
    """A program that claims to be tesseract."""
    path = folder / "tesseract"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


LANGUAGES = (
    ("print('List:\\nfra\\neng\\nosd')", "fra"),
    ("print('eng')", "eng"),
    ("print('eng\\nfra\\nocrb')", "fra+ocrb"),
    ("print('deu')", None),
    ("sys.exit(1)", None),
)


@pytest.mark.parametrize(("body", "languages"), LANGUAGES)
def test_reader_takes_french_before_english(tmp_path: Path, body: str, languages: str | None) -> None:
    assert len(LANGUAGES) == 5
    reader = find_reader(program(tmp_path, body))
    assert (reader.languages if reader else None) == languages


def test_slow_reader_reads_nothing(tmp_path: Path) -> None:
    start = time.monotonic()
    assert Reader(program(tmp_path, "time.sleep(30)"), "fra").read(PAGE.convert("L"), 0.5) == ""
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("body", ["sys.exit(1)", "sys.stdout.buffer.write(b'\\xff\\xfe')"])
def test_failing_reader_is_no_error(tmp_path: Path, body: str) -> None:
    words = Reader(program(tmp_path, body), "fra").read(PAGE.convert("L"), 5)
    assert not words.strip("\ufffd")
