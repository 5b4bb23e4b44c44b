"""The asyncio client: frames in, labels, segments and heatmaps out, over breakable connections.

A lost connection is opened again with growing delays and the session resumed; poses sent meanwhile
are not kept (they would be old) but counted. Everything runs in one event loop; no threads.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from clients.python.conversation import Conversation, Kind
from clients.python.errors import ConnectionLost
from clients.python.inbox import Event
from clients.python.keeping import recorded
from engines.errors import PromptError, ShapeError
from stream.errors import LimitExceeded, MalformedMessage, UnknownSkeleton
from stream.messages import (
    Configure,
    Configured,
    Enrol,
    Enrolled,
    Heatmap,
    Image,
    Label,
    Pose,
    SegmentMessage,
    Stats,
    Welcome,
)
from stream.protocol import joints_of

IMAGE_ENVELOPE_BYTES: Final = 200
"""At most what a message adds to its JPEG."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a session."""

    segments: list[SegmentMessage]
    """All final segments that stand, by time: what was told anew is in its newest form."""
    stats: Stats
    """What became of every frame."""


class Client:
    """A session with a server. Made by `Client.connect`; iterate over it for events."""

    def __init__(self, conversation: Conversation, clock: Callable[[], float]) -> None:
        self.poses_unsent = 0
        """Poses or images that came while there was no connection."""
        self._conversation = conversation
        self._view = conversation.view
        self._clock = clock
        self._seq = 0
        self._asking = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def connect(
        cls,
        url: str,
        *,
        token: str | None = None,
        configure: Configure | None = None,
        kind: Kind = "motion",
        give_up_s: float = 300.0,
        record: str | Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> AsyncIterator["Client"]:
        """Connect, configure if wanted, and keep the session going while the block runs.

        `kind`: motion for poses, video for images. `give_up_s`: how long a lost connection is tried
        again. `record`: a new MCAP file for all that is sent and heard, see docs/recordings.md.
        Raises ConnectionLost when there is no server now, ModelError when it has no video model,
        Unauthorized, VersionMismatch, BadRecording, and what `configure` raises.
        """
        async with recorded(record, kind) as recording:
            conversation = Conversation(
                url,
                token=token,
                kind=kind,
                give_up_s=give_up_s,
                clock=clock,
                sleep=sleep,
                recording=recording,
            )
            await conversation.open()
            keeper = asyncio.create_task(conversation.keep())
            client = cls(conversation, clock)
            try:
                if configure is not None:
                    await client.configure(configure)
                yield client
            finally:
                keeper.cancel()
                await asyncio.wait([keeper])
                await conversation.close()

    # ------------------------------------------------------------------ what the user says

    async def configure(self, wanted: Configure) -> Configured:
        """Say what to look for, at the start or at any time later; return what is now in force.

        Raises PromptError or LimitExceeded when the server refuses; the old configuration stays.
        """
        answer = await self._ask(wanted)
        assert isinstance(answer, Configured)
        return answer

    async def enrol(
        self, name: str, *, start_s: float, end_s: float, words: bool = True
    ) -> Enrolled:
        """Teach by showing: what was done between two capture times is an example of `name`.

        It counts at once: a new name becomes a prompt in mode watch; a script looks for it once a
        `configure` names it. `words`: whether the words of the name count beside what is shown.
        Raises PromptError when the server does not have these seconds (any more, or yet: labels
        must have reached `end_s`), LimitExceeded; nothing changes then.
        """
        wanted = Enrol(name=name, start_s=float(start_s), end_s=float(end_s), words=words)
        return await self._enrol(wanted)

    async def enrol_last(self, name: str, seconds: float, *, words: bool = True) -> Enrolled:
        """The same with the last seconds before the newest label. Raises PromptError before it."""
        label = self.latest()
        if label is None:
            raise PromptError("There is no label yet: show the action, then mark it as an example.")
        start_s = label.time_s - seconds
        return await self.enrol(name, start_s=start_s, end_s=label.time_s, words=words)

    async def load_examples(self, path: str | Path) -> Enrolled:
        """Add the examples of a file. Raises ModelError for those of another model, PromptError."""
        try:
            content = await asyncio.to_thread(Path(path).read_text)
        except (OSError, UnicodeDecodeError) as fault:
            raise PromptError(f"{path} cannot be read as a file of examples: {fault}.") from fault
        return await self.add_examples(content)

    async def add_examples(self, content: str) -> Enrolled:
        """The same with the content of such a file."""
        return await self._enrol(Enrol(examples=content))

    def save_examples(self, path: str | Path) -> None:
        """Write all examples of this session to a file, to be loaded later or by others."""
        if self._view.enrolled is None:
            raise PromptError("Nothing was shown yet: there are no examples to save.")
        Path(path).write_text(self._view.enrolled.examples)

    async def send_pose(
        self, joints: ArrayLike, time_s: float, *, skeleton: str = "smpl22"
    ) -> bool:
        """Send (J, 3) joints in metres, captured at `time_s` on any clock of yours.

        Returns False when there is no connection just now; the pose is then not sent later. Waits
        while the server does not read. Raises ShapeError, UnknownSkeleton, MalformedMessage (a
        time that is not finite), and what ended the session.
        """
        self._conversation.check()
        if not math.isfinite(time_s):
            raise MalformedMessage(f"time_s is {time_s}; expected seconds.")
        pose = Pose(seq=self._seq, time_s=time_s, joints=_packed(joints), skeleton=skeleton)
        joints_of(pose, self._joint_count(skeleton))
        self._seq += 1
        sent = await self._conversation.send(pose)
        self.poses_unsent += not sent
        return sent

    async def send_image(self, jpeg: bytes, time_s: float) -> bool:
        """Send a JPEG file, captured at `time_s` on any clock of yours, in a session about video.

        Returns False when there is no connection just now; the frame is then not sent later. Waits
        while the server does not read. Raises LimitExceeded for too many bytes, MalformedMessage
        for a time that is not finite, and what ended the session.
        """
        self._conversation.check()
        if not math.isfinite(time_s):
            raise MalformedMessage(f"time_s is {time_s}; expected seconds.")
        self._check_image(jpeg)
        sent = await self._conversation.send(Image(seq=self._seq, time_s=time_s, jpeg=jpeg))
        self._seq += 1
        self.poses_unsent += not sent
        return sent

    async def finish(self) -> Finished:
        """Say that no more poses come; return all final segments and the accounting.

        Raises ConnectionLost when the connection breaks before they have arrived.
        """
        await self._conversation.finish()
        if self._view.stats is None:
            raise ConnectionLost("The server ended the session without its accounting.")
        return Finished(self._view.finals, self._view.stats)

    # ------------------------------------------------------------------ what the user hears

    @property
    def welcome(self) -> Welcome:
        """The server's newest welcome: limits, skeletons, model."""
        assert self._view.welcome is not None
        return self._view.welcome

    @property
    def connected(self) -> bool:
        """Whether there is a connection just now."""
        return self._conversation.connected

    @property
    def labels_skipped(self) -> int:
        """Labels that were not read by iteration in time; `latest` has seen them."""
        return self._view.inbox.labels_skipped

    def latest(self, *, max_age_s: float = math.inf) -> Label | None:
        """Return the newest label at once; None while there is none, or only an older one."""
        return self._view.latest(self._clock(), max_age_s)

    @property
    def heatmap(self) -> Heatmap | None:
        """The newest heatmap; None while there is none."""
        return self._view.heatmap

    @property
    def age_s(self) -> float:
        """Time since the moment that the newest label speaks of, as far as the server can know."""
        return self._view.age_s(self._clock())

    def __aiter__(self) -> "Client":
        return self

    async def __anext__(self) -> Event:
        """Return the next event; stops after `finish`. Raises what ended the session."""
        while (event := self._view.inbox.take()) is None:
            self._conversation.check()
            if self._conversation.ended:
                raise StopAsyncIteration
            await self._conversation.changed()
        return event

    async def _enrol(self, wanted: Enrol) -> Enrolled:
        answer = await self._ask(wanted)
        assert isinstance(answer, Enrolled)
        return answer

    async def _ask(self, question: Configure | Enrol) -> Configured | Enrolled:
        async with self._asking:
            self._conversation.check()
            return await self._conversation.ask(question)

    def _check_image(self, jpeg: bytes) -> None:
        limits = self.welcome.limits
        if len(jpeg) + IMAGE_ENVELOPE_BYTES > limits.max_message_bytes:
            raise LimitExceeded(
                f"The image has {len(jpeg)} bytes; the limit is {limits.max_message_bytes}. "
                "Make it smaller or compress it more.",
                limit="max_message_bytes",
                value=limits.max_message_bytes,
            )

    def _joint_count(self, skeleton: str) -> int:
        for table in self.welcome.skeletons:
            if table.name == skeleton:
                return len(table.joints)
        known = ", ".join(table.name for table in self.welcome.skeletons)
        raise UnknownSkeleton(f"The server has no skeleton {skeleton!r}. It knows {known}.")


def _packed(joints: ArrayLike) -> bytes:
    try:
        with np.errstate(over="ignore"):
            array = np.asarray(joints).astype("<f4", copy=False)
    except (TypeError, ValueError) as fault:
        raise ShapeError(f"joints are no array of numbers: {fault}.") from fault
    if array.ndim != 2 or array.shape[1] != 3:
        raise ShapeError(f"joints has shape {array.shape}; expected (J, 3) in metres.")
    return array.tobytes()
