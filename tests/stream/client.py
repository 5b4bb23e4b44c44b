"""A client for tests: reads all the time into `log`, over any transport."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from engines.motion.engine import MotionEngine
from stream.config import Config
from stream.loading import model_message
from stream.messages import Bye, Label, Message, Stats
from stream.protocol import MSGPACK, Codec, Ignored
from stream.service import Service
from stream.transports.base import Disconnected, Transport
from stream.transports.memory import MemoryTransport, pair
from stream.video_scheduler import VideoEngine
from tests.stream.rig import HELLO, PROMPTS, of, poses

M = TypeVar("M", bound=Message)
PATIENCE_S = 20.0
"""A test that waits longer has failed."""


class Client:
    """Sends messages and notes all that comes; `closed` once the connection has ended."""

    def __init__(self, transport: Transport, codec: Codec = MSGPACK) -> None:
        self.transport = transport
        self.log: list[Message] = []
        self.closed = asyncio.Event()
        self._codec = codec
        self._more = asyncio.Event()
        self._seen = 0

    async def listen(self) -> None:
        try:
            while True:
                message = self._codec.decode_server(await self.transport.recv())
                assert not isinstance(message, Ignored)
                self.log.append(message)
                self._more.set()
        except Disconnected:
            self.closed.set()
            self._more.set()

    async def send(self, *given: Message) -> None:
        for message in given:
            await self.transport.send(self._codec.encode(message))

    async def until(self, kind: type[M], test: Callable[[M], bool] = lambda _: True) -> M:
        """The next message of a kind that passes the test; what came before it is passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self._seen < len(self.log):
                    message = self.log[self._seen]
                    self._seen += 1
                    if isinstance(message, kind) and test(message):
                        return message
                assert not self.closed.is_set(), f"closed before {kind.__name__}: {self.log[-3:]}"
                self._more.clear()
                await self._more.wait()

    async def end(self) -> None:
        """Wait for the end of the connection."""
        async with asyncio.timeout(PATIENCE_S):
            await self.closed.wait()

    async def start(self) -> "Client":
        """Say hello and configure."""
        await self.send(HELLO, PROMPTS)
        return self

    async def finish(self) -> Stats:
        """Say bye; the final stats."""
        await self.send(Bye())
        await self.until(Bye)
        return of(Stats, self.log)[-1]


class Bystander:
    """Another session at the same time, to which nothing may happen."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._sent = 0

    async def go_on(self) -> None:
        """Half a second of frames, and their labels."""
        await self.client.send(*poses(30, first=self._sent, start_s=self._sent / 60))
        self._sent += 30
        await self.client.until(Label, lambda label: label.seq >= self._sent - 3)

    async def unharmed(self) -> None:
        """Every frame was used, every model frame has its label, and the end is in good order."""
        await self.go_on()
        stats = await self.client.finish()
        assert stats.received == self._sent
        assert stats.processed + stats.dropped.get("cut", 0) == self._sent
        assert stats.dropped.get("cut", 0) < 3
        times_s = [label.time_s for label in of(Label, self.client.log)]
        assert len(set(times_s)) == (self._sent - 1) // 3 + 1
        assert times_s == sorted(times_s)


class House:
    """A service with the bundled model, and clients of it, all in this process."""

    def __init__(self, service: Service, group: asyncio.TaskGroup) -> None:
        self.service = service
        self._group = group
        self._tasks: list[asyncio.Task[None]] = []

    def connect(
        self,
        *,
        codec: Codec = MSGPACK,
        authorized: bool = True,
        deaf: bool = False,
        capacity: int = 16,
    ) -> Client:
        """A new connection, `capacity` messages wide; a deaf client never reads."""
        near, far = pair(capacity=capacity)
        serving = self.service.serve(far, codec, authorized=authorized)
        self._tasks.append(self._group.create_task(serving))
        client = Client(near, codec)
        if not deaf:
            self._tasks.append(self._group.create_task(client.listen()))
        return client

    async def bystander(self) -> Bystander:
        bystander = Bystander(await self.connect().start())
        await bystander.go_on()
        return bystander

    def forget(self) -> None:
        """Let go of connections that have ended."""
        self._tasks = [task for task in self._tasks if not task.done()]

    def leave(self) -> None:
        """End what the test left open."""
        for task in self._tasks:
            task.cancel()


@asynccontextmanager
async def house(
    engine: MotionEngine, config: Config | None = None, video: VideoEngine | None = None
) -> AsyncIterator[House]:
    service = Service(config or Config(), engine, model_message(engine), video)
    try:
        async with asyncio.TaskGroup() as group:
            made = House(service, group)
            yield made
            made.leave()
    finally:
        await service.stop()


async def eventually(condition: Callable[[], bool]) -> None:
    """Let the loop run until it is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what it waits for is no event
            await asyncio.sleep(0)


def memory(client: Client) -> MemoryTransport:
    """The client's end, with the code by which the server closed."""
    assert isinstance(client.transport, MemoryTransport)
    return client.transport
