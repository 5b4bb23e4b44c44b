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
    own_pixels,
    pickles,
    scaled,
    shares,
    v_hico,
    youcook,
)
from engines.video.prompts import Parts


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
            (Parts("peeling apple", "peeling", "apple"),),
            ((10.0, 5.0, 70.0, 90.0),),
            own_pixels,
            frame="test_16frames/video7/000012.jpg",
        )
    ]


def test_labels_are_taken_apart_as_published(tmp_path: Path) -> None:
    """First word verb, the rest object, where our grammar would read another thing."""
    frame = {"path": "a/b/c.jpg", "label": "Standing up chair", "human": [np.arange(4.0)]}
    path = tmp_path / "gt_bbox_test.json"
    path.write_bytes(pickle.dumps({"annos": {"x": {"v": [frame | {"object": []}]}}}))
    (one,) = v_hico.read(path)
    assert one.parts == (Parts("standing up chair", "standing", "up chair"),)
    path.write_text(json.dumps({"vid": {"7": {"box": [1, 2, 3, 4], "step": "pour egg whites"}}}))
    (one,) = grounding_youtube.read(path)
    assert one.parts == (Parts("pour egg whites", "pour", "egg whites"),)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_daly_reads_key_frames_of_test_videos(tmp_path: Path, protocol: int) -> None:
    """Shares of the frame, at a time, all boxes in one; training videos are left out; any pickle
    protocol."""
    rows = np.array([[0.1, 0.2, 0.5, 0.9], [0.6, 0.2, 0.9, 0.9]], np.float32)
    keyframe = {"boundingBox": rows, "time": 12.5}
    instances = [{"beginTime": 10.0, "endTime": 15.0, "keyframes": [keyframe]}]
    videos = {
        name: {"suggestedClass": "PlayingHarmonica", "annot": {"PlayingHarmonica": instances}}
        for name in ("test.mp4", "train.mp4")
    }
    path = tmp_path / "daly1.1.0.pkl"
    content = {"annot": videos, "splits": [["test.mp4"]], "version": "daly1.1.0"}
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    (one,) = daly.read(path)
    assert (one.video, one.second, one.within) == ("test.mp4", 12.5, shares)
    assert one.parts == (Parts("Playing Harmonica", "Playing", "Harmonica"),)
    np.testing.assert_allclose(one.boxes, rows, atol=1e-6)


def write_youcook(folder: Path, boxes: dict, segments: list, captions: dict[str, list]) -> None:
    (folder / youcook.FILES[0]).write_bytes(pickle.dumps(boxes))
    (folder / youcook.FILES[1]).write_bytes(pickle.dumps(segments))
    database = {video: {"annotations": told} for video, told in captions.items()}
    (folder / youcook.CAPTIONS).write_text(json.dumps({"database": database}))


SECONDS = {31: (10, 20, 110, 120), 32: (11, 21, 111, 121), 90: (0, 0, 1, 1)}
TOLD = [
    {"segment": [5, 9], "id": 0, "sentence": "cut the onion"},
    {"segment": [30, 40], "id": 1, "sentence": "stir the soup"},
]


def test_youcook_joins_boxes_segments_and_sentences(tmp_path: Path) -> None:
    """Boxes in a segment get its sentence; seconds count from one; others are left out."""
    write_youcook(tmp_path, {"vid": SECONDS}, [("vid", 30, 40)], {"vid": TOLD})
    found = list(youcook.read(tmp_path))
    assert [(one.label, one.second) for one in found] == [
        ("stir the soup", 30.0),
        ("stir the soup", 31.0),
    ]
    assert found[0].boxes == ((10.0, 20.0, 110.0, 120.0),)
    assert found[0].parts == (Parts("stir the soup", "stir", "soup"),)


def test_youcook_goes_on_without_a_video(tmp_path: Path) -> None:
    """A video without boxes or captions is left out; if nothing is left, the files do not match."""
    segments = [("no boxes", 30, 40), ("no captions", 30, 40), ("vid", 30, 40)]
    boxes = {"vid": SECONDS, "no captions": SECONDS}
    write_youcook(tmp_path, boxes, segments, {"vid": TOLD, "no boxes": TOLD})
    assert {one.video for one in youcook.read(tmp_path)} == {"vid"}
    write_youcook(tmp_path, {}, segments, {"vid": TOLD})
    with pytest.raises(FormatError, match="none of the 3 segments"):
        list(youcook.read(tmp_path))


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [((1280, 720), (640, 360)), ((960, 720), (640, 360)), ((480, 360), (480, 360))],
)
def test_youcook_boxes_are_in_what_the_authors_show(
    picture: tuple[int, int], wanted: tuple[int, int]
) -> None:
    """Frames larger both ways are squashed to 640 x 360, others stay as they are."""
    assert youcook.squashed(*picture) == wanted


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
    assert found[0].boxes == ((244.0, 186.0, 452.0, 388.0),)
    assert scaled(found[0].boxes[0], found[0].within, 427, 240) == pytest.approx(
        (122, 93, 226, 194), abs=1
    )


def test_boxes_follow_the_picture() -> None:
    """Shares, pixels of a given size, and the picture's own pixels."""
    assert scaled((0.1, 0.2, 0.5, 1.0), shares, 200, 100) == (20, 20, 100, 100)
    assert scaled((64, 36, 128, 72), youcook.squashed, 1280, 720) == (128, 72, 256, 144)
    assert scaled((1, 2, 3, 4), own_pixels, 50, 60) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (v_hico.read, pickle.dumps({"videos": []})),
        (v_hico.read, b"no pickle"),
        (daly.read, pickle.dumps({"annot": {}, "splits": [["gone.mp4"]]})),
        (grounding_youtube.read, b'{"vid": [{"second": 1, "box": [1, 2]}]}'),
        (grounding_youtube.read, b"[]"),
        (grounding_youtube.read, b'{"vid": {"7": {"box": [1, 2, 3, 4], "step": " "}}}'),
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
