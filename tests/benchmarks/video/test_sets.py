"""Readers of published annotations, on files written in their formats."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from benchmarks.video.sets import (
    Annotation,
    FormatError,
    daly,
    grounding_youtube,
    pickles,
    scaled,
    v_hico,
    youcook,
)


def test_v_hico_takes_the_box_around_people_and_objects(tmp_path: Path) -> None:
    """The published file is a pickle; every frame counts with all its boxes together."""
    frame = {
        "path": "/data/test_16frames/video7/000012.jpg",
        "label": "Peeling apple",
        "human": [np.array([10.0, 20.0, 50.0, 90.0])],
        "object": [np.array([40.0, 5.0, 70.0, 30.0]), np.array([45.0, 50.0, 60.0, 60.0])],
    }
    path = tmp_path / "gt_bbox_test.json"
    path.write_bytes(pickle.dumps({"annos": {"peeling apple": {"video7": [frame]}}}))
    assert list(v_hico.read(path)) == [
        Annotation(
            "video7",
            "peeling apple",
            (10.0, 5.0, 70.0, 90.0),
            frame="test_16frames/video7/000012.jpg",
            size=(0, 0),
        )
    ]


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_daly_reads_key_frames_of_test_videos(tmp_path: Path, protocol: int) -> None:
    """Shares of the frame, at a time; training videos are left out; any pickle protocol."""
    keyframe = {"boundingBox": np.array([[0.1, 0.2, 0.5, 0.9]], np.float32), "time": 12.5}
    instances = [{"beginTime": 10.0, "endTime": 15.0, "keyframes": [keyframe]}]
    videos = {
        name: {"suggestedClass": "PlayingHarmonica", "annot": {"PlayingHarmonica": instances}}
        for name in ("test.mp4", "train.mp4")
    }
    path = tmp_path / "daly1.1.0.pkl"
    content = {"annot": videos, "splits": [["test.mp4"]], "version": "daly1.1.0"}
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    (one,) = daly.read(path)
    assert (one.video, one.label, one.second) == ("test.mp4", "playing harmonica", 12.5)
    np.testing.assert_allclose(one.box, (0.1, 0.2, 0.5, 0.9), atol=1e-6)
    assert one.size is None


def test_youcook_joins_boxes_segments_and_sentences(tmp_path: Path) -> None:
    """Boxes in a segment get its sentence; seconds count from one; others are left out."""
    boxes = {"vid": {31: (10, 20, 110, 120), 32: (11, 21, 111, 121), 90: (0, 0, 1, 1)}}
    (tmp_path / youcook.FILES[0]).write_bytes(pickle.dumps(boxes))
    (tmp_path / youcook.FILES[1]).write_bytes(pickle.dumps([("vid", 30, 40)]))
    captions = [
        {"segment": [5, 9], "id": 0, "sentence": "cut the onion"},
        {"segment": [30, 40], "id": 1, "sentence": "stir the soup"},
    ]
    database = {"database": {"vid": {"annotations": captions}}}
    (tmp_path / youcook.CAPTIONS).write_text(json.dumps(database))
    found = list(youcook.read(tmp_path))
    assert [(one.label, one.second) for one in found] == [
        ("stir the soup", 30.0),
        ("stir the soup", 31.0),
    ]
    assert found[0].box == (10.0, 20.0, 110.0, 120.0)
    assert found[0].size == (640, 360)


def test_grounding_youtube_turns_rows_and_columns(tmp_path: Path) -> None:
    """Boxes are y, x, y, x; both published layouts give the same."""
    rows = {"vid": [{"second": 76, "box": [186, 244, 388, 452], "step_name": "crack eggs"}]}
    keyed = {"vid": {"76": {"box": [186, 244, 388, 452], "step": "crack eggs"}}}
    found = []
    for name, content in (("rows.json", rows), ("keyed.json", keyed)):
        path = tmp_path / name
        path.write_text(json.dumps(content))
        found += grounding_youtube.read(path)
    assert found[0] == found[1]
    assert found[0].box == (244.0, 186.0, 452.0, 388.0)
    assert scaled(found[0].box, found[0].size, 427, 240) == pytest.approx(
        (122, 93, 226, 194), abs=1
    )


def test_boxes_follow_the_picture() -> None:
    """Shares, pixels of a given size, and the picture's own pixels."""
    assert scaled((0.1, 0.2, 0.5, 1.0), None, 200, 100) == (20, 20, 100, 100)
    assert scaled((64, 36, 128, 72), (640, 360), 1280, 720) == (128, 72, 256, 144)
    assert scaled((1, 2, 3, 4), (0, 0), 50, 60) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (v_hico.read, pickle.dumps({"videos": []})),
        (v_hico.read, b"no pickle"),
        (daly.read, pickle.dumps({"annot": {}, "splits": [["gone.mp4"]]})),
        (grounding_youtube.read, b'{"vid": [{"second": 1, "box": [1, 2]}]}'),
        (grounding_youtube.read, b"[]"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, reader: object, content: bytes) -> None:
    """A file in another layout is named, not read as nothing."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"file|box"):
        list(reader(path))  # type: ignore[operator]


class Code:
    def __reduce__(self) -> tuple[object, tuple[()]]:
        return os.getcwd, ()


def test_code_in_a_pickle_is_not_run(tmp_path: Path) -> None:
    """A pickle that would call something is refused."""
    path = tmp_path / "code.pkl"
    path.write_bytes(pickle.dumps({"annos": Code()}))
    with pytest.raises(FormatError, match="wants to make"):
        pickles.read(path)
