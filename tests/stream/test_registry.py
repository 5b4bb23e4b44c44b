"""Kept sessions: by token, for a time, and not too many."""

from stream.registry import Registry


def registry() -> Registry[str]:
    return Registry(keep_s=10.0, max_detached=2)


def test_a_session_is_found_until_its_time_is_over() -> None:
    """Attached sessions have no time; detached ones do."""
    kept = registry()
    kept.add("t", "session")
    assert kept.find("t", 1e9) == "session"
    assert kept.detach("t", 100.0) == []
    assert kept.find("t", 109.9) == "session"
    assert kept.find("t", 110.0) is None
    assert kept.expire(109.9) == []
    assert kept.expire(110.0) == ["session"]
    assert kept.find("t", 100.0) is None


def test_a_session_that_is_attached_again_does_not_expire() -> None:
    """Its time starts anew with the next loss."""
    kept = registry()
    kept.add("t", "session")
    kept.detach("t", 0.0)
    kept.attach("t")
    assert kept.expire(1e9) == []
    assert kept.detached == 0


def test_the_longest_waiting_makes_room() -> None:
    """Only detached sessions count, and the one that waited longest ends."""
    kept = registry()
    for name in "abcd":
        kept.add(name, name)
    assert kept.detach("b", 0.0) == []
    assert kept.detach("a", 1.0) == []
    assert kept.detach("c", 2.0) == ["b"]
    assert kept.detached == 2
    assert set(kept) == {"a", "c", "d"}
    assert kept.find("d", 2.0) == "d"
    assert sorted(kept.clear()) == ["a", "c", "d"]


def test_an_unknown_token_is_nobody() -> None:
    """Guessing gives nothing, removing twice is no error."""
    kept = registry()
    assert kept.find("guess", 0.0) is None
    kept.remove("guess")
