"""What waits for a decoder is bounded, and what is newest is there."""

import threading

from aiortc import RTCConfiguration, RTCPeerConnection
from hypothesis import given
from hypothesis import strategies as st

from stream.transports.undecoded import MAX_UNDECODED, Undecoded, bound


@given(st.lists(st.sampled_from(["frame", "frame", "frame", "decode"]), max_size=200))
def test_no_more_than_a_second_waits_and_the_newest_is_kept(steps: list[str]) -> None:
    """However fast frames come: those that wait are the newest, in a row, and a few."""
    spoiled = threading.Event()
    waiting = Undecoded(spoiled)
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


def test_the_end_does_not_wait() -> None:
    """The loop waits for the decoder's thread: what is not decoded yet is decoded no more."""
    waiting = Undecoded(threading.Event())
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
