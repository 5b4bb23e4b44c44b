"""A server's folder of recordings: one file for every session."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from stream.errors import ConfigError
from stream.messages import Hello, Welcome
from stream.recordings.recorder import Outcome, Recorder, Tape
from stream.recordings.settings import RecordSettings

STOP_S: Final = 10.0
"""What a slow disk gets when the server stops."""


class Archive:
    """Recordings begin here; the thread that writes them belongs to it."""

    def __init__(self, settings: RecordSettings, count: Callable[[Outcome], None]) -> None:
        """Make the folder if need be. Raises ConfigError if nothing can be written there."""
        self._folder: Final = Path(settings.folder).expanduser()
        self._frames: Final = settings.frames
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise ConfigError(f"record.folder {self._folder}: {fault.strerror}.") from fault
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise ConfigError(f"record.folder {self._folder} cannot be written to.")
        self._recorder: Final = Recorder(count)

    def begin(self, welcome: Welcome, hello: Hello) -> Tape:
        """The recording of a new session."""
        now = datetime.now(UTC)
        head = {
            "by": "server",
            "kind": hello.kind,
            "frames": "true" if self._frames else "false",
            "session": welcome.session,
            "server": welcome.server,
            "client": hello.client,
            "began": now.isoformat(timespec="milliseconds"),
        }
        path = self._folder / f"{now:%Y-%m-%dT%H-%M-%SZ}-{welcome.session}.mcap"
        tape = self._recorder.begin(path, head, frames=self._frames)
        tape.heard(hello)
        return tape

    async def stop(self) -> None:
        """Complete all files; sessions have ended before."""
        await asyncio.to_thread(self._recorder.stop, STOP_S)
