"""What a recorded session says again, and when: the same frames and the same questions in the same
order, so that the same segments come of them.

Frames that the server could not take (`rate`, `busy`) are left out, and what a server may decide
differently is written into the questions: the steps of an instruction, and the horizon.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from clients.python.segments import Segments
from stream.errors import BadRecording
from stream.messages import (
    ClientMessage,
    Configure,
    Configured,
    Dropped,
    Enrol,
    Image,
    Message,
    Pose,
    SegmentMessage,
    Welcome,
)
from stream.recordings.reading import RecordedSession
from stream.recordings.topics import FRAMES

SKIMMED: Final = (FRAMES, "/pose", "/labels", "/heatmaps")
NOT_TAKEN: Final = ("rate", "busy")
Step = Configure | Enrol | Pose | Image


@dataclass(slots=True)
class Plan:
    """What was found in a recording before it is replayed."""

    session: RecordedSession
    welcome: Welcome | None = None
    finals: list[SegmentMessage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a user should know; the segments may differ then."""
    _questions: list[Configure] = field(default_factory=list)
    _left_out: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, session: RecordedSession) -> "Plan":
        """Look through a recording. Raises BadRecording if there is nothing to be replayed."""
        plan = cls(session)
        segments = Segments()
        answers: dict[tuple[str, int], Configured] = {}
        for entry in session.entries(leave_out=SKIMMED):
            plan._take(entry.message)
            if isinstance(entry.message, Configured) and plan.welcome is not None:
                key = plan.welcome.session, entry.message.config
                answers.setdefault(key, entry.message)
            if not entry.from_client and not isinstance(entry.message, Pose):
                segments.take(entry.message)
        plan.finals = segments.finals
        plan._note(list(answers.values()))
        plan._check()
        return plan

    @property
    def kind(self) -> str:
        """motion or video."""
        return self.session.head.kind

    def steps(self) -> Iterator[tuple[float, Step]]:
        """What the client says, with its time in seconds since 1970."""
        questions = iter(self._questions)
        for entry in self.session.entries():
            if not entry.from_client:
                continue
            match entry.message:
                case Configure():
                    yield entry.time_s, next(questions)
                case Enrol():
                    yield entry.time_s, entry.message
                case Pose() | Image() if entry.message.seq not in self._left_out:
                    yield entry.time_s, entry.message

    def compare_model(self, welcome: Welcome) -> None:
        """Note it if these are other models than then."""
        then = self.welcome
        if then is None:
            return
        old, new = (
            (then.video, welcome.video) if self.kind == "video" else (then.model, welcome.model)
        )
        if old is not None and new is not None and old.sha256 != new.sha256:
            self.notes.append(
                f"Recorded with {old.name} {old.version}, replayed with {new.name} {new.version}."
            )

    def verdict(self, finals: list[SegmentMessage]) -> str:
        """Whether these are the final segments of then."""
        now, then = [_content(each) for each in finals], [_content(each) for each in self.finals]
        if now == then:
            return f"The same {len(then)} final segments as recorded."
        same = sum(each in now for each in then)
        if self.session.cut:
            return f"{same} of the {len(then)} final segments before the cut came again."
        return f"{len(then)} final segments were recorded, {len(now)} came now; {same} are equal."

    def _take(self, message: ClientMessage | Message) -> None:
        match message:
            case Welcome():
                self.welcome = message
            case Configure():
                self._questions.append(message)
            case Dropped() if message.reason in NOT_TAKEN:
                self._left_out.update(range(message.first_seq, message.last_seq + 1))

    def _note(self, answers: list[Configured]) -> None:
        asked = [each for each in answers if each.cause == "configure"]
        if len(asked) == len(self._questions):
            pairs = zip(self._questions, asked, strict=True)
            self._questions = [_pinned(question, answer) for question, answer in pairs]
        if any(each.cause == "descriptions" for each in answers):
            self.notes.append("A language model described the labels then, and does not now.")
        if self.session.cut:
            self.notes.append("The recording was cut: its end is missing.")
        if self.session.dropped:
            self.notes.append(f"{self.session.dropped} messages were not recorded: a slow disk.")

    def _check(self) -> None:
        frames = any(isinstance(step, Pose | Image) for _, step in self.steps())
        if frames and self._questions:
            return
        path = self.session.path
        if self.kind == "video" and not self.session.head.frames:
            raise BadRecording(
                f"{path} has no camera images: they are kept if record.frames is on. "
                "Without them there is nothing to replay."
            )
        missing = "configure" if frames else "frames"
        raise BadRecording(f"{path} holds no {missing}: there is nothing to replay.")


def _pinned(question: Configure, answer: Configured) -> Configure:
    """The question with the server's part of its answer in it."""
    if question.prompts is None:
        question = msgspec.structs.replace(
            question, instruction=None, steps=answer.labels, mode=answer.mode
        )
    if question.horizon_s is None and answer.horizon_s:
        question = msgspec.structs.replace(question, horizon_s=answer.horizon_s)
    return question


def _content(segment: SegmentMessage) -> tuple[str, int, float, float, float]:
    return segment.label, segment.index, segment.start_s, segment.end_s, segment.score
