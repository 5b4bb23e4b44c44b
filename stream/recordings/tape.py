"""What a session's recording is told, and the recording of a session that is not recorded. Pure."""

from typing import Final, Protocol

from stream.messages import Message


class Picture(Protocol):
    """A camera's picture that is no file yet."""

    def size_px(self) -> tuple[int, int]:
        """Width and height. Raises ImageError if there is no picture."""

    def jpeg(self) -> bytes:
        """As a JPEG file; asked on the recorder's thread. Raises ImageError."""


class Recording(Protocol):
    """Takes what either side says; costs microseconds and raises nothing."""

    def heard(self, message: Message) -> None:
        """The client has sent this."""

    def said(self, message: Message) -> None:
        """The server has sent this."""

    def saw(self, seq: int, time_s: float, picture: Picture) -> None:
        """The client's camera has shown this."""

    def close(self) -> None:
        """The session has ended."""


class _Nothing:
    def heard(self, message: Message) -> None:
        return None

    def said(self, message: Message) -> None:
        return None

    def saw(self, seq: int, time_s: float, picture: Picture) -> None:
        return None

    def close(self) -> None:
        return None


NOTHING: Final[Recording] = _Nothing()
