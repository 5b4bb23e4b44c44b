"""Imports point one way: read with `ast`, checked against the table of ARCHITECTURE.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

WIRE = {"stream.messages", "stream.protocol", "stream.skeletons", "stream.errors"}
WIRE |= {"stream.recordings"}
ROOM_MAY_IMPORT: dict[str, set[str]] = {
    "engines": {"engines"},
    "stream": {"stream", "engines"},
    "clients": {"clients", "engines.errors", "engines.motion.skeleton", *WIRE},
    "onnx_export": {"onnx_export", "engines", "training.network"},
    "training": {"training", "onnx_export", "engines", "clients.rigs", "clients.performer"},
}
COMMAND_LINE = ("stream.__main__", "stream.commands")
"""The command line joins rooms: it may use the clients too."""

STREAM_ORDER = [
    "messages",
    "protocol",
    "transports",
    "pipeline",
    "peers",
    "whip",
    "app",
    "__main__",
]
PURE = [
    "stream.protocol",
    "stream.messages",
    "stream.session",
    "stream.dialogue",
    "stream.video_session",
    "stream.viewing",
    "stream.video_messages",
    "stream.video_jobs",
    "stream.refusals",
    "stream.configuring",
    "stream.teaching",
    "stream.llm_answer",
    "stream.partition_answer",
    "stream.partition_check",
    "stream.expansion_answer",
    "stream.outbox",
    "stream.frames",
    "stream.sdp",
    "stream.skeletons",
    "stream.recordings.topics",
    "stream.recordings.tape",
    "engines",
]
IMPURE_LIBRARIES = {
    "httpx",
    "asyncio",
    "threading",
    "socket",
    "starlette",
    "uvicorn",
    "websockets",
    "time",
}
OURS = {"stream", "engines", "clients", "onnx_export", "training", "benchmarks", "tests"}


def modules(room: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> set[str]:
    """Full dotted names of everything a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, allowed: set[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in allowed)


@pytest.mark.parametrize("room", ROOM_MAY_IMPORT)
def test_a_room_imports_only_what_the_map_allows(room: str) -> None:
    """No arrow points the wrong way between rooms."""
    allowed = ROOM_MAY_IMPORT[room]
    wrong = []
    for module, path in modules(room):
        extra = {"clients"} if module.startswith(COMMAND_LINE) else set()
        wrong += [
            f"{module} imports {name}"
            for name in sorted(imports(path))
            if name.split(".")[0] in OURS and not within(name, allowed | extra)
        ]
    assert not wrong, "\n".join(wrong)


def test_stream_imports_in_order() -> None:
    """Inside stream, a module imports nothing that stands to its right."""
    wrong = []
    for module, path in modules("stream"):
        layer = next((n for n in STREAM_ORDER if within(module, {f"stream.{n}"})), None)
        if layer is None or layer == "__main__":
            continue
        above = {f"stream.{n}" for n in STREAM_ORDER[STREAM_ORDER.index(layer) + 1 :]}
        wrong += [f"{module} imports {name}" for name in imports(path) if within(name, above)]
    assert not wrong, "\n".join(wrong)


def test_pure_modules_touch_no_loop_socket_or_clock() -> None:
    """The cores are told the time and do no I/O."""
    wrong = [
        f"{module} imports {name}"
        for room in ("stream", "engines")
        for module, path in modules(room)
        if within(module, set(PURE))
        for name in imports(path)
        if name.split(".")[0] in IMPURE_LIBRARIES
    ]
    assert not wrong, "\n".join(wrong)


def test_torch_stays_in_its_rooms() -> None:
    """Torch is needed to make models, never to run them."""
    wrong = [
        f"{module} imports {name}"
        for room in ("stream", "engines", "clients")
        for module, path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in {"torch", "transformers", "onnxscript"}
    ]
    assert not wrong, "\n".join(wrong)


def test_webrtc_stays_behind_its_transport() -> None:
    """The server starts without aiortc: its import waits until a peer is to be taken."""
    names = ("webrtc", "picture", "burned_in", "publisher", "tolerance", "undecoded")
    skin = {f"stream.transports.{name}" for name in names}
    wrong = [
        f"{module} imports {name}"
        for module, path in modules("stream")
        if module not in skin
        for name in imports(path)
        if name.split(".")[0] in {"aiortc", "aioice", "av"}
    ]
    assert not wrong, "\n".join(wrong)


def test_no_room_for_leftovers() -> None:
    """Names say what a file does."""
    banned = {"utils", "helpers", "helper", "common", "manager", "misc"}
    found = [m for room in OURS for m, _ in modules(room) if banned & set(m.split("."))]
    assert not found
