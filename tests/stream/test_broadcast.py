"""What watchers see of a session."""

import asyncio

import pytest

from stream.broadcast import MAX_UNREAD, MAX_WATCHERS, Broadcast
from stream.errors import LimitExceeded
from stream.messages import Configured, Message, Notice
from stream.protocol import JSON
from tests.stream.video_rig import HELLO

CONFIGURED = Configured(config=1, mode="watch", labels=["waves"], lookahead_s=0.0, horizon_s=0.0)


def notice(number: int) -> Message:
    return Notice(code="gap", text=str(number))


def say(broadcast: Broadcast, *given: Message, lossy: bool = False) -> None:
    for message in given:
        broadcast.publish(JSON.encode(message), lossy=lossy)


async def test_every_watcher_hears_all_from_then_on_to_the_end() -> None:
    """Also what was said before the end and not read yet."""
    broadcast = Broadcast()
    one = broadcast.watch()
    say(broadcast, notice(0))
    other = broadcast.watch()
    say(broadcast, notice(1), lossy=True)
    broadcast.end()
    assert [each async for each in one] == [JSON.encode(notice(0)), JSON.encode(notice(1))]
    assert [each async for each in other] == [JSON.encode(notice(1))]
    assert [each async for each in broadcast.watch()] == []


async def test_who_comes_late_is_told_what_is_looked_for() -> None:
    """The newest configuration comes first."""
    broadcast = Broadcast()
    say(broadcast, CONFIGURED, notice(0))
    late = broadcast.watch()
    broadcast.end()
    assert [each async for each in late] == [JSON.encode(CONFIGURED)]


async def test_a_watcher_waits_for_what_comes() -> None:
    """It is woken by the next message, and by the end."""
    broadcast = Broadcast()
    watching = broadcast.watch()
    first = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(0)
    say(broadcast, notice(0))
    assert await first == JSON.encode(notice(0))
    rest = asyncio.ensure_future(anext(watching, None))
    await asyncio.sleep(0)
    broadcast.end()
    assert await rest is None


async def test_who_does_not_read_misses_the_oldest() -> None:
    """What waits is bounded."""
    broadcast = Broadcast()
    deaf = broadcast.watch()
    say(broadcast, *(notice(number) for number in range(MAX_UNREAD + 3)))
    broadcast.end()
    heard = [each async for each in deaf]
    assert len(heard) == MAX_UNREAD
    assert heard[0] == JSON.encode(notice(3))


async def test_the_welcome_is_nobodys_but_the_publishers() -> None:
    """Its resume token would let a watcher take the session."""
    broadcast = Broadcast()
    watching = broadcast.watch()
    broadcast.publish(b'{"type":"welcome","resume_token":"secret"}', lossy=False)
    broadcast.end()
    assert [each async for each in watching] == []


async def test_watchers_are_bounded_and_places_free_again() -> None:
    """Who stops to watch makes room."""
    broadcast = Broadcast()
    watching = [broadcast.watch() for _ in range(MAX_WATCHERS)]
    with pytest.raises(LimitExceeded) as full:
        broadcast.watch()
    assert full.value.limit == "max_watchers"
    say(broadcast, HELLO)
    assert await anext(watching[0])
    await watching[0].aclose()
    watching[1] = broadcast.watch()
    watching.pop()
    watching.append(broadcast.watch())
