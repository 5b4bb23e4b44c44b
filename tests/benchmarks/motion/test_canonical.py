"""Folders of recordings in the canonical format, right and wrong."""

import numpy as np
import pytest

from benchmarks.motion import canonical
from benchmarks.motion.recordings import Span
from engines.errors import ShapeError

JOINTS = np.zeros((40, 22, 3), np.float32)
TIMES_S = 7 + np.arange(40) / 10
GOOD = {
    "joints": JOINTS,
    "time_s": TIMES_S,
    "text": ["b", "a"],
    "start_s": [9.0, 7.5],
    "end_s": [10.0, 8.0],
}


def test_files_come_by_name_with_the_prompts_of_all(tmp_path):
    """Spans in order of time, prompts in the files' order, whatever the limit."""
    np.savez(tmp_path / "one.npz", **GOOD)
    np.savez(tmp_path / "two.npz", **GOOD | {"text": ["c", "a"]})
    [first] = canonical.load(tmp_path, 1).recordings
    assert first.spans == (Span("a", 7.5, 8.0), Span("b", 9.0, 10.0))
    assert first.prompts == ("b", "a", "c")
    both = canonical.load(tmp_path, None)
    assert [recording.name for recording in both.recordings] == ["one", "two"]
    assert both.name == tmp_path.name
    np.testing.assert_array_equal(first.times_s, TIMES_S)


def test_a_clip_has_one_text_throughout(tmp_path):
    """`fps` for times, and no spans: to the end of the last frame."""
    np.savez(tmp_path / "clip.npz", joints=JOINTS, fps=20, text="a")
    [clip] = canonical.load(tmp_path, None).recordings
    [span] = clip.spans
    assert (span.text, span.start_s, span.end_s) == ("a", 0.0, pytest.approx(2.0))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"joints": JOINTS[:, :17]}, "joints"),
        ({"joints": np.full_like(JOINTS, np.nan)}, "finite"),
        ({"time_s": TIMES_S[:-1]}, "39"),
        ({"time_s": TIMES_S[::-1]}, "go back"),
        ({"start_s": [7.0, 7.5], "end_s": [8.0, 9.0]}, "overlap"),
        ({"end_s": [8.0, 8.0]}, "end before they start"),
        ({"text": ["a"]}, "expected joints"),
        ({"text": [], "start_s": [], "end_s": []}, "0 spans"),
    ],
)
def test_another_format_is_refused(tmp_path, wrong, said):
    """With the file, what is wrong and what was expected."""
    np.savez(tmp_path / "bad.npz", **GOOD | wrong)
    with pytest.raises(ShapeError, match=said) as caught:
        canonical.load(tmp_path, None)
    assert "bad.npz" in str(caught.value)
    assert "(N, 22, 3)" in str(caught.value)


def test_what_is_missing_is_said(tmp_path):
    """An empty folder, a file without joints, a file that is no npz."""
    with pytest.raises(FileNotFoundError, match="no npz"):
        canonical.load(tmp_path, None)
    np.savez(tmp_path / "a.npz", text="a", fps=20)
    with pytest.raises(ShapeError, match="joints"):
        canonical.load(tmp_path, None)
    (tmp_path / "a.npz").write_text("no archive")
    with pytest.raises(ShapeError, match=r"a\.npz"):
        canonical.load(tmp_path, None)
