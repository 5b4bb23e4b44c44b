"""The in-process transport behaves like a socket: ordered, bounded, with two kinds of end."""

import asyncio

import pytest

from stream.transports.base import Disconnected
from stream.transports.memory import pair


async def test_messages_arrive_in_order_both_ways() -> None:
    """What one end sends the other receives."""
    one, other = pair()
    for n in range(5):
        await one.send(bytes([n]))
        await other.send(f"text {n}")
    assert [await other.recv() for _ in range(5)] == [bytes([n]) for n in range(5)]
    assert [await one.recv() for _ in range(5)] == [f"text {n}" for n in range(5)]


async def test_a_sender_waits_for_a_reader() -> None:
    """No more than the capacity is on the way; each read lets one in."""
    one, other = pair(capacity=2)
    sent: list[int] = []

    async def send() -> None:
        for n in range(5):
            await one.send(bytes([n]))
            sent.append(n)

    sending = asyncio.create_task(send())
    await asyncio.sleep(0)
    assert sent == [0, 1]
    assert await other.recv() == b"\x00"
    await asyncio.sleep(0)
    assert sent == [0, 1, 2]
    for n in range(1, 5):
        assert await other.recv() == bytes([n])
    await sending


async def test_an_orderly_close_can_be_read_to_the_end() -> None:
    """Messages before the close arrive, then the end with its code."""
    one, other = pair()
    await one.send(b"last")
    await one.close(1012, "restart")
    assert await other.recv() == b"last"
    with pytest.raises(Disconnected):
        await other.recv()
    assert (other.close_code, other.close_reason) == (1012, "restart")


@pytest.mark.parametrize("waiting", ["recv", "send"])
async def test_an_abort_wakes_whoever_waits(waiting: str) -> None:
    """Both ends end, and what was on the way is lost."""
    one, other = pair(capacity=1)
    if waiting == "send":
        await one.send(b"fills it")
        task = asyncio.create_task(one.send(b"waits"))
    else:
        task = asyncio.create_task(one.recv())
    await asyncio.sleep(0)
    other.abort()
    with pytest.raises(Disconnected):
        await task
    with pytest.raises(Disconnected):
        await other.send(b"too late")
