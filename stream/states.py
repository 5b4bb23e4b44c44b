"""The states of a session, what is allowed in each, and what a session may ask for. Data only."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engines.errors import LivegroundError
from stream.jobs import Job
from stream.messages import Message
from stream.video_jobs import VideoJob


class State(enum.Enum):
    """Where a session stands."""

    NEW = "new"
    READY = "ready"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[State, Mapping[str, State]]] = MappingProxyType(
    {
        State.NEW: {"hello": State.READY},
        State.READY: {
            "configure": State.RUNNING,
            "enrol": State.READY,
            "ping": State.READY,
            "pong": State.READY,
            "bye": State.CLOSING,
            "drain": State.CLOSING,
        },
        State.RUNNING: {
            "configure": State.RUNNING,
            "enrol": State.RUNNING,
            "pose": State.RUNNING,
            "image": State.RUNNING,
            "ping": State.RUNNING,
            "pong": State.RUNNING,
            "bye": State.CLOSING,
            "drain": State.CLOSING,
            "unconfigured": State.READY,
        },
        State.CLOSING: {
            "pose": State.CLOSING,
            "image": State.CLOSING,
            "ping": State.CLOSING,
            "pong": State.CLOSING,
            "finished": State.CLOSED,
        },
        State.CLOSED: {},
    }
)
"""State -> message or event -> next state; what is not listed is refused.

`drain`: the server stops. `unconfigured`: the engine refused the first configuration. `finished`:
all results are there. A fatal error or a lost connection leads to CLOSED from anywhere.
"""


@dataclass(frozen=True, slots=True)
class Send:
    """Put this message into the client's outbox."""

    message: Message


@dataclass(frozen=True, slots=True)
class Report:
    """Send `stats()` as it is then: labels before it may still give way in the outbox."""


@dataclass(frozen=True, slots=True)
class Infer:
    """Give this job to the model; jobs keep their order."""

    job: Job


@dataclass(frozen=True, slots=True)
class See:
    """Give this job to the video model."""

    job: VideoJob


@dataclass(frozen=True, slots=True)
class Partition:
    """Ask the language model for the steps of an instruction; `partitioned` takes its answer."""

    question: int
    instruction: str


@dataclass(frozen=True, slots=True)
class Expand:
    """Ask the language model about labels: what the limbs do, or, of video prompts, what is verb
    and object; `described` takes its answer."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection when everything before has been sent."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lose:
    """End the connection with this error; the session waits for its client."""

    error: LivegroundError


Action = Send | Report | Infer | See | Partition | Expand | Close | Lose
