"""Files that lie, hurt or come late: the person is told, nothing else stops (channels.md 6.4); memory: tests.soak bombs."""

from __future__ import annotations

import pytest

from bot.media.inspection import Inspector
from tests.faults.conftest import Awa
from tests.media.drawings import booking_page, jpeg
from tests.soak.bombs import huge_png, zip_bomb_docx

MIB = 1 << 20
PAGE = jpeg(booking_page(540, 960))
JPEG = "image/jpeg"


@pytest.fixture(scope="module")
def inspector():
    made = Inspector(tesseract=None)
    yield made
    made.close()


class Lent:
    """The inspector of all tests, which no house closes."""

    def __init__(self, inspector):
        self.inspect = inspector.inspect

    def close(self):
        """Others need it."""


@pytest.fixture
def rig(make_rig, inspector):
    return make_rig(inspector=Lent(inspector))


def heard(rig, seconds=40):
    rig.until(lambda: rig.engine.files, "the file's turn is played", seconds)
    rig.calm(seconds)
    return rig.engine.files


FILES = {
    "an honest picture": (PAGE, JPEG, "x.jpg", False, {}, "ok"),
    "a picture sent as a file": (PAGE, JPEG, "x.jpg", True, {}, "ok"),
    "5.1 MB": (PAGE + bytes(5 * MIB + MIB // 10), JPEG, "x.jpg", True, {}, "ok"),
    "21 MB": (bytes(21 * MIB), "application/pdf", "x.pdf", True, {}, "too_large"),
    "no byte": (b"", JPEG, "x.jpg", True, {}, "empty"),
    "a PDF called JPEG": (b"%PDF-1.7\n" + bytes(100), JPEG, "x.jpg", True, {}, "unreadable"),
    "a page and a program in one": (PAGE + b"PK\x03\x04<script>", JPEG, "x.jpg", True, {}, "ok"),
    "400 megapixels in 49 kB": (huge_png(), "image/png", "x.png", True, {}, "too_large"),
    "a zip bomb called docx": (zip_bomb_docx(64), "application/docx", "x.docx", True, {}, "unreadable"),
    "a PDF of 2000 pages": (b"%PDF-1.7\n" + b"1 0 obj<</Type/Page>>endobj\n" * 2000, "application/pdf", "x.pdf", True, {},
                            "unreadable"),
    "a body without end": (b"\xff\xd8\xff", JPEG, "x.jpg", True, {"endless": True}, "too_large"),
    "missing at first": (PAGE, JPEG, "x.jpg", True, {"missing": 1}, "ok"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_file_ends_as_it_should_and_the_person_hears_of_it(rig, awa, name):
    content, mime, called, as_document, wrong, ending = FILES[name]
    awa.send(content, mime, called, as_document=as_document, **wrong)
    assert heard(rig) == [[ending]]
    awa.hears(ending)
    kept = sum(sample.value for metric in rig.house.metrics.registry.collect() for sample in metric.samples
               if sample.name == "guichet_files_not_kept_total" and sample.labels["problem"] == ending)  # fmt: skip
    assert kept == (ending != "ok")
    assert rig.count("media", "state < 2") == 0


@pytest.mark.parametrize("wrong", [{"sha256": "A" * 43 + "="}])
def test_whatsapp_file_with_another_digest_is_not_believed(rig, wrong):
    awa = Awa(rig, "whatsapp")
    awa.send(PAGE, **wrong)
    assert heard(rig) == [["unavailable"]]


def test_whatsapp_address_that_has_ended_is_asked_for_again(rig):
    """The address lives five minutes; the id gives a new one."""
    awa = Awa(rig, "whatsapp")
    graph = rig.graph
    link, calls = graph.state.link, []

    def short_lived(media_id):
        made = link(media_id)
        calls.append(made)
        if len(calls) == 2:  # the first one is in the webhook itself
            graph.state.links[made.rsplit("/", 1)[1]] = (media_id, 0.0)
        return made

    graph.state.link = short_lived
    awa.send(PAGE)
    assert heard(rig) == [["ok"]]
    assert len(calls) >= 3


def test_files_that_fail_hold_up_nobody_else(rig, awa, ben):
    awa.send(PAGE, missing=30)
    ben.say("salut")
    ben_is_answered = ["#salut"]
    rig.until(lambda: ben.texts == ben_is_answered, "the other is answered")
    assert rig.engine.files == []
