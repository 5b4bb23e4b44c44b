"""Recorded motion from a file: canonical `.npz`, `.bvh` of any common rig, a recorded session."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clients.rigs import bvh
from clients.rigs.canonical import Array, Recording, RecordingError
from engines.errors import LivegroundError
from engines.motion.skeleton import JOINT_COUNT
from stream import skeletons
from stream.messages import Pose
from stream.protocol import joints_of
from stream.recordings.topics import FRAMES

__all__ = ["Recording", "RecordingError", "load"]


def load(path: str | Path) -> Recording:
    """Read a recording by its suffix. Raises RecordingError with what was wrong and expected."""
    path = Path(path)
    if not path.is_file():
        raise RecordingError(f"{path}: no such file. Give a .bvh or a canonical .npz.")
    match path.suffix.lower():
        case ".bvh":
            return bvh.load(path)
        case ".npz":
            return _load_npz(path)
        case ".mcap":
            return _load_session(path)
        case suffix:
            raise RecordingError(
                f"{path}: {suffix or 'a file without suffix'} cannot be replayed. Give a .bvh, "
                "a .npz with joints (T, 22, 3) and fps or time_s, or a recorded session, .mcap."
            )


def _load_session(path: Path) -> Recording:
    """The poses of a session as they came; the library of the format is loaded here only."""
    from stream.recordings.reading import RecordedSession

    poses: list[NDArray[np.float32]] = []
    times_s: list[float] = []
    unused = 0
    for entry in RecordedSession(path).entries(leave_out=(FRAMES,)):
        pose = entry.message
        if not isinstance(pose, Pose):
            continue
        joints = _canonical(pose)
        if joints is None:
            unused += 1
            continue
        poses.append(joints)
        times_s.append(pose.time_s)
    if len(poses) < 2:
        raise RecordingError(f"{path}: {len(poses)} usable poses, at least 2 expected.")
    warnings = [f"{unused} poses are broken: left out."] if unused else []
    return Recording(np.stack(poses), np.array(times_s), path.name, warnings)


def _canonical(pose: Pose) -> NDArray[np.float32] | None:
    try:
        joints = joints_of(pose, len(skeletons.skeleton(pose.skeleton).joints))
    except LivegroundError:
        return None
    return skeletons.canonical(pose.skeleton, joints)


def _load_npz(path: Path) -> Recording:
    try:
        with np.load(path, allow_pickle=False) as archive:
            wanted = {"joints", "fps", "time_s"}.intersection(archive.files)
            wanted = {"joints", "fps", "time_s"}.intersection(archive.files)
            arrays = {name: archive[name] for name in wanted}
            there = ", ".join(archive.files) or "nothing"
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise RecordingError(f"{path}: not a readable .npz ({error}).") from error
    if "joints" not in arrays or not {"fps", "time_s"} & arrays.keys():
        raise RecordingError(f"{path}: expected joints and fps or time_s, found {there}.")
    joints = arrays["joints"]
    if joints.ndim != 3 or joints.shape[1:] != (JOINT_COUNT, 3) or joints.dtype.kind != "f":
        raise RecordingError(
            f"{path}: joints are {joints.shape} {joints.dtype}, "
            f"expected (T, {JOINT_COUNT}, 3) float32."
        )
    time_s = _times(arrays, len(joints), path)
    good = np.isfinite(joints).all(axis=(1, 2)) & np.isfinite(time_s)
    warnings = [] if good.all() else [f"{int((~good).sum())} frames are not finite: left out."]
    if good.sum() < 2:
        raise RecordingError(f"{path}: {int(good.sum())} usable frames, at least 2 expected.")
    return Recording(joints[good].astype(np.float32), time_s[good], path.name, warnings)


def _times(arrays: dict[str, np.ndarray], count: int, path: Path) -> Array:
    if "time_s" in arrays:
        time_s = arrays["time_s"].astype(np.float64)
        if time_s.shape != (count,):
            raise RecordingError(f"{path}: {time_s.shape} time_s for {count} frames.")
        return time_s
    fps = float(arrays["fps"]) if arrays["fps"].size == 1 else 0.0
    if not 1 <= fps <= 1000:
        raise RecordingError(f"{path}: fps is {arrays['fps']}, expected one number from 1 to 1000.")
    return np.arange(count) / fps
