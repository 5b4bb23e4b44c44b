"""How far a recording runs ahead: never more than the server can hold, and never for ever."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from stream.commands import lead
from stream.commands.board import Board
from stream.commands.lead import BRIDGED_S, MOST_S, Lead
from stream.messages import Label

times = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


def label(seq: int) -> Label:
    return Label(
        config=1, seq=seq, time_s=0.0, age_ms=0.0, index=0, label="x", score=0.5, scores=[0.5]
    )


@given(times_s=times)
def test_the_newest_label_ends_the_lead(times_s: list[float]) -> None:
    """Whatever the clock does: nothing is ahead of the last frame, and no frame counts too much."""
    ahead = Lead()
    for time_s in times_s:
        ahead.sent(time_s)
    assert ahead.ahead_s(label(len(times_s) - 1)) == 0
    assert 0 <= ahead.ahead_s(None) <= BRIDGED_S * (len(times_s) - 1)
    leads = [ahead.ahead_s(label(seq)) for seq in range(len(times_s))]
    assert leads == sorted(leads, reverse=True)


def test_it_counts_seconds_of_motion() -> None:
    """Sixty frames of a second each sixtieth: one second, less what was labelled."""
    ahead = Lead()
    for frame in range(61):
        ahead.sent(frame / 60)
    assert abs(ahead.ahead_s(None) - 1) < 1e-9
    assert abs(ahead.ahead_s(label(30)) - 0.5) < 1e-9


async def test_it_waits_for_labels() -> None:
    """With three seconds ahead it waits until there are two."""
    board, ahead = Board("test"), Lead()
    for frame in range(181):
        ahead.sent(frame / 60)
    waiting = asyncio.create_task(ahead.wait(board))
    for seq in range(0, 181, 20):
        await asyncio.sleep(0)
        assert not waiting.done()
        board.current = label(seq)
        if ahead.ahead_s(board.current) <= MOST_S:
            break
    await waiting
    assert board.current == label(60)


async def test_a_server_that_does_not_label_is_not_waited_for(monkeypatch) -> None:
    """What was sent is written off once, and the next second goes out at once."""
    monkeypatch.setattr(lead, "STALLED_S", 0.02)
    ahead = Lead()
    for frame in range(300):
        ahead.sent(frame / 60)
    await ahead.wait(Board("test"))
    assert ahead.ahead_s(None) == 0
    ahead.sent(5.1)
    assert ahead.ahead_s(None) > 0
