"""Recordings: what is read, and what is refused with what was expected."""

from pathlib import Path

import numpy as np
import pytest

from clients.recording import RecordingError, load
from tests.clients.rig import humanoid, still

JOINTS = np.zeros((5, 22, 3), np.float32)


def test_frames_a_second_become_capture_times(tmp_path: Path) -> None:
    """`fps` gives evenly spaced seconds from zero."""
    np.savez(tmp_path / "a.npz", joints=JOINTS, fps=20)
    take = load(tmp_path / "a.npz")
    np.testing.assert_allclose(take.time_s, [0, 0.05, 0.1, 0.15, 0.2])
    assert take.joints.dtype == np.float32


def test_capture_times_are_kept_as_they_are(tmp_path: Path) -> None:
    """Irregular clocks are the resampler's business: nothing is smoothed here."""
    times = np.array([7.0, 7.1, 7.4, 7.3, 9.0])
    np.savez(tmp_path / "a.npz", joints=JOINTS.astype(np.float64), time_s=times)
    np.testing.assert_array_equal(load(tmp_path / "a.npz").time_s, times)


def test_frames_that_are_not_finite_are_left_out_and_said(tmp_path: Path) -> None:
    """A tracker's NaN frames do not stop a replay."""
    joints = JOINTS.copy()
    joints[2, 3, 1] = np.nan
    np.savez(tmp_path / "a.npz", joints=joints, fps=20)
    take = load(tmp_path / "a.npz")
    assert len(take.joints) == len(take.time_s) == 4
    assert take.warnings == ["1 frames are not finite: left out."]


def test_bvh_is_read_by_its_suffix(tmp_path: Path) -> None:
    """A suffix in any case chooses the reader."""
    rig = humanoid()
    (tmp_path / "TAKE.BVH").write_text(rig.text(still(rig)))
    assert load(tmp_path / "TAKE.BVH").joints.shape == (20, 22, 3)


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"poses": JOINTS}, "expected joints and fps or time_s, found poses"),
        ({"joints": JOINTS}, "expected joints and fps or time_s"),
        ({"joints": JOINTS[:, :21], "fps": 20}, r"\(5, 21, 3\) float32, expected \(T, 22, 3\)"),
        ({"joints": JOINTS.astype(int), "fps": 20}, "int64, expected"),
        ({"joints": JOINTS, "fps": 0}, "fps is 0"),
        ({"joints": JOINTS, "fps": [20, 30]}, "expected one number"),
        ({"joints": JOINTS, "time_s": np.arange(4.0)}, "for 5 frames"),
        ({"joints": JOINTS[:1], "fps": 20}, "1 usable frames"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, arrays: dict[str, object], why: str) -> None:
    """The error says what was there and what was expected."""
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(RecordingError, match=why):
        load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("gone.npz", None, "no such file"),
        ("a.npz", b"no archive", "not a readable .npz"),
        ("a.fbx", b"", "cannot be replayed"),
        ("folder", None, "no such file"),
    ],
)
def test_other_files_are_refused(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    """Missing, damaged and foreign files are told apart."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=why):
        load(tmp_path / name)


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    """An archive with Python objects in it is refused, not run."""
    np.savez(tmp_path / "a.npz", joints=np.array([{"a": 1}], object), fps=20, allow_pickle=True)
    with pytest.raises(RecordingError, match="not a readable"):
        load(tmp_path / "a.npz")
