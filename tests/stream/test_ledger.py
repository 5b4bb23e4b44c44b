"""The books: identity at every moment, each frame one outcome."""

from hypothesis import given
from hypothesis import strategies as st

from stream.ledger import Ledger

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["refuse", "drop", "take", "settle", "fail", "cut", "cut after"]),
        st.integers(0, 30),
    ),
    max_size=80,
)


@given(STEPS)
def test_the_identity_holds_after_every_step(steps: list[tuple[str, int]]) -> None:
    """received = processed + dropped + errored + pending, whatever happens in whatever order."""
    ledger, marks = Ledger(), []
    for seq, (step, which) in enumerate(steps):
        mark = marks[which % len(marks)] if marks else None
        if step == "refuse":
            ledger.refuse(seq)
        elif step == "drop":
            ledger.drop(seq, "late")
        elif step == "take":
            marks.append(ledger.take(seq))
        elif step == "cut":
            ledger.cut(None)
        elif mark is not None:
            act = {"settle": ledger.settle, "fail": ledger.fail, "cut after": ledger.cut}[step]
            act(mark)
        assert ledger.balanced
    ledger.cut(None)
    assert ledger.pending == 0
    assert ledger.balanced


def test_settling_covers_all_earlier_frames_once() -> None:
    """A label speaks for its newest frame and those before it; a second one adds nothing."""
    ledger = Ledger()
    marks = [ledger.take(seq) for seq in range(5)]
    assert ledger.settle(marks[3]) == 4
    assert ledger.settle(marks[3]) == 0
    assert ledger.fail(marks[4]) == 1
    assert (ledger.processed, ledger.errored, ledger.pending) == (4, 1, 0)


def test_cut_names_the_frames() -> None:
    """Frames newer than the given one, as a range with its count; nothing to cut, no message."""
    ledger = Ledger()
    marks = [ledger.take(seq) for seq in (10, 11, 12, 13)]
    [dropped] = ledger.cut(marks[1])
    assert (dropped.reason, dropped.first_seq, dropped.last_seq, dropped.count) == (
        "cut",
        12,
        13,
        2,
    )
    assert ledger.cut(marks[1]) == []
    assert ledger.pending == 2


def test_a_cut_with_holes_is_told_in_exact_ranges() -> None:
    """Frames in between that had another outcome are not named twice."""
    ledger = Ledger()
    for seq in (4, 5, 7, 8, 8):
        ledger.take(seq)
    told = [(each.first_seq, each.last_seq, each.count) for each in ledger.cut(None)]
    assert told == [(4, 5, 2), (7, 8, 2), (8, 8, 1)]


def test_outcomes_for_the_metrics() -> None:
    """Every count by name, drops by reason."""
    ledger = Ledger()
    ledger.drop(0, "late")
    ledger.refuse(1)
    ledger.settle(ledger.take(2))
    assert ledger.outcomes == {"received": 3, "processed": 1, "errored": 1, "dropped_late": 1}


def test_one_pending_frame_may_have_its_own_outcome() -> None:
    """It alone; those before and after stay pending, and a frame is never counted twice."""
    ledger = Ledger()
    marks = [ledger.take(seq) for seq in range(4)]
    assert ledger.displace(marks[1], "busy").first_seq == 1
    assert ledger.spoil(marks[2])
    assert not ledger.spoil(marks[2])
    assert (ledger.pending, ledger.errored, ledger.dropped["busy"]) == (2, 1, 1)
    assert ledger.settle(marks[3]) == 2
    assert ledger.balanced
