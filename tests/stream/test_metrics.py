"""Metrics: names with units, values asked for when scraped, one registry a server."""

from prometheus_client.parser import text_string_to_metric_families

from stream.metrics import Metrics


def values(metrics: Metrics) -> dict[str, float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in families
        for sample in family.samples
    }


def test_frames_are_read_when_asked() -> None:
    """Nothing is counted twice: the books are the source."""
    frames = {"received": 1}
    metrics = Metrics(lambda: frames)
    assert values(metrics)["liveground_frames_total['received']"] == 1
    frames["received"] = 5
    assert values(metrics)["liveground_frames_total['received']"] == 5


def test_gauges_follow_what_they_watch() -> None:
    """Connections, kept sessions and the queue."""
    metrics = Metrics(dict)
    metrics.watch(connections=lambda: 3, detached=lambda: 2, queue=lambda: 1)
    found = values(metrics)
    assert found["liveground_connections[]"] == 3
    assert found["liveground_detached_sessions[]"] == 2
    assert found["liveground_waiting_sessions[]"] == 1


def test_turns_are_counted_by_sessions_and_time() -> None:
    """Batch sizes and durations, as histograms in seconds."""
    metrics = Metrics(dict)
    metrics.observe_turn(32, 0.004)
    metrics.observe_turn(1, 0.002)
    found = values(metrics)
    assert found["liveground_turn_sessions_sum[]"] == 33
    assert found["liveground_turn_seconds_count[]"] == 2
    assert found["liveground_turn_seconds_bucket['0.002']"] == 1


def test_two_servers_do_not_share_counts() -> None:
    """Several can live in one process."""
    one, other = Metrics(dict), Metrics(dict)
    one.model_restarts.inc()
    assert values(one)["liveground_model_restarts_total[]"] == 1
    assert values(other)["liveground_model_restarts_total[]"] == 0
