"""The server without its sockets: all connections and sessions, the model, and a graceful end."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from stream import messages, skeletons
from stream.config import Config
from stream.errors import LimitExceeded
from stream.language_model import LanguageModel
from stream.metrics import Metrics
from stream.pipeline import AnySeat, Connection
from stream.protocol import AnyCodec
from stream.registry import Registry
from stream.scheduler import Engine, Scheduler
from stream.seat import now_s
from stream.session import Identity
from stream.transports.base import Transport
from stream.video_scheduler import VideoEngine, VideoScheduler

if TYPE_CHECKING:
    from stream.recordings.archive import Archive

SWEEP_S: Final = 0.5
"""How often kept sessions are looked through and the loop's lag is measured."""

log = logging.getLogger(__name__)


class Service:
    """Everything that connections share. Made on the event loop, with a loaded engine."""

    def __init__(
        self,
        config: Config,
        engine: Engine,
        model: messages.Model,
        video: VideoEngine | None = None,
        video_model: messages.VideoModel | None = None,
    ) -> None:
        self.config: Final = config
        self.metrics: Final = Metrics(self._frames)
        self._archive: Final = _archive(config, self.metrics)
        self.scheduler: Final = Scheduler(
            engine, self.metrics.observe_turn, self.metrics.model_restarts.inc
        )
        self.language_model: Final = (
            LanguageModel(config.partition, self.metrics.observe_answer)
            if config.partition.url
            else None
        )
        self.video: Final = (
            None
            if video is None
            else VideoScheduler(
                video, self.metrics.observe_key_frames, self.metrics.model_restarts.inc
            )
        )
        self.registry: Final = Registry[AnySeat](
            keep_s=config.resume_s, max_detached=config.max_sessions
        )
        self.connections: Final[set[Connection]] = set()
        self.draining = False
        self._ended: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._welcome = welcome(config, model, video_model)
        self.metrics.watch(
            connections=lambda: len(self.connections),
            detached=lambda: self.registry.detached,
            queue=lambda: self.scheduler.waiting + (self.video.waiting if self.video else 0),
        )

    def check_room(self) -> None:
        """Raise LimitExceeded when no further connection can be taken."""
        if self.draining:
            raise LimitExceeded("The server is about to stop.", limit="draining", value=0)
        limit = self.config.max_sessions
        if len(self.connections) >= limit:
            raise LimitExceeded(
                f"The server is full: {limit} connections. Try again later.",
                limit="max_sessions",
                value=limit,
            )

    async def serve(self, transport: Transport, codec: AnyCodec, *, authorized: bool) -> None:
        """Serve one accepted connection to its end."""
        await self.run(self.admit(transport, codec, authorized=authorized))

    def admit(
        self,
        transport: Transport,
        codec: AnyCodec,
        *,
        authorized: bool,
        config: Config | None = None,
    ) -> Connection:
        """Give an accepted connection its place; `run` has to follow. `config`: its own limits."""
        connection = Connection(transport, codec, self, authorized=authorized, config=config)
        self.connections.add(connection)
        self._empty.clear()
        return connection

    async def run(self, connection: Connection) -> None:
        """Serve an admitted connection to its end."""
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
            if not self.connections:
                self._empty.set()

    async def sweep(self) -> None:
        """Run for ever: end kept sessions whose time is over, and measure the loop's lag."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + SWEEP_S
            await asyncio.sleep(SWEEP_S)
            self.metrics.loop_lag.observe(max(0.0, loop.time() - due_s))
            for seat in self.registry.expire(now_s()):
                self.end(seat)

    async def drain(self) -> None:
        """Take no more, tell all clients, wait for their last results; cut who takes too long."""
        self.draining = True
        log.info("Draining %d connections.", len(self.connections))
        for connection in list(self.connections):
            connection.perform(connection.seat.session.drain(self.config.drain_s))
        if self.connections:
            try:
                async with asyncio.timeout(self.config.drain_s):
                    await self._empty.wait()
            except TimeoutError:
                log.warning("%d connections did not end in time.", len(self.connections))
        for connection in list(self.connections):
            connection.cut()

    def hurry(self) -> None:
        """Drain no longer."""
        self._empty.set()

    async def stop(self) -> None:
        """End all sessions and the model's thread."""
        for seat in self.registry.clear():
            self.end(seat)
        if self.language_model is not None:
            await self.language_model.close()
        if self._archive is not None:
            await self._archive.stop()
        await self.scheduler.stop()
        if self.video is not None:
            await self.video.stop()

    def identity(self, config: Config, *, authorized: bool) -> Identity:
        """A new session's name and secret, and what every client is told."""
        welcome = msgspec.structs.replace(
            self._welcome,
            session=secrets.token_hex(8),
            resume_token=secrets.token_urlsafe(24),
            limits=_limits(config, video=self.video is not None),
        )
        return Identity(welcome, authorized)

    def record(self, seat: AnySeat, hello: messages.Hello) -> None:
        """Begin a new session's recording, if sessions are recorded."""
        if self._archive is not None:
            seat.tape = self._archive.begin(seat.session.welcome, hello)

    def end(self, seat: AnySeat) -> None:
        """Forget a session; its counts stay."""
        seat.session.abandon(1001, "ended")
        seat.tape.close()
        self.registry.remove(seat.session.resume_token)
        seat.leave()
        self._ended.update(seat.session.ledger.outcomes)

    def _frames(self) -> Mapping[str, int]:
        total = Counter(self._ended)
        for seat in self.registry:
            total.update(seat.session.ledger.outcomes)
        return total


def welcome(
    config: Config, model: messages.Model, video: messages.VideoModel | None
) -> messages.Welcome:
    """What every client is told, without what is the session's own."""
    return messages.Welcome(
        protocol=messages.PROTOCOL_VERSION,
        session="",
        resume_token="",
        resumed=False,
        last_seq=-1,
        server=f"liveground {version('liveground')}",
        limits=_limits(config, video=video is not None),
        skeletons=skeletons.wire_tables(),
        model=model,
        video=video,
        recording=_recording(config),
    )


def _recording(config: Config) -> Literal["off", "messages", "messages_and_images"]:
    if not config.record.folder:
        return "off"
    return "messages_and_images" if config.record.frames else "messages"


def _archive(config: Config, metrics: Metrics) -> "Archive | None":
    """The library is loaded where sessions are recorded, and not elsewhere."""
    if not config.record.folder:
        return None
    from stream.recordings.archive import Archive

    return Archive(config.record, lambda outcome: metrics.records.labels(outcome).inc())


def _limits(config: Config, *, video: bool) -> messages.Limits:
    return messages.Limits(
        max_message_bytes=config.max_message_bytes,
        max_rate_hz=config.max_rate_hz,
        max_prompts=config.max_prompts,
        max_text_chars=config.max_text_chars,
        max_horizon_s=config.max_horizon_s,
        resume_s=config.resume_s,
        max_examples=config.max_examples,
        max_example_s=config.max_example_s,
        max_image_px=config.max_image_px if video else 0,
    )
