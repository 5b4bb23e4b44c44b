"""Settings of WebRTC: from every source, and what is refused."""

from pathlib import Path

import pytest

from stream.config import Config, load
from stream.errors import ConfigError
from stream.webrtc_settings import WebRtcSettings

SERVERS = ("turn:turn.example:3478?transport=udp", "stun:stun.example:3478")


def test_no_server_is_asked_by_default() -> None:
    """Nothing leaves an isolated network."""
    assert Config().webrtc.ice_servers == ()


def test_from_a_file_and_the_environment(tmp_path: Path) -> None:
    """Several servers: a list in TOML, commas in the environment, which wins."""
    file = tmp_path / "settings.toml"
    file.write_text(f'[webrtc]\nice_servers = ["{SERVERS[0]}"]\nidle_s = 3\n')
    environ = {"LIVEGROUND_WEBRTC_ICE_SERVERS": ", ".join(SERVERS)}
    assert load(file, {}).webrtc == WebRtcSettings(ice_servers=SERVERS[:1], idle_s=3.0)
    assert load(file, environ).webrtc == WebRtcSettings(ice_servers=SERVERS, idle_s=3.0)


@pytest.mark.parametrize(
    "url",
    [
        "turn.example:3478",
        "http://turn.example",
        "turn:",
        "",
        "turn:turn.example?transport=sctp",
        "turn:user:password@turn.example",
        "turn://turn.example",
        "stun:stun.example?transport=udp",
        "stun:stun.example:port",
    ],
)
def test_what_is_no_ice_server(url: str) -> None:
    """Refused at the start, with what is expected."""
    with pytest.raises(ConfigError, match="turn:HOST:PORT"):
        WebRtcSettings(ice_servers=(url,))
