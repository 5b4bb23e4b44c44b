"""Law: received = processed + dropped + errored + pending at every moment, for images too; at most
one job with each model, whatever comes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import EngineError
from stream.config import Config
from stream.messages import Bye, Configure, Dropped, Heatmap, Stats
from stream.states import State
from stream.video_jobs import Ask, Key, Look, VideoDone
from tests.stream.rig import of
from tests.stream.video_rig import HELLO, VideoRig, image, jpeg

FILES = {"white": jpeg(level=255), "broken": jpeg()[:300], "garbage": b"x"}
USUAL = st.sampled_from([*["image"] * 8, "still", "look", "look", "key", "ask", "run"])
RARE = ["same", "back", "late", "prompts", "refused", "resume", "fails", "skipped", *FILES]
STEPS = st.lists(st.one_of(USUAL, USUAL, st.sampled_from(RARE)), max_size=60)


class Life:
    """A session through anything that can happen to it."""

    def __init__(self) -> None:
        self.rig = VideoRig(config=Config(stats_s=0.3)).start()
        self.sent = 0
        self.time_s = 10.0

    def step(self, name: str) -> None:
        rig = self.rig
        rig.now_s += 1 / 60
        match name:
            case "look" | "key" | "ask":
                rig.run({"look": Look, "key": Key, "ask": Ask}[name])
            case "run":
                rig.run()
            case "prompts" | "refused":
                rig.say(Configure(prompts=[name]), run=False)
            case "resume" if rig.session.resumable:
                rig.perform(rig.session.resume(HELLO, True, rig.now_s))
            case "fails" if rig.jobs:
                done = VideoDone(rig.jobs.popleft(), error=EngineError("x"))
                rig.perform(rig.session.deliver(done, rig.now_s))
            case "skipped":
                rig.perform(rig.session.labels_skipped(1))
            case "resume" | "fails":
                pass
            case _:
                self._frame(name)
        self.check()

    def _frame(self, name: str) -> None:
        self.time_s += {"same": 0.0, "back": -5.0, "late": -0.01}.get(name, 1 / 30)
        file = FILES.get(name, b"")
        frame = image(self.sent, self.time_s, still=name == "still", file=file)
        self.rig.say(frame, run=False)
        self.sent += 1

    def check(self) -> None:
        assert self.rig.ledger.balanced
        assert self.rig.ledger.received == self.sent
        kinds = [type(job) for job in self.rig.jobs]
        assert kinds.count(Look) <= 1
        assert kinds.count(Key) + kinds.count(Ask) <= 1


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_books_are_right_at_every_moment(steps: list[str]) -> None:
    """Whatever the client, the models and the clock do; and the client can check them itself."""
    life = Life()
    for name in steps:
        life.step(name)
    rig = life.rig
    rig.run()
    life.check()
    if rig.session.state is not State.CLOSED:
        rig.say(Bye())
    stats = of(Stats, rig.sent)[-1]
    assert stats.pending == 0
    assert stats.received == life.sent
    told: dict[str, int] = {}
    for dropped in of(Dropped, rig.sent):
        told[dropped.reason] = told.get(dropped.reason, 0) + dropped.count
    assert stats.dropped == told


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_heatmaps_never_go_back_in_time(steps: list[str]) -> None:
    """On one clock, each speaks of the same or a later frame, and of no later key frame."""
    life = Life()
    for name in steps:
        life.step("image" if name in ("back", "refused") else name)
    life.rig.run()
    heatmaps = of(Heatmap, life.rig.sent)
    assert [each.time_s for each in heatmaps] == sorted(each.time_s for each in heatmaps)
    assert all(each.key_time_s <= each.time_s for each in heatmaps)
