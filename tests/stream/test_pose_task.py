"""TFLite files with metadata put before them: the same model, one buffer more."""

import io
import struct
import zipfile

import flatbuffers
import pytest

from stream import pose_task
from stream.pose_files import TASK, pose_folder


def model(buffers: list[bytes]) -> bytes:
    """A TFLite file with a version, nothing to compute, these buffers and one entry of metadata."""
    builder = flatbuffers.Builder(256)
    placed = []
    for content in buffers:
        data = builder.CreateByteVector(content)
        builder.StartObject(1)
        builder.PrependUOffsetTRelativeSlot(0, data, 0)
        placed.append(builder.EndObject())
    name = builder.CreateString("min_runtime_version")
    builder.StartObject(2)
    builder.PrependUOffsetTRelativeSlot(0, name, 0)
    entry = builder.EndObject()
    vectors = []
    for members in ([], [], placed, [], [entry]):
        builder.StartVector(4, len(members), 4)
        for member in reversed(members):
            builder.PrependUOffsetTRelative(member)
        vectors.append(builder.EndVector())
    text = builder.CreateString("model")
    builder.StartObject(7)
    builder.PrependUint32Slot(0, 3, 0)
    slots = (1, 2, 4, 5, 6)
    for slot, vector in zip(slots, vectors, strict=True):
        builder.PrependUOffsetTRelativeSlot(slot, vector, 0)
    builder.PrependUOffsetTRelativeSlot(3, text, 0)
    builder.Finish(builder.EndObject(), b"TFL3")
    return bytes(builder.Output())


class Table:
    """A table of a FlatBuffer, read by its slots."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.slots = at - struct.unpack_from("<i", data, at)[0]

    def field(self, slot: int) -> int:
        if 4 + 2 * slot >= struct.unpack_from("<H", self.data, self.slots)[0]:
            return 0
        offset: int = struct.unpack_from("<H", self.data, self.slots + 4 + 2 * slot)[0]
        return self.at + offset if offset else 0

    def follow(self, place: int) -> int:
        return place + int(struct.unpack_from("<I", self.data, place)[0])

    def tables(self, slot: int) -> list["Table"]:
        vector = self.follow(self.field(slot))
        (count,) = struct.unpack_from("<I", self.data, vector)
        places = range(vector + 4, vector + 4 + 4 * count, 4)
        return [Table(self.data, self.follow(place)) for place in places]

    def bytes(self, slot: int) -> bytes:
        vector = self.follow(self.field(slot))
        (count,) = struct.unpack_from("<I", self.data, vector)
        return self.data[vector + 4 : vector + 4 + count]


def root(data: bytes) -> Table:
    return Table(data, struct.unpack_from("<I", data, 0)[0])


@pytest.mark.parametrize("buffers", [[b""], [b"", b"weights", b"more weights"]])
def test_the_model_is_the_same_with_one_buffer_more(buffers: list[bytes]) -> None:
    """All old buffers as they were, and the metadata found by its name and number."""
    old = model(buffers)
    told = pose_task.with_metadata(old, b"the metadata")
    assert told[4:8] == b"TFL3"
    assert told.endswith(old)
    new = root(told)
    assert struct.unpack_from("<I", told, new.field(0))[0] == 3
    assert new.bytes(3) == b"model"
    assert [buffer.bytes(0) for buffer in new.tables(4)] == [*buffers, b"the metadata"]
    kept, added = new.tables(6)
    assert kept.bytes(0) == b"min_runtime_version"
    assert added.bytes(0) == b"TFLITE_METADATA"
    assert struct.unpack_from("<I", told, added.field(1))[0] == len(buffers)


def test_the_metadata_says_how_pixels_become_the_input() -> None:
    """Model, graph, first input, its one process unit, its options."""
    data = pose_task.image_metadata(127.5, 64.0)
    assert data[4:8] == b"M001"
    (graph,) = root(data).tables(3)
    (tensor,) = graph.tables(2)
    (unit,) = tensor.tables(4)
    options = Table(data, unit.follow(unit.field(1)))
    for slot, value in ((0, 127.5), (1, 64.0)):
        vector = options.follow(options.field(slot))
        assert struct.unpack_from("<If", data, vector) == (1, value)


def test_what_was_fetched_is_such_an_archive() -> None:
    """Where MediaPipe is there: two models with metadata, stored as they are."""
    path = pose_folder() / TASK
    if not path.is_file():
        pytest.skip("MediaPipe was not fetched: python -m stream.pose_files")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            names = [entry.bytes(0) for entry in root(archive.read(member)).tables(6)]
            assert names[-1] == b"TFLITE_METADATA"
