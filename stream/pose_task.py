"""MediaPipe's pose models of one package made into the file that another of its packages reads.

`@mediapipe/pose` carries the models as plain TFLite files. `@mediapipe/tasks-vision`, which runs
them on any processor, wants one archive of them, and in each how pixels become its input (TFLite
metadata, https://ai.google.dev/edge/litert/models/metadata). Pure.

A TFLite file is a FlatBuffer: offsets point forward, from where they stand. So a new root in front
of the old file can share all of it, and add one buffer.
"""

import io
import struct
import zipfile
from typing import Final

import flatbuffers

DETECTOR_RANGE: Final = (127.5, 127.5)
"""Mean and deviation that take pixels 0..255 to -1..1, as mediapipe/modules/pose_detection does."""
LANDMARKS_RANGE: Final = (0.0, 255.0)
"""To 0..1, as mediapipe/modules/pose_landmark does."""

_ALIGNMENT: Final = 64
_MODEL_FIELDS: Final = 7
"""version, operator_codes, subgraphs, description, buffers, metadata_buffer, metadata."""
_BUFFERS, _METADATA = 4, 6
_SHARED: Final = (1, 2, 3, 5)
_NAME: Final = b"TFLITE_METADATA"
_METADATA_FILE: Final = b"M001"
_IMAGE_PROPERTIES: Final = 2
_RGB: Final = 1
_NORMALIZATION: Final = 1


def task(detector: bytes, landmarks: bytes) -> bytes:
    """The archive for `PoseLandmarker` out of two TFLite files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as members:
        for name, model, (mean, deviation) in (
            ("pose_detector.tflite", detector, DETECTOR_RANGE),
            ("pose_landmarks_detector.tflite", landmarks, LANDMARKS_RANGE),
        ):
            told = with_metadata(model, image_metadata(mean, deviation))
            members.writestr(zipfile.ZipInfo(name), told)
    return archive.getvalue()


def image_metadata(mean: float, deviation: float) -> bytes:
    """Metadata of a model whose first input is an RGB image: `(pixel - mean) / deviation`.

    Tables and slots: metadata_schema.fbs of TFLite Support.
    """
    builder = flatbuffers.Builder(512)
    parts = [_floats(builder, mean), _floats(builder, deviation)]
    options = _table(builder, 2, dict(enumerate(parts)))
    unit = _table(builder, 2, {1: options}, kind=_NORMALIZATION)
    image = _table(builder, 2, {}, kind=_RGB)
    content = _table(builder, 3, {1: image}, kind=_IMAGE_PROPERTIES)
    units = _vector(builder, unit)
    name = builder.CreateString("image")
    tensor = _table(builder, 7, {0: name, 3: content, 4: units})
    graph = _table(builder, 9, {2: _vector(builder, tensor)})
    model = _table(builder, 8, {3: _vector(builder, graph)})
    builder.Finish(model, _METADATA_FILE)
    return bytes(builder.Output())


def with_metadata(model: bytes, metadata: bytes) -> bytes:
    """The same TFLite model with one more buffer, named as its metadata."""
    old = _Root(model)
    front = _Front()
    table = front.table([4] * _MODEL_FIELDS)
    struct.pack_into("<I", front.bytes, table + 4, old.version)
    for field in _SHARED:
        front.point(table + 4 + 4 * field, old=old.target(field))
    buffers, kept = old.members(_BUFFERS), old.members(_METADATA)
    vectors = [front.vector(len(members) + 1) for members in (buffers, kept)]
    data, entry = front.table([4]), front.table([4, 4])
    for field, vector, members, new in (
        (_BUFFERS, vectors[0], buffers, data),
        (_METADATA, vectors[1], kept, entry),
    ):
        front.point(table + 4 + 4 * field, new=vector)
        for index, member in enumerate(members):
            front.point(vector + 4 + 4 * index, old=member)
        front.point(vector + 4 + 4 * len(members), new=new)
    front.point(entry + 4, new=front.put(struct.pack("<I", len(_NAME)) + _NAME + b"\0"))
    struct.pack_into("<I", front.bytes, entry + 8, len(buffers))
    front.point(data + 4, new=front.put(struct.pack("<I", len(metadata)) + metadata))
    return front.before(model, root=table)


class _Root:
    """The root table of a TFLite file: where its fields point to."""

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._at = self._u32(0)
        self._fields = self._at - struct.unpack_from("<i", model, self._at)[0]
        self.version: Final = self._u32(self._at + self._slot(0))

    def target(self, field: int) -> int:
        place = self._at + self._slot(field)
        return place + self._u32(place)

    def members(self, field: int) -> list[int]:
        """Where the members of a vector of tables are."""
        vector = self.target(field)
        places = range(vector + 4, vector + 4 + 4 * self._u32(vector), 4)
        return [place + self._u32(place) for place in places]

    def _slot(self, field: int) -> int:
        slot: int = struct.unpack_from("<H", self._model, self._fields + 4 + 2 * field)[0]
        assert slot, f"field {field} is absent"
        return slot

    def _u32(self, place: int) -> int:
        value: int = struct.unpack_from("<I", self._model, place)[0]
        return value


class _Front:
    """What is put before an old file; offsets are filled in at the end."""

    def __init__(self) -> None:
        self.bytes: Final = bytearray(b"\0\0\0\0TFL3")
        self._pointers: list[tuple[int, int, bool]] = []

    def put(self, content: bytes) -> int:
        """Add bytes, aligned; return where."""
        self.bytes.extend(bytes(-len(self.bytes) % _ALIGNMENT))
        self.bytes.extend(content)
        return len(self.bytes) - len(content)

    def table(self, sizes: list[int]) -> int:
        """Add a table with these fields, all zero, after its own list of slots."""
        slots = [4 + sum(sizes[:index]) for index in range(len(sizes))]
        listed = struct.pack(f"<{2 + len(sizes)}H", 4 + 2 * len(sizes), 4 + sum(sizes), *slots)
        listed += bytes(-len(listed) % 4)
        place = self.put(listed + struct.pack("<i", len(listed)) + bytes(sum(sizes)))
        return place + len(listed)

    def vector(self, length: int) -> int:
        """Add a vector of offsets."""
        return self.put(struct.pack("<I", length) + bytes(4 * length))

    def point(self, place: int, *, new: int = 0, old: int | None = None) -> None:
        """Let the offset at `place` point to a new place, or to one of the old file."""
        self._pointers.append((place, new if old is None else old, old is not None))

    def before(self, model: bytes, root: int) -> bytes:
        """The new file. All tables that are pointed to must lie after what points to them."""
        self.put(b"")
        struct.pack_into("<I", self.bytes, 0, root)
        for place, target, is_old in self._pointers:
            offset = target + len(self.bytes) * is_old - place
            struct.pack_into("<I", self.bytes, place, offset)
        return bytes(self.bytes) + model


def _floats(builder: flatbuffers.Builder, value: float) -> int:
    builder.StartVector(4, 1, 4)
    builder.PrependFloat32(value)
    return int(builder.EndVector())


def _vector(builder: flatbuffers.Builder, member: int) -> int:
    builder.StartVector(4, 1, 4)
    builder.PrependUOffsetTRelative(member)
    return int(builder.EndVector())


def _table(builder: flatbuffers.Builder, slots: int, members: dict[int, int], kind: int = 0) -> int:
    """A table of offsets; `kind` is the byte in slot 0 of those that have one."""
    builder.StartObject(slots)
    for slot, member in members.items():
        builder.PrependUOffsetTRelativeSlot(slot, member, 0)
    if kind:
        builder.PrependUint8Slot(0, kind, 0)
    return int(builder.EndObject())
