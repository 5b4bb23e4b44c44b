"""Prometheus metrics of one server. Names end in their unit; written by the event loop only."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

AGE_BUCKETS_S = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 5.0)
TURN_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
SESSION_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """One registry a server, so that several servers can live in one process."""

    def __init__(self, frames: Callable[[], Mapping[str, int]]) -> None:
        """`frames` gives all input frames so far by outcome, when metrics are asked for."""
        self.registry = CollectorRegistry()
        self.registry.register(_Frames(frames))
        self._sessions()
        self._models()
        self._language_model()

    def _sessions(self) -> None:
        gauge = partial(Gauge, registry=self.registry)
        counter = partial(Counter, registry=self.registry)
        age = partial(Histogram, buckets=AGE_BUCKETS_S, registry=self.registry)
        self._connections = gauge("liveground_connections", "Open connections.")
        self._detached = gauge("liveground_detached_sessions", "Sessions kept for a resume.")
        self._queue = gauge("liveground_waiting_sessions", "Sessions with jobs for the model.")
        self.refused = counter(
            "liveground_refused_connections",
            "Connections refused before the upgrade, by reason.",
            ["reason"],
        )
        self.errors = counter("liveground_errors", "Errors sent, by code.", ["code"])
        self.records = counter(
            "liveground_records",
            "Messages for recordings, by outcome: written; dropped, for the disk was full or slow.",
            ["outcome"],
        )
        self.labels_skipped = counter("liveground_labels_skipped", "Labels replaced by newer ones.")
        self.label_age = age(
            "liveground_label_age_seconds", "Capture to sending, look-ahead included."
        )
        self.heatmap_age = age(
            "liveground_heatmap_age_seconds", "Capture of the frame to sending of its heatmap."
        )

    def _models(self) -> None:
        histogram = partial(Histogram, registry=self.registry)
        self.turn_sessions = histogram(
            "liveground_turn_sessions",
            "Sessions in one turn of the model.",
            buckets=SESSION_BUCKETS,
        )
        self.turn_s = histogram(
            "liveground_turn_seconds",
            "One turn of the model: encoding, masks and read-out of all its sessions.",
            buckets=TURN_BUCKETS_S,
        )
        self.key_sessions = histogram(
            "liveground_key_frame_sessions",
            "Sessions whose key frames went through the video model in one call.",
            buckets=SESSION_BUCKETS,
        )
        self.key_s = histogram(
            "liveground_key_frame_seconds", "One call of the video model.", buckets=AGE_BUCKETS_S
        )
        self.model_restarts = Counter(
            "liveground_model_restarts", "Deaths of the model's thread.", registry=self.registry
        )
        self.loop_lag = histogram(
            "liveground_loop_lag_seconds",
            "How late the event loop runs a timer.",
            buckets=TURN_BUCKETS_S,
        )

    def _language_model(self) -> None:
        counter = partial(Counter, registry=self.registry)
        self.partitions = counter(
            "liveground_partitions",
            "Instructions for the language model, by outcome; all but answered and cached were "
            "split by the grammar.",
            ["outcome"],
        )
        self.descriptions = counter(
            "liveground_descriptions",
            "Labels for the language model to describe, by outcome; all but answered and cached "
            "were left to the dictionary.",
            ["outcome"],
        )
        self.decompositions = counter(
            "liveground_decompositions",
            "Video prompts for the language model to take apart, by outcome; all but answered and "
            "cached were left to the grammar.",
            ["outcome"],
        )
        self._answers = {
            "partition": self.partitions,
            "description": self.descriptions,
            "decomposition": self.decompositions,
        }

    def watch(
        self,
        *,
        connections: Callable[[], int],
        detached: Callable[[], int],
        queue: Callable[[], int],
    ) -> None:
        """Take these values when metrics are asked for."""
        self._connections.set_function(connections)
        self._detached.set_function(detached)
        self._queue.set_function(queue)

    def observe_turn(self, sessions: int, seconds: float) -> None:
        """The model has run one turn."""
        self.turn_sessions.observe(sessions)
        self.turn_s.observe(seconds)

    def observe_key_frames(self, sessions: int, seconds: float) -> None:
        """The video model has run once."""
        self.key_sessions.observe(sessions)
        self.key_s.observe(seconds)

    def observe_answer(self, task: str, outcome: str) -> None:
        """The language model has answered a question of this kind, or has not."""
        self._answers[task].labels(outcome).inc()

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)


class _Frames(Collector):
    """Counted in the sessions' ledgers, read only when asked: nothing on the hot path."""

    def __init__(self, frames: Callable[[], Mapping[str, int]]) -> None:
        self._frames = frames

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "liveground_frames", "Input frames, by outcome.", labels=["outcome"]
        )
        for outcome, count in self._frames().items():
            family.add_metric([outcome], count)
        yield family
