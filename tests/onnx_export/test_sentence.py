"""Sentence models of others: any width, their own pooling, from a folder to a trained adapter."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from onnx_export import torchvision_operators  # noqa: E402

torchvision_operators.declare()
transformers = pytest.importorskip("transformers")

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: E402

from engines import lexicon  # noqa: E402
from engines import models as engine_models  # noqa: E402
from engines.errors import ModelError  # noqa: E402
from engines.text import SentenceEncoder, TextEncoder  # noqa: E402
from onnx_export import folders, sentence, verify  # noqa: E402
from tests.training.sequences import sequences  # noqa: E402
from training import corpus, export, network, train  # noqa: E402

DIM = 512
TEXTS = ["waves", "a person walks, then sits down"]


def write_bert(folder: Path, *, pooling: dict[str, object], modules: tuple[str, ...] = ()) -> Path:
    """A small random BERT of 512 numbers a text, in sentence-transformers' form."""
    words = [*"abcdefghijklmnopqrstuvwxyz", ",", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
    pieces = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    shape = {"num_hidden_layers": 1, "num_attention_heads": 8, "intermediate_size": 64}
    settings = transformers.BertConfig(hidden_size=DIM, vocab_size=len(pieces), **shape)
    torch.manual_seed(0)
    transformers.BertModel(settings, add_pooling_layer=False).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = ("Transformer", "Pooling", *modules)
    parts = [{"path": k, "type": f"sentence_transformers.models.{k}"} for k in kinds]
    (folder / "modules.json").write_text(json.dumps(parts))
    (folder / "Pooling").mkdir()
    (folder / "Pooling/config.json").write_text(json.dumps(pooling))
    return folder


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It pools by the mean."""
    pooling = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    return write_bert(tmp_path_factory.mktemp("bert"), pooling=pooling)


@pytest.fixture(scope="module")
def wide(bert: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported folder, made by the command."""
    out = tmp_path_factory.mktemp("models") / "wide"
    command = [sys.executable, "-m", "onnx_export", "sentence", "--model", str(bert)]
    subprocess.run([*command, "--licence", "MIT", "--out", str(out)], check=True)
    return out


def test_the_manifest_says_how_wide_it_is_and_whose(wide: Path, bert: Path) -> None:
    """The width is the model's own; nothing else is left beside the folder."""
    manifest = engine_models.find(wide).sentence()
    assert (manifest.name, manifest.dim) == ("wide", DIM)
    assert manifest.sources == (engine_models.Source(f"transformers {bert.name}", "MIT"),)
    assert [path.name for path in wide.parent.iterdir()] == ["wide"]


def test_the_folder_says_what_transformers_says(wide: Path, bert: Path) -> None:
    """Unit rows, the mean of the tokens of transformers' own model, texts of any length."""
    model = transformers.BertModel.from_pretrained(bert, add_pooling_layer=False).eval()
    tokenizer = Tokenizer.from_file(str(bert / "tokenizer.json"))
    rows = SentenceEncoder(engine_models.find(wide)).encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(TEXTS, rows, strict=True):
        with torch.inference_mode():
            tokens = model(torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
        mean = tokens.mean(dim=0)
        assert row @ (mean / mean.norm()).numpy() > verify.COSINE_BOUND


def test_the_first_token_speaks_where_the_folder_says_so(tmp_path: Path) -> None:
    """Both spellings of the settings; the rows are those of the first token."""
    older = write_bert(tmp_path / "older", pooling={"pooling_mode_cls_token": True})
    newer = write_bert(tmp_path / "newer", pooling={"pooling_mode": "cls"})
    ids = torch.tensor([[2, 9, 5, 3]])
    for folder in (older, newer):
        model = sentence.load(folder)
        with torch.inference_mode():
            first = model.encoder(input_ids=ids).last_hidden_state[0, 0]
            row = model(ids, torch.ones_like(ids))[0]
        torch.testing.assert_close(row, first / first.norm())


@pytest.mark.parametrize(
    ("pooling", "modules", "said"),
    [
        ({"pooling_mode": "max"}, (), "only the mean and cls"),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}, (), "only the mean"),
        ({"pooling_mode": "mean"}, ("Dense",), "part 'Dense'"),
    ],
)
def test_what_cannot_be_done_is_refused(
    tmp_path: Path, pooling: dict[str, object], modules: tuple[str, ...], said: str
) -> None:
    """By the name of the part, before anything is written."""
    folder = write_bert(tmp_path / "bert", pooling=pooling, modules=modules)
    with pytest.raises(ModelError, match=said):
        sentence.write_sentence(tmp_path / "out", model=folder)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_refused(tmp_path: Path, bert: Path) -> None:
    """No tokenizer, no model, and weights that are not all there."""
    with pytest.raises(ModelError, match="save_pretrained"):
        sentence.write_sentence(tmp_path / "out", model=tmp_path)
    (tmp_path / "tokenizer.json").write_bytes((bert / "tokenizer.json").read_bytes())
    with pytest.raises(ModelError, match="no transformers model in"):
        sentence.write_sentence(tmp_path / "out", model=tmp_path)


def test_a_motion_model_can_be_trained_on_it(wide: Path, tmp_path: Path) -> None:
    """From captions to the exported adapter: as wide as the sentence model, named, and it runs."""
    writer = corpus.Writer(tmp_path / "corpus", sentence=str(wide))
    writer.add(sequences(3), real=False)
    writer.close()
    prepared = corpus.read(tmp_path / "corpus")
    assert prepared.sentence.shape == (len(prepared.captions), DIM)
    plan = train.Plan(steps=2, width=16, size=2, frames=40, bank=2, warm=1, every=2)
    train.run(prepared, tmp_path / "run", seed=1, plan=plan)
    model, trained = network.load(tmp_path / "run", [1])
    named = trained["sentence_model"]
    notes = {"version": "t", "sentence_model": named, "sources": export.sources(named)}
    notes["calibration"] = export.NEUTRAL
    manifest = folders.write_motion(model, notes, tmp_path / "m")
    text = engine_models.Text(str(wide.resolve()), DIM, lexicon.LEXICON_COUNT)
    assert manifest.text == text
    assert engine_models.find(wide).sentence().sources[0] in manifest.sources
    rows = TextEncoder(engine_models.find(tmp_path / "m")).encode(["waves", "sits down"])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert not np.allclose(rows[0], rows[1], atol=1e-3)
    narrow = {**notes, "sentence_model": folders.SENTENCE_NAME}
    with pytest.raises(verify.ParityError, match="sentences of 512 numbers"):
        folders.write_motion(model, narrow, tmp_path / "narrow")
