"""Several updates told as one."""

from dataclasses import replace

from engines.motion.timeline import NOTHING, Segment, merge

WALK = Segment(1, 0, "walks", 0.0, 3.0, 0.8, False)
WAVE = Segment(2, 1, "waves", 3.0, 4.0, 0.7, False)


def test_segments_come_in_the_order_in_which_they_were_told_last() -> None:
    """One revised early and made final late stands behind the one that became final before it."""
    finals = replace(WALK, final=True), replace(WAVE, final=True)
    merged = merge([replace(NOTHING, segments=(WAVE,)), replace(NOTHING, segments=finals)])
    assert merged.segments == finals


def test_a_retracted_segment_is_not_told() -> None:
    """Only its id, so that whoever was told before can forget it."""
    merged = merge(
        [replace(NOTHING, segments=(WALK, WAVE)), replace(NOTHING, retracted=(WAVE.id,))]
    )
    assert merged.segments == (WALK,)
    assert merged.retracted == (WAVE.id,)


def test_the_newest_label_is_told() -> None:
    """An update that speaks of no time does not take its place."""
    spoken = replace(NOTHING, time_s=1.5, index=0, label="walks")
    merged = merge([spoken, replace(NOTHING, segments=(WALK,))])
    assert (merged.time_s, merged.label) == (1.5, "walks")
