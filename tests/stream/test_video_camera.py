"""Frames of a camera that are not messages, in a session about video."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.errors import ImageError
from stream.config import Config
from stream.frames import Sight
from stream.messages import Bye, Dropped, ErrorMessage, Heatmap, Hello
from tests.stream.rig import of
from tests.stream.video_rig import HELLO, PROMPTS, RATE_HZ, VideoRig, image


class Plain:
    """A decoded picture; a broken one cannot be converted."""

    def __init__(self, shift: int = 0, *, broken: bool = False, width: int = 128) -> None:
        self.shift, self.broken, self.width = shift, broken, width

    def size_px(self) -> tuple[int, int]:
        return self.width, 96

    def rgb(self, least_px: int) -> NDArray[np.uint8]:
        if self.broken:
            raise ImageError("The picture is broken.")
        picture = np.full((96, 128, 3), 90, np.uint8)
        picture[30:60, 10 + self.shift : 40 + self.shift] = 220
        return picture


def sights(count: int, first: int = 0) -> Iterator[Sight]:
    for number in range(first, first + count):
        yield Sight(Plain(4 * (number % 15)), number / RATE_HZ)


def see(rig: VideoRig, *given: Sight, run: bool = True) -> None:
    for sight in given:
        rig.perform(rig.session.see(sight, rig.now_s))
        if run:
            rig.run()


def test_frames_are_numbered_and_answered() -> None:
    """As if they had been sent in messages."""
    camera, messages = VideoRig().start(), VideoRig().start()
    see(camera, *sights(10))
    messages.say(*map(image, range(10)))
    seen, told = (
        {each.seq: each.time_s for each in of(Heatmap, rig.sent)} for rig in (camera, messages)
    )
    assert seen == told
    assert list(seen) == list(range(10))


def test_while_nothing_is_looked_for_they_are_nobodys() -> None:
    """A camera runs all the time: that is no fault, and not counted."""
    rig = VideoRig()
    see(rig, *sights(3))
    rig.say(HELLO)
    see(rig, *sights(3))
    assert rig.ledger.received == 0
    assert rig.closed is None
    rig.say(PROMPTS)
    see(rig, *sights(2, first=3))
    assert rig.ledger.received == rig.ledger.processed == 2


def test_errors_cost_one_frame() -> None:
    """Too large, or broken: each is told by its number, and the session goes on."""
    rig = VideoRig(config=Config(max_image_px=20_000)).start()
    wide = Sight(Plain(width=4000), 0.0)
    broken = Sight(Plain(broken=True), 0.1)
    see(rig, wide, broken, *sights(2, first=10))
    assert [error.seq for error in of(ErrorMessage, rig.sent)] == [0, 1]
    assert (rig.ledger.errored, rig.ledger.processed) == (2, 2)


def test_frames_after_the_bye_are_cut() -> None:
    """They came, and were not used."""
    rig = VideoRig().start()
    see(rig, *sights(2), run=False)
    rig.say(Bye(), run=False)
    see(rig, *sights(1, first=2), run=False)
    assert Dropped(reason="cut", first_seq=2, last_seq=2, count=1) in rig.sent
    rig.run()
    assert rig.closed is not None
    assert rig.ledger.balanced
    assert rig.ledger.pending == 0


def test_frames_keep_a_silent_client_alive() -> None:
    """They are what is heard of it."""
    rig = VideoRig().start()
    before_s = rig.session.deadline_s
    rig.now_s = 5.0
    see(rig, *sights(1))
    assert rig.session.deadline_s == before_s + 5.0


def test_numbers_go_on_after_a_resume() -> None:
    """The next frame follows the last that the session knows."""
    rig = VideoRig().start()
    see(rig, *sights(3))
    rig.perform(rig.session.resume(Hello(protocol=1, client="back"), True, 1.0))
    see(rig, *sights(1, first=3))
    assert of(Heatmap, rig.sent)[-1].seq == 3


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 3), st.booleans()), max_size=30))
def test_every_frame_is_accounted_for(steps: list[tuple[bool, float, bool]]) -> None:
    """Whatever the times, broken or whole, with the models keeping up or not."""
    rig = VideoRig().start()
    for count, (broken, time_s, run) in enumerate(steps):
        see(rig, Sight(Plain(4 * (count % 15), broken=broken), time_s), run=run)
        assert rig.ledger.balanced
    assert rig.ledger.received == len(steps)
    rig.say(Bye())
    assert rig.ledger.balanced
    assert rig.ledger.pending == 0
