"""Law: received = processed + dropped + errored + pending at every moment; pending ends at 0."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stream.config import Config
from stream.errors import MalformedMessage
from stream.messages import Bye, Configure, Dropped, ErrorMessage, Hello, Ping, Pong, Pose, Stats
from stream.states import State
from tests.stream.rig import HELLO, PROMPTS, SessionRig, of, pose

TALL = [[0.0, 9.5, 0.0]] * 22
MESSAGES = {
    "hello": HELLO,
    "prompts": PROMPTS,
    "steps": Configure(steps=["walks", "sits"]),
    "refused by the session": Configure(prompts=[]),
    "refused by the engine": Configure(prompts=["refused"]),
    "ping": Ping(id=1),
    "pong": Pong(id=0),
    "bye": Bye(),
    "wrong hello": Hello(protocol=7, client="x"),
}
USUAL = st.sampled_from(["pose"] * 12 + ["run some", "run"])
RARE = st.sampled_from(
    [
        *MESSAGES,
        "tall",
        "nan",
        "back",
        "ahead",
        "same",
        "malformed",
        "resume",
        "tick",
        "drain",
        "labels skipped",
    ]
)
STEPS = st.lists(st.one_of(USUAL, USUAL, USUAL, RARE), max_size=120)


class Life:
    """A session through anything that can happen to it; checks the books after each step."""

    def __init__(self) -> None:
        config = Config(max_rate_hz=40.0, max_backlog_s=0.5, idle_s=5.0, stats_s=0.5)
        self.rig = SessionRig(config=config)
        self.sent = 0
        self.time_s = 0.0

    def step(self, name: str) -> None:
        rig = self.rig
        if name in MESSAGES:
            rig.say(MESSAGES[name], run=False)
        elif name in ("pose", "tall", "nan", "back", "ahead", "same"):
            self._frame(name)
        elif name == "run some":
            rig.run(2)
        elif name == "run":
            rig.run()
        elif name == "malformed":
            rig.perform(rig.session.refuse(MalformedMessage("x"), rig.now_s))
        elif name == "resume" and rig.session.resumable:
            rig.perform(rig.session.resume(HELLO, True, rig.now_s))
        elif name == "tick":
            rig.now_s += 3.0
            rig.perform(rig.session.tick(rig.now_s))
        elif name == "drain":
            rig.perform(rig.session.drain(1.0))
        elif name == "labels skipped":
            rig.perform(rig.session.labels_skipped(1))
        self.check()

    def _frame(self, name: str) -> None:
        jump_s = {"back": -86400.0, "ahead": 5.0, "same": 0.0}.get(name, 1 / 60)
        self.time_s += jump_s
        self.rig.now_s += 1 / 60
        joints = {"tall": TALL, "nan": [[float("nan")] * 3] * 22}.get(name)
        message = pose(self.sent, self.time_s)
        if joints is not None:
            message = Pose(seq=self.sent, time_s=self.time_s, joints=joints)
        alive = self.rig.session.state not in (State.CLOSED, State.NEW)
        self.rig.say(message, run=False)
        self.sent += alive

    def check(self) -> None:
        assert self.rig.ledger.balanced
        assert self.rig.ledger.received == self.sent


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_the_books_are_right_at_every_moment(steps: list[str]) -> None:
    """Whatever the client, the model, the network and the clock do."""
    life = Life()
    for name in ("hello", "prompts", *steps):
        life.step(name)
    life.rig.run()
    life.check()
    if life.rig.session.state is not State.CLOSED:
        life.rig.perform(life.rig.session.abandon(1001, "the end"))
    life.check()
    assert life.rig.ledger.pending == 0


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_the_client_can_check_the_books(steps: list[str]) -> None:
    """From its own messages alone: drops and errors that it was told add up to the final stats."""
    life = Life()
    for name in ("hello", "prompts", *steps):
        life.step(name)
    life.rig.run()
    if not life.rig.session.resumable:
        return
    life.rig.say(Bye())
    sent = life.rig.sent
    stats = of(Stats, sent)[-1]
    told: dict[str, int] = {}
    for dropped in of(Dropped, sent):
        assert dropped.count == dropped.last_seq - dropped.first_seq + 1
        told[dropped.reason] = told.get(dropped.reason, 0) + dropped.count
    assert stats.dropped == told
    assert stats.pending == 0
    assert stats.received == life.sent
    bad_frames = {m.seq for m in of(ErrorMessage, sent) if m.code in ("bad_joints", "unexpected")}
    assert stats.errored >= len(bad_frames - {None})
