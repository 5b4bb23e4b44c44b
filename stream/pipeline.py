"""One connection: receive, send and watch in a TaskGroup; the only place that knows all rooms."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final, Protocol

from engines.errors import LivegroundError, ModelError
from stream.config import Config
from stream.errors import Replaced, SlowClient
from stream.frames import Sight
from stream.language_model import LanguageModel
from stream.messages import ClientMessage, ErrorMessage, Heatmap, Hello, Label, Message
from stream.metrics import Metrics
from stream.outbox import Outbox
from stream.protocol import AnyCodec, Ignored
from stream.refusals import error_message
from stream.registry import Registry
from stream.scheduler import Scheduler
from stream.seat import End, Seat, now_s
from stream.session import Identity, Session
from stream.states import Action, Close, Expand, Infer, Lose, Partition, Report, See, Send, State
from stream.transports.base import Disconnected, Transport
from stream.video_scheduler import VideoScheduler
from stream.video_seat import VideoSeat
from stream.video_session import VideoSession

TURN_MESSAGES: Final = 16
"""Messages of one client that are handled in a row: a flood does not get the loop for itself."""

log = logging.getLogger(__name__)


AnySeat = Seat | VideoSeat


class Reception(Protocol):
    """What a connection needs of the server around it."""

    @property
    def config(self) -> Config: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def scheduler(self) -> Scheduler: ...
    @property
    def language_model(self) -> LanguageModel | None: ...
    @property
    def registry(self) -> Registry[AnySeat]: ...
    @property
    def video(self) -> VideoScheduler | None: ...

    def identity(self, config: Config, *, authorized: bool) -> Identity:
        """A new session's name and secret, and what every client is told."""

    def record(self, seat: AnySeat, hello: Hello) -> None:
        """Begin a new session's recording, if sessions are recorded."""

    def end(self, seat: AnySeat) -> None:
        """Forget a session."""


NO_VIDEO: Final = "This server has no video model: start it with --video-model FOLDER."
GONE: Final = End(1006, "the connection is lost", keep=True)


class Connection:
    """One client's connection, from the accepted transport to its end."""

    def __init__(
        self,
        transport: Transport,
        codec: AnyCodec,
        reception: Reception,
        *,
        authorized: bool,
        config: Config | None = None,
    ) -> None:
        """`config`: limits of this kind of connection, instead of the server's."""
        self._transport = transport
        self._codec = codec
        self._reception = reception
        self._authorized = authorized
        self._config: Final = config or reception.config
        self._outbox = Outbox(self._config)
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._end: asyncio.Future[End] = self._loop.create_future()
        self._close: Close | None = None
        self._linger: asyncio.TimerHandle | None = None
        identity = reception.identity(self._config, authorized=authorized)
        session = Session(identity, self._config, now_s())
        self._identity = identity
        self.seat: AnySeat = Seat(session, reception.scheduler, reception.language_model)
        self.seat.audience = self

    @property
    def unsent(self) -> int:
        """Messages that wait to be sent."""
        return len(self._outbox)

    async def run(self) -> None:
        """Serve the client until the connection ends."""
        end = GONE
        try:
            async with asyncio.TaskGroup() as group:
                parts = (self._receive(), self._send(), self._watch())
                tasks = [group.create_task(part) for part in parts]
                end = await self._end
                for task in tasks:
                    task.cancel()
        except* Exception as faults:
            log.exception("A connection failed.")
            end = End.of(faults.exceptions[0])
        finally:
            if self._linger is not None:
                self._linger.cancel()
            self._leave(end)
        await self._say_goodbye(end)

    def stop(self, end: End) -> None:
        """End this connection; the first reason counts."""
        if not self._end.done():
            self._end.set_result(end)

    def cut(self) -> None:
        """End this connection and its session at once."""
        self._transport.abort()
        self.stop(End(1012, "the server stops"))

    def perform(self, actions: Iterable[Action]) -> None:
        """Do what the session wants done."""
        for action in actions:
            match action:
                case Send(message):
                    self._put(message)
                case Report():
                    self._put(self.seat.session.stats())
                case Infer() | See() | Partition() | Expand():
                    self.seat.run(action)
                case Lose(error):
                    self.stop(End.of(error, keep=True))
                case Close():
                    self._close = action
                    late = End(action.code, action.reason)
                    delay_s = self._config.linger_s
                    self._linger = self._loop.call_later(delay_s, self.stop, late)
        self._wake.set()

    # ------------------------------------------------------------------ the three tasks

    async def _receive(self) -> None:
        limit_bytes = self._config.max_message_bytes
        count = 0
        while not self._end.done():
            try:
                data = await self._transport.recv()
            except Disconnected:
                self.stop(GONE)
                break
            if isinstance(data, Sight):
                self.perform(self._saw(data))
            else:
                self.perform(self._read(data, limit_bytes))
            count += 1
            if count % TURN_MESSAGES == 0:
                await asyncio.sleep(0)

    def _saw(self, sight: Sight) -> list[Action]:
        """A session about motion does not look at what the camera shows."""
        session = self.seat.session
        if not isinstance(session, VideoSession):
            return []
        ledger, before = session.ledger, session.ledger.received
        actions = session.see(sight, now_s())
        if ledger.received > before:
            self.seat.tape.saw(ledger.last_seq, sight.time_s, sight.frame)
        return actions

    def _read(self, data: bytes | str, limit_bytes: int) -> list[Action]:
        try:
            message = self._codec.decode_client(data, limit_bytes=limit_bytes)
        except LivegroundError as error:
            return self.seat.session.refuse(error, now_s())
        return [] if isinstance(message, Ignored) else self._heard(message)

    async def _send(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while (message := self._outbox.take()) is not None:
                    lossy = isinstance(message, Label | Heatmap)
                    await self._transport.send(self._codec.encode(message), lossy=lossy)
                if self._close is not None:
                    self.stop(End(self._close.code, self._close.reason))
                    break
        except Disconnected:
            self.stop(GONE)

    async def _watch(self) -> None:
        while self.seat.session.state is not State.CLOSED:
            await asyncio.sleep(max(0.0, self.seat.session.deadline_s - now_s()))
            self.perform(self.seat.session.tick(now_s()))

    # ------------------------------------------------------------------ hello, and taking a seat

    def _heard(self, message: ClientMessage) -> list[Action]:
        session = self.seat.session
        if not isinstance(message, Hello) or session.state is not State.NEW:
            self.seat.tape.heard(message)
            return session.receive(message, now_s())
        kept = self._kept(message)
        if kept is not None:
            return self._resume(message, kept)
        if message.kind == "video":
            if self._reception.video is None:
                return session.fail(ModelError(NO_VIDEO))
            session = self._take_video_seat(self._reception.video)
        actions = session.receive(message, now_s())
        if session.resumable:
            self._reception.registry.add(session.resume_token, self.seat)
            self._reception.record(self.seat, message)
        return actions

    def _take_video_seat(self, scheduler: VideoScheduler) -> VideoSession:
        self.seat.audience = None
        self.seat.leave()
        session = VideoSession(self._identity, self._config, now_s())
        self.seat = VideoSeat(session, scheduler, self._reception.language_model)
        self.seat.audience = self
        return session

    def _kept(self, hello: Hello) -> AnySeat | None:
        if hello.resume is None:
            return None
        kept = self._reception.registry.find(hello.resume, now_s())
        return kept if kept is not None and kept.session.resumable else None

    def _resume(self, hello: Hello, kept: AnySeat) -> list[Action]:
        try:
            actions = kept.session.resume(hello, self._authorized, now_s())
        except LivegroundError as error:
            return self.seat.session.fail(error)
        if kept.audience is not None:
            newer = Replaced("The session goes on over a newer connection.")
            kept.audience.stop(End.of(newer, keep=True))
        self._reception.registry.attach(kept.session.resume_token)
        self.seat.leave()
        self.seat, kept.audience = kept, self
        return actions

    def _leave(self, end: End) -> None:
        seat = self.seat
        if seat.audience is not self:
            return
        seat.audience = None
        ending: list[AnySeat] = [seat]
        if end.keep and seat.session.resumable:
            ending = self._reception.registry.detach(seat.session.resume_token, now_s())
        for each in ending:
            self._reception.end(each)

    # ------------------------------------------------------------------ sending

    def _put(self, message: Message) -> None:
        metrics = self._reception.metrics
        self.seat.tape.said(message)
        try:
            skipped = self._outbox.put(message)
        except SlowClient as error:
            self.stop(End.of(error, keep=True))
            return
        if isinstance(message, Label):
            metrics.label_age.observe(message.age_ms / 1e3)
        elif isinstance(message, Heatmap):
            metrics.heatmap_age.observe(message.age_ms / 1e3)
        elif isinstance(message, ErrorMessage):
            metrics.errors.labels(message.code).inc()
        if skipped:
            metrics.labels_skipped.inc(skipped)
            self.perform(self.seat.session.labels_skipped(skipped))

    async def _say_goodbye(self, end: End) -> None:
        try:
            async with asyncio.timeout(self._config.linger_s):
                if end.error is not None:
                    last = error_message(end.error, fatal=True)
                    self._reception.metrics.errors.labels(last.code).inc()
                    await self._transport.send(self._codec.encode(last))
                await self._transport.close(end.code, end.reason)
        except (Disconnected, TimeoutError):
            self._transport.abort()
