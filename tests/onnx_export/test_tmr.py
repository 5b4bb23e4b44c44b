"""Import of TMR: the true architecture, its checkpoints, parity, the live engine, clear errors.

No weights of TMR can be shipped or fetched here: all checkpoints are random, of the true form.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("transformers")

from engines import models, places  # noqa: E402
from engines.errors import ModelError  # noqa: E402
from engines.motion.engine import MotionEngine  # noqa: E402
from engines.runtime import Graph  # noqa: E402
from engines.text import TextEncoder  # noqa: E402
from onnx_export import __main__ as command  # noqa: E402
from onnx_export import tmr, tmr_folder, verify  # noqa: E402
from tests.engines.motion.poses import moving  # noqa: E402
from tests.onnx_export import tmr_checkout  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's folder inside a checkout of TMR."""
    return tmr_checkout.make(tmp_path_factory.mktemp("checkout"))


def argv(checkpoint: Path, out: Path, distilbert: Path | None) -> list[str]:
    words = [] if distilbert is None else ["--distilbert", str(distilbert)]
    return ["onnx_export", "motion", "--tmr", str(checkpoint), "--out", str(out), *words]


@pytest.fixture(scope="module")
def exported(run: Path, tmp_path_factory: pytest.TempPathFactory) -> models.ModelFolder:
    """The model folder that the command writes."""
    out = tmp_path_factory.mktemp("exported") / "tmr"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", argv(run, out, run.parents[1] / "distilbert"))
        command.main()
    return models.find(out)


def refused(checkpoint: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says when it ends with an error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", argv(checkpoint, out, None))
        with pytest.raises(SystemExit) as ended:
            command.main()
    assert ended.value.code == 1
    assert not (out / places.MANIFEST).exists()
    return capsys.readouterr().err


def weights(folder: Path, name: str = "motion_encoder") -> dict[str, "torch.Tensor"]:
    return torch.load(folder / "last_weights" / f"{name}.pt", weights_only=True)


def with_weights(root: Path, **changed: dict[str, "torch.Tensor"]) -> Path:
    """A copy of a run's weights with one tower changed."""
    (root / "last_weights").mkdir(parents=True)
    for name, state in changed.items():
        torch.save(state, root / "last_weights" / f"{name}.pt")
    return root


@pytest.mark.filterwarnings("ignore:.*nested tensor")
def test_the_architecture_is_torchs_transformer_as_tmr_builds_it(run: Path) -> None:
    """Same weights in torch's own encoder, with its own padding mask: same mean and frames."""
    state = weights(run)
    layer = torch.nn.TransformerEncoderLayer(256, 4, 1024, 0.1, "gelu", batch_first=True)
    other = torch.nn.TransformerEncoder(layer, 6)
    prefix = "seqTransEncoder."
    other.load_state_dict(
        {key.removeprefix(prefix): value for key, value in state.items() if prefix in key}
    )
    assert {key.split(".")[0] for key in state} == {"projection", "tokens", "seqTransEncoder"}
    torch.manual_seed(1)
    sequence, kept = torch.randn(2, 30, 263), torch.ones(2, 30, dtype=torch.bool)
    kept[1, 20:] = False
    pace = 10000 ** (-torch.arange(0, 256, 2) / 256)
    table = torch.zeros(32, 256)
    table[:, 0::2] = torch.sin(torch.arange(32)[:, None] * pace)
    table[:, 1::2] = torch.cos(torch.arange(32)[:, None] * pace)
    rows = torch.nn.functional.linear(
        sequence, state["projection.weight"], state["projection.bias"]
    )
    rows = torch.cat([state["tokens"].expand(2, 2, 256), rows], dim=1) + table
    hidden = torch.cat([torch.zeros(2, 2, dtype=torch.bool), ~kept], dim=1)
    with torch.inference_mode():
        wanted = other.eval()(rows, src_key_padding_mask=hidden)
        latent, frames = tmr.load(run)[0](sequence, torch.where(kept, 0.0, -torch.inf))
    torch.testing.assert_close(latent, wanted[:, 0], atol=2e-5, rtol=0)
    torch.testing.assert_close(frames[kept], wanted[:, 2:][kept], atol=2e-5, rtol=0)


def test_all_forms_of_a_checkpoint_hold_the_same_weights(run: Path, tmp_path: Path) -> None:
    """A run's folder, its weights' folder, and Lightning's file with other modules in it."""
    state = {
        f"{name}.{key}": value
        for name in ("motion_encoder", "text_encoder")
        for key, value in weights(run, name).items()
    }
    state["motion_decoder.final_layer.bias"] = torch.zeros(263)
    lightning = tmp_path / "last.ckpt"
    torch.save({"epoch": 1, "state_dict": state}, lightning)
    for form in (run, run / "last_weights", lightning):
        for name, actor in zip(("motion_encoder", "text_encoder"), tmr.load(form), strict=True):
            for key, value in weights(run, name).items():
                assert torch.equal(actor.state_dict()[key], value)


def test_the_manifest_states_licence_and_parity(exported: models.ModelFolder) -> None:
    """Code and weights have different terms; every deviation is below the stated bound."""
    manifest = exported.window()
    licences = " ".join(source.licence for source in manifest.sources)
    assert "MIT" in licences
    assert "non-commercial" in licences
    parity = dict(manifest.parity)
    assert parity.pop("bound") == verify.WINDOW_BOUND
    assert set(parity) == {"torch_onnx_encoder", "torch_onnx_text", "masked_truncated"}
    assert all(deviation <= verify.WINDOW_BOUND for deviation in parity.values())


def test_the_graph_of_another_model_is_refused(exported: models.ModelFolder, run: Path) -> None:
    """Parity is really compared."""
    torch.manual_seed(9)
    mean, std = tmr.statistics(run)
    other = tmr.MotionTower(tmr.Actor(tmr.FEATURE_COUNT), mean, std).eval()
    with pytest.raises(verify.ParityError, match="above the bound"):
        verify.windows(other, exported.path("encoder"))


@pytest.mark.parametrize(("windows", "frames"), [(1, 1), (3, 40), (2, 200)])
def test_padding_does_not_matter(exported: models.ModelFolder, windows: int, frames: int) -> None:
    """A masked tail, whatever is in it, changes neither latent nor frames."""
    graph = Graph(exported.path("encoder"))
    random = np.random.default_rng(0)
    features = random.standard_normal((windows, frames, 263)).astype(np.float32)
    rubbish = 50 * random.standard_normal((windows, 7, 263)).astype(np.float32)
    log_mask = np.log(random.random((windows, frames), np.float32) + 1e-3)
    cut = graph.run(features=features, log_mask=log_mask)
    padded = graph.run(
        features=np.concatenate([features, rubbish], axis=1),
        log_mask=np.pad(log_mask, ((0, 0), (0, 7)), constant_values=-np.inf),
    )
    np.testing.assert_allclose(padded["latent"], cut["latent"], atol=verify.WINDOW_BOUND)
    np.testing.assert_allclose(
        padded["frames"][:, :frames], cut["frames"], atol=verify.WINDOW_BOUND
    )


def test_a_mask_is_soft(exported: models.ModelFolder) -> None:
    """The fainter the second half, the nearer the latent is to that of the first half alone."""
    graph = Graph(exported.path("encoder"))
    features = np.random.default_rng(1).standard_normal((1, 40, 263)).astype(np.float32)
    alone = graph.run(features=features[:, :20], log_mask=np.zeros((1, 20), np.float32))["latent"]
    distances = []
    for weight in (1.0, 0.3, 0.03, 0.001):
        log_mask = np.zeros((1, 40), np.float32)
        log_mask[:, 20:] = np.log(weight)
        latent = graph.run(features=features, log_mask=log_mask)["latent"]
        distances.append(float(np.linalg.norm(latent - alone)))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.05 * distances[0]


def test_texts_alone_and_together(exported: models.ModelFolder) -> None:
    """Padding in a batch of texts does not matter; different texts differ."""
    texts = ["walks", "a person waves the left hand and then sits down"]
    together = TextEncoder(exported).encode(texts)
    alone = np.concatenate([TextEncoder(exported).encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=verify.WINDOW_BOUND)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.abs(together[0] - together[1]).max() > 1e-3


def test_it_runs_live(exported: models.ModelFolder) -> None:
    """The engine labels every frame, 0.4 s behind, the same in any pieces."""
    engine = MotionEngine(exported)
    assert engine.model.lookahead_s == pytest.approx(0.4)
    joints, times_s = moving(70, seed=3), np.arange(70) / 20
    found = []
    for chunk in (70, 1, 13):
        track = engine.new_track()
        updates = engine.configure(track, ["walks", "waves the left hand"], "watch")
        for begin in range(0, 70, chunk):
            part = slice(begin, begin + chunk)
            [result] = engine.step([(track, joints[part], times_s[part])])
            assert result.error is None
            updates += result.updates
        updates += engine.finish(track)
        found.append([u for u in updates if u.scores and u.time_s is not None])
    scores = [np.array([update.scores for update in updates]) for updates in found]
    assert len(scores[0]) >= 70
    for other in scores[1:]:
        np.testing.assert_allclose(other, scores[0], atol=1e-3)


def test_a_checkpoint_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error says what to give instead."""
    assert "is missing: give a TMR run's folder" in refused(tmp_path / "no", tmp_path / "m", capsys)


@pytest.mark.parametrize("content", [b"", b"no tensors here", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """Empty, text or damaged: one clear line."""
    (tmp_path / "last.ckpt").write_bytes(content)
    assert "is not a file of tensors" in refused(tmp_path / "last.ckpt", tmp_path / "m", capsys)


def test_a_file_of_other_tensors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table without a state is no checkpoint."""
    torch.save({"weights": torch.zeros(3)}, tmp_path / "last.ckpt")
    assert "has no 'state_dict'" in refused(tmp_path / "last.ckpt", tmp_path / "m", capsys)


def test_another_architecture(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error lists what is missing, what is too much, and what has another shape."""
    state = weights(run)
    state = {key: value for key, value in state.items() if ".layers.5." not in key}
    state["tokens"] = state["tokens"][:1]
    state["projection.weight"] = state["projection.weight"][:, :251]
    state["extra.weight"] = torch.zeros(1)
    other = with_weights(
        tmp_path / "run", motion_encoder=state, text_encoder=weights(run, "text_encoder")
    )
    said = refused(other, tmp_path / "m", capsys)
    assert "missing: seqTransEncoder.layers.5.linear1.bias" in said
    assert "and 4 more" in said
    assert "unexpected: extra.weight" in said
    assert "projection.weight (256, 251) instead of (256, 263)" in said
    assert "tokens (1, 256) instead of (2, 256)" in said
    assert "HumanML3D" in said


def test_no_statistics_beside_the_checkpoint(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A checkpoint alone does not say how its features were normalised."""
    parts = {name: weights(run, name) for name in ("motion_encoder", "text_encoder")}
    alone = with_weights(tmp_path / "run", **parts)
    assert "--statistics" in refused(alone, tmp_path / "m", capsys)


def test_half_of_the_statistics(run: Path, tmp_path: Path) -> None:
    """A mean without a deviation is as good as nothing."""
    torch.save(torch.ones(263), tmp_path / "mean.pt")
    with pytest.raises(ModelError, match=r"mean\.pt and std\.pt"):
        tmr.statistics(run, tmp_path)


def test_statistics_of_another_skeleton(run: Path, tmp_path: Path) -> None:
    """251 columns are KIT's."""
    for name in ("mean", "std"):
        torch.save(torch.ones(251), tmp_path / f"{name}.pt")
    with pytest.raises(ModelError, match="263 means"):
        tmr.statistics(run, tmp_path)


def test_no_distilbert_offline(run: Path, tmp_path: Path) -> None:
    """With an empty cache the command ends with the remedy, and fetches nothing."""
    command_line = [sys.executable, "-m", *argv(run, tmp_path / "m", None)]
    ended = subprocess.run(
        command_line,
        env={**os.environ, "HF_HOME": str(tmp_path / "empty")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "no DistilBERT" in ended.stderr
    assert "hf download distilbert-base-uncased" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "m").exists()


def test_another_language_model(tmp_path: Path) -> None:
    """A folder whose weights do not fill DistilBERT is refused, never filled with noise."""
    tmr_checkout.language_model(tmp_path)
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace('"n_layers": 1', '"n_layers": 2'))
    with pytest.raises(ModelError, match="weights do not fit"):
        tmr_folder.language_model(tmp_path)
