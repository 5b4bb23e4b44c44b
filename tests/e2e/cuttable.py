"""Connections that can be cut."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def cuttable(url: str) -> AsyncIterator[tuple[str, Callable[[], None]]]:
    """A TCP proxy in front of a server, and a function that cuts all its connections."""
    host, port = url.removeprefix("ws://").partition("/")[0].split(":")
    writers: list[asyncio.StreamWriter] = []
    pumps: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(host, int(port))
        writers.extend((writer, upstream_writer))
        pumps.add(asyncio.create_task(pump(reader, upstream_writer)))
        pumps.add(asyncio.create_task(pump(upstream_reader, writer)))

    def cut() -> None:
        for writer in writers:
            writer.transport.abort()
        writers.clear()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as proxy:
        own_port = proxy.sockets[0].getsockname()[1]
        try:
            yield url.replace(port, str(own_port)), cut
        finally:
            cut()
            await asyncio.gather(*pumps)
