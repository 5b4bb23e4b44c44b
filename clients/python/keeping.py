"""A client's recording of its session: what it sends and what it gets, in an MCAP file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stream.errors import BadRecording
from stream.recordings.tape import NOTHING, Recording

if TYPE_CHECKING:
    from stream.recordings.recorder import Recorder

STOP_S: Final = 10.0
"""What a slow disk gets when the session ends."""


@asynccontextmanager
async def recorded(path: str | Path | None, kind: str) -> AsyncIterator[Recording]:
    """A recording into a new file, complete when the block ends; without a path, none.

    Raises BadRecording when the file is there already or cannot be made.
    """
    if path is None:
        yield NOTHING
        return
    from stream.recordings.recorder import Recorder

    target = Path(path)
    await asyncio.to_thread(_make, target)
    began = datetime.now(UTC).isoformat(timespec="milliseconds")
    head = {"by": "client", "kind": kind, "frames": "true", "began": began}
    recorder = Recorder()
    tape = recorder.begin(target, head, frames=True)
    try:
        yield tape
    finally:
        tape.close()
        await asyncio.to_thread(_complete, recorder, target)


def _make(path: Path) -> None:
    try:
        path.open("xb").close()
    except FileExistsError as fault:
        raise BadRecording(f"{path} is there already: record into a new file.") from fault
    except OSError as fault:
        raise BadRecording(f"{path} cannot be written: {fault.strerror}.") from fault


def _complete(recorder: "Recorder", path: Path) -> None:
    """A session that did not even begin leaves no file."""
    recorder.stop(STOP_S)
    if not path.stat().st_size:
        path.unlink()
