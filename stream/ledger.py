"""Accounting of one session's input frames. Pure.

Every frame has one outcome. At every moment between calls:
received = processed + dropped + errored + pending, and nothing is pending at the end.
"""

from collections import Counter, deque
from typing import Literal

from stream.jobs import Mark
from stream.messages import Dropped

DropReason = Literal["late", "duplicate", "rate", "busy", "cut"]


class Ledger:
    """Counts frames by outcome and remembers those that have none yet."""

    def __init__(self) -> None:
        self.received = 0
        self.processed = 0
        self.errored = 0
        self.dropped: Counter[str] = Counter()
        self.last_seq = -1
        self._pending: deque[Mark] = deque()

    @property
    def pending(self) -> int:
        """Frames received whose outcome is not known yet."""
        return len(self._pending)

    @property
    def balanced(self) -> bool:
        """The accounting identity."""
        outcomes = self.processed + self.dropped.total() + self.errored + self.pending
        return self.received == outcomes

    @property
    def outcomes(self) -> dict[str, int]:
        """Frames by outcome, for the server's metrics."""
        by_reason = {f"dropped_{reason}": count for reason, count in self.dropped.items()}
        return {
            "received": self.received,
            "processed": self.processed,
            "errored": self.errored,
            **by_reason,
        }

    def refuse(self, seq: int) -> None:
        """A frame came and is answered with an error."""
        self._receive(seq)
        self.errored += 1

    def drop(self, seq: int, reason: DropReason) -> Dropped:
        """A frame came and is not used."""
        self._receive(seq)
        return self._dropped(reason, [seq])

    def take(self, seq: int) -> Mark:
        """A frame came and is used; its outcome follows."""
        mark = Mark(self._receive(seq), seq)
        self._pending.append(mark)
        return mark

    def settle(self, mark: Mark) -> int:
        """This frame and all before it are taken into account; returns how many had no outcome."""
        settled = self._take_until(mark)
        self.processed += settled
        return settled

    def fail(self, mark: Mark) -> int:
        """This frame and those before it met an error; returns how many had no outcome."""
        failed = self._take_until(mark)
        self.errored += failed
        return failed

    def spoil(self, mark: Mark) -> bool:
        """This frame alone met an error; returns whether it had no outcome."""
        if mark not in self._pending:
            return False
        self._pending.remove(mark)
        self.errored += 1
        return True

    def displace(self, mark: Mark, reason: DropReason) -> Dropped:
        """This frame alone, which has no outcome yet, will not be used."""
        self._pending.remove(mark)
        return self._dropped(reason, [mark.seq])

    def cut(self, after: Mark | None) -> list[Dropped]:
        """Pending frames newer than this one (None: all) will never be used.

        One message for each run of adjacent frame numbers, so that it says exactly which.
        """
        cut: deque[int] = deque()
        while self._pending and (after is None or self._pending[-1].ordinal > after.ordinal):
            cut.appendleft(self._pending.pop().seq)
        runs: list[list[int]] = []
        for seq in cut:
            if runs and seq == runs[-1][-1] + 1:
                runs[-1].append(seq)
            else:
                runs.append([seq])
        return [self._dropped("cut", run) for run in runs]

    def _receive(self, seq: int) -> int:
        self.received += 1
        self.last_seq = max(self.last_seq, seq)
        return self.received

    def _dropped(self, reason: DropReason, seqs: list[int]) -> Dropped:
        self.dropped[reason] += len(seqs)
        return Dropped(reason=reason, first_seq=seqs[0], last_seq=seqs[-1], count=len(seqs))

    def _take_until(self, mark: Mark) -> int:
        before = len(self._pending)
        while self._pending and self._pending[0].ordinal <= mark.ordinal:
            self._pending.popleft()
        return before - len(self._pending)
