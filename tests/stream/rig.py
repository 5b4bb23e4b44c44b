"""Builders for tests of the stream: a moving body, messages, an engine by rule, a session on it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf

import numpy as np

from engines.errors import EngineError, LivegroundError, PromptError
from engines.motion.engine import ModelInfo, StepResult
from engines.motion.examples import ExampleSet
from engines.motion.skeleton import JOINT_COUNT, JOINT_NAMES
from engines.motion.timeline import NOTHING, Mode, Segment, Update
from stream import messages
from stream.config import Config
from stream.errors import LanguageModelFailed
from stream.jobs import Described, Descriptions, Done, Frames, Job
from stream.ledger import Ledger
from stream.messages import Configure, Hello, Limits, Message, Model, Pose, Welcome
from stream.scheduler import control
from stream.session import Identity, Session
from stream.states import Action, Close, Expand, Infer, Lose, Partition, Report, Send

HELLO = Hello(protocol=1, client="test")
PROMPTS = Configure(prompts=["walks", "waves"])
RATE_HZ = 60.0
INFO = ModelInfo("m", "1", "0" * 64, 0.15, 20)
INFO_DIM = 8


@cache
def standing() -> np.ndarray:
    """A person on both feet who faces +z, (22, 3) metres."""
    heights = {"hip": 0.9, "knee": 0.5, "ankle": 0.1, "foot": 0.03, "spine1": 1.05, "spine2": 1.15}
    heights |= {"spine3": 1.25, "neck": 1.45, "collar": 1.4, "head": 1.6, "shoulder": 1.4}
    heights |= {"elbow": 1.15, "wrist": 0.9, "pelvis": 0.95}
    widths = {"hip": 0.1, "knee": 0.1, "ankle": 0.1, "foot": 0.1, "collar": 0.06}
    widths |= {"shoulder": 0.18, "elbow": 0.22, "wrist": 0.24}
    joints = np.zeros((JOINT_COUNT, 3), np.float32)
    for row, name in enumerate(JOINT_NAMES):
        part = name.removeprefix("left_").removeprefix("right_")
        side = 1.0 if name.startswith("left_") else -1.0
        joints[row] = side * widths.get(part, 0.0), heights[part], 0.1 if part == "foot" else 0.0
    return joints


def pose(seq: int, time_s: float | None = None) -> Pose:
    """Frame `seq` of somebody who sways and waves, at 60 Hz unless a time is given."""
    time_s = seq / RATE_HZ if time_s is None else time_s
    joints = standing().copy()
    joints[:, 0] += 0.05 * np.sin(2 * time_s)
    joints[21, 1] += 0.4 + 0.2 * np.sin(9 * time_s)
    return Pose(seq=seq, time_s=time_s, joints=joints.astype("<f4").tobytes())


def poses(count: int, *, first: int = 0, start_s: float = 0.0) -> list[Pose]:
    """Frames in a row."""
    return [pose(seq, start_s + (seq - first) / RATE_HZ) for seq in range(first, first + count)]


def identity(*, authorized: bool = True, lookahead_s: float = 0.15) -> Identity:
    """What a session is told about itself."""
    config = Config()
    limits = Limits(**{name: getattr(config, name) for name in Limits.__struct_fields__})
    model = Model(name="m", version="1", sha256="0" * 64, lookahead_s=lookahead_s, fps=20)
    return Identity(
        Welcome(
            protocol=messages.PROTOCOL_VERSION,
            session="a session",
            resume_token="a resume token",
            resumed=False,
            last_seq=-1,
            server="liveground test",
            limits=limits,
            skeletons=[],
            model=model,
        ),
        authorized,
    )


@dataclass
class RuleTrack:
    """One person of a RuleEngine."""

    labels: tuple[str, ...] = ()
    times_s: list[float] = field(default_factory=list)
    seen: int = 0
    start_s: float | None = None
    segments: int = 0
    examples: ExampleSet = field(default_factory=lambda: ExampleSet(INFO))
    mode: Mode = "script"
    since_s: float | None = None
    descriptions: dict[str, tuple[str, ...]] = field(default_factory=dict)


class RuleEngine:
    """An engine whose every answer is known beforehand: for tests of queues, orders and counts.

    Labels come `LOOKAHEAD` frames late and alternate every ten frames; each stretch is one segment.
    A label "refused" and a pelvis above 9 m are errors.
    """

    LOOKAHEAD = 3

    def new_track(self) -> RuleTrack:
        return RuleTrack()

    def configure(
        self,
        track: RuleTrack,
        labels: Sequence[str],
        mode: Mode,
        *,
        lookahead_s: float,
        horizon_s: float,
        descriptions: Descriptions,
    ) -> list[Update]:
        if "refused" in labels:
            raise EngineError("this label is refused")
        track.labels, track.mode = tuple(labels), mode
        track.descriptions = dict(descriptions)
        return []

    def enrol(
        self, track: RuleTrack, name: str, start_s: float, end_s: float, *, words: bool
    ) -> list[Update]:
        if track.since_s is None or start_s < track.since_s:
            raise PromptError("these seconds are not kept")
        vector = np.eye(INFO_DIM)[int(start_s * 10) % INFO_DIM]
        track.examples = track.examples.with_example(name, vector, end_s - start_s, words=words)
        if track.mode == "watch" and track.labels and name not in track.labels:
            track.labels = (*track.labels, name)
        return [NOTHING] if name in track.labels else []

    def use_examples(self, track: RuleTrack, examples: ExampleSet) -> list[Update]:
        track.examples = examples
        return [NOTHING] if track.labels else []

    def step(self, jobs: Sequence[tuple[RuleTrack, np.ndarray, np.ndarray]]) -> list[StepResult]:
        return [self._step(*job) for job in jobs]

    def cut(self, track: RuleTrack, pause_s: float) -> list[Update]:
        updates = [self._update(track, time_s) for time_s in track.times_s]
        if updates and track.labels:
            last = updates[-1]
            assert last.time_s is not None
            final = self._segment(track, last.time_s, final=True)
            updates[-1] = Update(
                last.time_s, last.index, last.label, last.score, last.scores, (final,), ()
            )
            track.segments += 1
        track.times_s, track.start_s = [], None
        return updates

    def finish(self, track: RuleTrack) -> list[Update]:
        return self.cut(track, inf)

    def _step(self, track: RuleTrack, joints: np.ndarray, times_s: np.ndarray) -> StepResult:
        if (joints[:, 0, 1] > 9).any():
            return StepResult(error=EngineError("nobody is that tall"))
        updates = []
        for time_s in times_s.tolist():
            track.start_s = time_s if track.start_s is None else track.start_s
            track.since_s = time_s if track.since_s is None else track.since_s
            track.times_s.append(time_s)
            if len(track.times_s) > self.LOOKAHEAD:
                updates.append(self._update(track, track.times_s.pop(0)))
        return StepResult(tuple(updates))

    def _update(self, track: RuleTrack, time_s: float) -> Update:
        track.seen += 1
        if not track.labels:
            return Update(time_s, -1, "unknown", 0.0, (), (), ())
        index = track.seen // 10 % len(track.labels)
        scores = tuple(float(k == index) for k in range(len(track.labels)))
        told = (self._segment(track, time_s, final=False),)
        return Update(time_s, index, track.labels[index], 1.0, scores, told, ())

    def _segment(self, track: RuleTrack, end_s: float, *, final: bool) -> Segment:
        assert track.start_s is not None
        return Segment(track.segments + 1, 0, track.labels[0], track.start_s, end_s, 1.0, final)


class SessionRig:
    """A session, and an engine that runs its jobs when told to."""

    def __init__(self, engine=None, *, config: Config | None = None, authorized: bool = True):
        self.engine = engine or RuleEngine()
        self.session = Session(identity(authorized=authorized), config or Config(), 0.0)
        self.track = self.engine.new_track()
        self.jobs: deque[Job] = deque()
        self.sent: list[Message] = []
        self.closed: Close | None = None
        self.lost: LivegroundError | None = None
        self.questions: list[Partition] = []
        self.expansions: list[Expand] = []
        self.now_s = 0.0

    @property
    def ledger(self) -> Ledger:
        return self.session.ledger

    def say(self, *given: messages.ClientMessage, run: bool = True) -> list[Message]:
        """The client sends; return what the server sends for it."""
        before = len(self.sent)
        for message in given:
            self.perform(self.session.receive(message, self.now_s))
            if run:
                self.run()
        return self.sent[before:]

    def start(self) -> "SessionRig":
        """Say hello and configure."""
        self.say(HELLO, PROMPTS)
        return self

    def split(self, question: int, *steps: str, run: bool = True) -> list[Message]:
        """The language model answers a question; without steps it has failed."""
        before = len(self.sent)
        answer = steps or LanguageModelFailed("It failed.", kind="test")
        self.perform(self.session.partitioned(question, answer, self.now_s))
        if run:
            self.run()
        return self.sent[before:]

    def describe(self, given: Descriptions, failure: str = "") -> list[Message]:
        """The language model has described labels."""
        before = len(self.sent)
        failed = LanguageModelFailed(failure, kind="test") if failure else None
        self.perform(self.session.described(Described(given, failed), self.now_s))
        self.run()
        return self.sent[before:]

    def perform(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Send(message):
                    self.sent.append(message)
                case Report():
                    self.sent.append(self.session.stats())
                case Infer(job):
                    self.jobs.append(job)
                case Partition():
                    self.questions.append(action)
                case Expand():
                    self.expansions.append(action)
                case Lose(error):
                    self.lost = error
                case Close():
                    self.closed = action

    def run(self, count: int | None = None) -> None:
        """Let the engine do its next jobs (all of them)."""
        for _ in range(len(self.jobs) if count is None else min(count, len(self.jobs))):
            self.perform(self.session.deliver(self._do(self.jobs.popleft()), self.now_s))

    def _do(self, job: Job) -> Done:
        if isinstance(job, Frames):
            [step] = self.engine.step([(self.track, job.joints, job.times_s)])
            return Done(job, tuple(step.updates), step.error)
        return control(self.engine, self.track, job)


def of(kind, sent):
    """Messages of one kind, in order."""
    return [message for message in sent if isinstance(message, kind)]
