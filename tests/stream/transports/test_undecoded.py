"""What waits for a decoder is bounded, and what is newest is there."""

import threading
from collections.abc import Callable

from aiortc import RTCConfiguration, RTCPeerConnection
from hypothesis import given
from hypothesis import strategies as st

from stream.transports.undecoded import MAX_UNDECODED, Undecoded, bound
from tests.stream.client import PATIENCE_S


def at_once(call: Callable[[], None]) -> None:
    """A loop that is always there."""
    call()


@given(st.lists(st.sampled_from(["frame", "frame", "frame", "decode"]), max_size=200))
def test_no_more_than_a_second_waits_and_the_newest_is_kept(steps: list[str]) -> None:
    """However fast frames come: those that wait are the newest, in a row, and a few."""
    spoiled = threading.Event()
    waiting = Undecoded(spoiled, at_once)
    count = given_out = 0
    for step in steps:
        if step == "frame":
            waiting.put(count)
            count += 1
        elif not waiting.empty():
            given_out += 1
            waiting.get()
        there = list(waiting.queue)
        assert len(there) <= MAX_UNDECODED
        assert there == list(range(count))[-len(there) :] or not there
    assert spoiled.is_set() == (given_out + waiting.qsize() < count)


def test_a_picture_is_decoded_once_the_loop_has_heard_of_the_one_before() -> None:
    """While the loop is busy elsewhere, pictures do not pile up before it."""
    loop: list[Callable[[], None]] = []
    asked, decoded = threading.Semaphore(0), threading.Semaphore(0)

    def call_soon(call: Callable[[], None]) -> None:
        loop.append(call)
        asked.release()

    waiting = Undecoded(threading.Event(), call_soon)
    for number in range(3):
        waiting.put(number)

    def decode() -> None:
        while waiting.get() is not None:
            decoded.release()

    thread = threading.Thread(target=decode)
    thread.start()
    for left in (2, 1, 0):
        assert asked.acquire(timeout=PATIENCE_S)
        assert waiting.qsize() == left + 1
        loop.pop()()
        assert decoded.acquire(timeout=PATIENCE_S)
        assert waiting.qsize() == left
    assert asked.acquire(timeout=PATIENCE_S)
    waiting.put(None)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_the_end_does_not_wait() -> None:
    """The loop waits for the decoder's thread: what is not decoded yet is decoded no more."""
    waiting = Undecoded(threading.Event(), lambda call: None)
    for number in range(MAX_UNDECODED):
        waiting.put(number)
    waiting.put(None)
    assert waiting.get() is None
    assert waiting.empty()


async def test_receivers_of_this_aiortc_can_be_bounded() -> None:
    """The queue that its decoder's thread reads is ours; an overflow asks for a key frame."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    receiver = peer.addTransceiver("video").receiver
    bound(peer)
    queue = receiver._RTCRtpReceiver__decoder_queue
    assert isinstance(queue, Undecoded)
    for number in range(MAX_UNDECODED + 1):
        queue.put(number)
    assert receiver._RTCRtpReceiver__decoder_error.is_set()
    await peer.close()
