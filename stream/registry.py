"""Sessions by resume token: with a connection, or kept for a while without one. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Entry(Generic[T]):
    kept: T
    expires_s: float | None = None


class Registry(Generic[T]):
    """At most `max_detached` sessions wait for their client; then the longest waiting one ends."""

    def __init__(self, *, keep_s: float, max_detached: int) -> None:
        self._keep_s = keep_s
        self._max_detached = max_detached
        self._entries: dict[str, _Entry[T]] = {}

    def add(self, token: str, kept: T) -> None:
        """A session with a connection."""
        self._entries[token] = _Entry(kept)

    def find(self, token: str, now_s: float) -> T | None:
        """The session of this token; None when there is none (any more)."""
        entry = self._entries.get(token)
        if entry is None or (entry.expires_s is not None and entry.expires_s <= now_s):
            return None
        return entry.kept

    def attach(self, token: str) -> None:
        """Its client is back."""
        self._entries[token].expires_s = None

    def detach(self, token: str, now_s: float) -> list[T]:
        """Its connection is lost; return the sessions that have to end for it."""
        self._entries[token].expires_s = now_s + self._keep_s
        self._entries[token] = self._entries.pop(token)
        waiting = [t for t, entry in self._entries.items() if entry.expires_s is not None]
        return [self._entries.pop(t).kept for t in waiting[: len(waiting) - self._max_detached]]

    def remove(self, token: str) -> None:
        """The session has ended."""
        self._entries.pop(token, None)

    def expire(self, now_s: float) -> list[T]:
        """Forget and return the sessions whose time is over."""
        over = [
            token
            for token, entry in self._entries.items()
            if entry.expires_s is not None and entry.expires_s <= now_s
        ]
        return [self._entries.pop(token).kept for token in over]

    def clear(self) -> list[T]:
        """Forget and return all sessions."""
        kept = [entry.kept for entry in self._entries.values()]
        self._entries.clear()
        return kept

    def __iter__(self) -> Iterator[T]:
        """All sessions, with a connection or without."""
        return (entry.kept for entry in self._entries.values())

    @property
    def detached(self) -> int:
        """Sessions without a connection."""
        return sum(entry.expires_s is not None for entry in self._entries.values())
