"""How fast frames come and how old labels are: three small meters, told the time. Pure."""

from collections import deque
from typing import Final

AGE_SAMPLES: Final = 1200
"""Labels that the age percentiles speak of: one minute."""
RATE_SAMPLES: Final = 120
"""Frames that the input rate is taken over: two seconds at 60 Hz."""
OFFSET_PERIOD_S: Final = 30.0
"""The fastest frame of the last one to two periods is the reference; clocks drift 1 ms in that
time."""
BURST_S: Final = 2.0
"""A network that stalls this long delivers all of it at once; that is no excess of rate."""


class RateLimit:
    """A token bucket: `rate_hz` on average, bursts of `BURST_S` seconds' worth."""

    def __init__(self, rate_hz: float, now_s: float) -> None:
        self._rate_hz = rate_hz
        self._tokens = self._full = rate_hz * BURST_S
        self._at_s = now_s

    def admits(self, now_s: float) -> bool:
        """Take one token if there is one."""
        self._tokens = min(self._full, self._tokens + (now_s - self._at_s) * self._rate_hz)
        self._at_s = now_s
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class AgeMeter:
    """Ages of labels, without a shared clock.

    The client's clock is compared with ours at every frame; the smallest difference seen lately is
    taken as no delay at all, so ages are relative to the fastest frame.
    """

    def __init__(self) -> None:
        self._offset_s = [float("inf"), float("inf")]
        self._since_s: float | None = None
        self._ages_ms: deque[float] = deque(maxlen=AGE_SAMPLES)

    def observe(self, time_s: float, now_s: float) -> None:
        """A frame captured at `time_s` (client's clock) arrived at `now_s` (ours)."""
        if self._since_s is None or now_s - self._since_s > OFFSET_PERIOD_S:
            self._offset_s = [float("inf"), self._offset_s[0]]
            self._since_s = now_s
        self._offset_s[0] = min(self._offset_s[0], now_s - time_s)

    def forget_clock(self) -> None:
        """The client's clock was set anew."""
        self._offset_s = [float("inf"), float("inf")]

    def age_ms(self, time_s: float, now_s: float) -> float:
        """Age at `now_s` of a label that speaks of `time_s`; it enters the percentiles."""
        age_ms = max(0.0, (now_s - time_s - min(self._offset_s)) * 1e3)
        self._ages_ms.append(age_ms)
        return age_ms

    def percentile_ms(self, share: float) -> float:
        """Percentile of the recent ages, `share` in 0..1; 0 without labels."""
        if not self._ages_ms:
            return 0.0
        ordered = sorted(self._ages_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class RateMeter:
    """Frames a second by their capture times, so that bursts of the network do not show."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque(maxlen=RATE_SAMPLES)

    def add(self, time_s: float) -> None:
        """A frame, later than the one before."""
        self._times_s.append(time_s)

    def restart(self) -> None:
        """A pause or another clock: rates are not taken across it."""
        self._times_s.clear()

    @property
    def rate_hz(self) -> float:
        """0 before the second frame."""
        if len(self._times_s) < 2:
            return 0.0
        return (len(self._times_s) - 1) / (self._times_s[-1] - self._times_s[0])
