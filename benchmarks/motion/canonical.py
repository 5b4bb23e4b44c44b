"""Recordings of any origin in the canonical format: a folder of npz files.

A file holds `joints (N, 22, 3)` in metres, y up, of the canonical skeleton; `time_s (N,)`, seconds
that never go back, or `fps`; `text (S,)`, what is done from `start_s (S,)` to `end_s (S,)` on the
same clock. Without the two, `text` is one text that is true throughout.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.motion.recordings import Recording, RecordingSet, Span
from engines.errors import ShapeError

JOINTS = 22


def load(folder: Path, limit: int | None) -> RecordingSet:
    """The first `limit` files by name; what watch mode looks for are the texts of all files.

    Raises FileNotFoundError for a folder without npz files, ShapeError for a file of another
    format.
    """
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise FileNotFoundError(f"no npz files in {folder}")
    parts = [(path.stem, *_read(path)) for path in files]
    prompts = tuple(dict.fromkeys(span.text for *_, spans in parts for span in spans))
    recordings = [
        Recording(name, joints, times_s, tuple(sorted(spans, key=_start_s)), prompts)
        for name, joints, times_s, spans in parts[:limit]
    ]
    return RecordingSet(folder.name, tuple(recordings), f"Recordings of the folder {folder.name}.")


def _start_s(span: Span) -> float:
    return span.start_s


def _read(path: Path) -> tuple[np.ndarray, np.ndarray, list[Span]]:
    """Joints, times and spans of one file, as they stand in it."""
    try:
        with np.load(path) as file:
            arrays = dict(file)
        joints = np.asarray(arrays["joints"], np.float32)
        times_s = _times_s(arrays, len(joints))
        spans = _spans(arrays, times_s)
    except KeyError as error:
        raise ShapeError(f"{path}: there is no array {error}; {_EXPECTED}") from error
    except (ValueError, TypeError, OSError) as error:
        raise ShapeError(f"{path}: {error}; {_EXPECTED}") from error
    if joints.ndim != 3 or joints.shape[1:] != (JOINTS, 3) or not np.isfinite(joints).all():
        raise ShapeError(f"{path}: joints {joints.shape} or not all finite; {_EXPECTED}")
    return joints, times_s, spans


def _times_s(arrays: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    if "time_s" not in arrays:
        return np.arange(count) / float(arrays["fps"])
    times_s = np.asarray(arrays["time_s"], np.float64)
    if times_s.shape != (count,) or (np.diff(times_s) < 0).any():
        raise ValueError(f"{times_s.shape} times for {count} frames, or times that go back")
    return times_s


def _spans(arrays: Mapping[str, np.ndarray], times_s: np.ndarray) -> list[Span]:
    texts = np.atleast_1d(arrays["text"])
    starts_s, ends_s = times_s[:1], times_s[-1:] + np.median(np.diff(times_s))
    if "start_s" in arrays or "end_s" in arrays:
        starts_s, ends_s = np.atleast_1d(arrays["start_s"]), np.atleast_1d(arrays["end_s"])
    spans = [
        Span(str(text), float(start_s), float(end_s))
        for text, start_s, end_s in zip(texts, starts_s, ends_s, strict=True)
    ]
    ordered = sorted(spans, key=_start_s)
    edges_s = [edge_s for span in ordered for edge_s in (span.start_s, span.end_s)]
    if not spans or sorted(edges_s) != edges_s:
        raise ValueError(f"{len(spans)} spans, of which some overlap or end before they start")
    return spans


_EXPECTED = (
    f"expected joints (N, {JOINTS}, 3) in metres, time_s (N,) or fps, text (S,), start_s (S,), "
    "end_s (S,), no two spans at one time"
)
