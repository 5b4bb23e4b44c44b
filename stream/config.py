"""Every setting and every limit of the server, with its unit and its reason, read once at the
start.

Sources, the later one wins: defaults, a TOML file, environment (`LIVEGROUND_` and the name in
capitals), flags. `docs/operations.md` has the table of this file; a test fails when they drift.
"""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from stream.errors import ConfigError
from stream.partition_settings import PartitionSettings
from stream.recordings.settings import RecordSettings
from stream.webrtc_settings import WebRtcSettings

PREFIX: Final = "LIVEGROUND_"
FILE_VARIABLE: Final = "LIVEGROUND_CONFIG"
LISTS: Final = ("allowed_origins", "webrtc.ice_servers")
"""Settings of several values: with commas between them in the environment."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings; raises ConfigError when they are not safe together. Each carries its reason."""

    host: Annotated[
        str,
        Meta(min_length=1, description="Address to listen on. Beyond loopback a token is needed."),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="TCP port; 0 takes a free one.")] = 8765
    token: (
        Annotated[
            str, Meta(min_length=16, description="Secret that clients must send; none on loopback.")
        ]
        | None
    ) = None
    allowed_origins: Annotated[
        tuple[str, ...],
        Meta(description="Web pages (`https://host:port`) that may connect, besides local ones."),
    ] = ()
    model: Annotated[str, Meta(min_length=1, description="Motion model: name or folder.")] = (
        "bundled"
    )
    threads: Annotated[
        int, Meta(ge=1, le=64, description="Threads of one model call; sessions share one batch.")
    ] = 1
    max_sessions: Annotated[
        int, Meta(ge=1, le=10_000, description="Connections at a time; see docs/benchmarks.md.")
    ] = 64
    max_message_bytes: Annotated[
        int,
        Meta(
            ge=4096,
            le=16 * 1024 * 1024,
            description="One message: holds `max_prompts` long texts; a pose needs 2 kB at most.",
        ),
    ] = 256 * 1024
    max_rate_hz: Annotated[
        float, Meta(ge=20, le=2000, description="Poses a second: the fastest rigs, and a quarter.")
    ] = 300.0
    max_prompts: Annotated[
        int, Meta(ge=1, le=256, description="Steps or prompts: the masks' cost grows with them.")
    ] = 64
    max_text_chars: Annotated[
        int, Meta(ge=20, le=2000, description="One text: the text encoder reads about 500.")
    ] = 1000
    horizon_s: (
        Annotated[
            float,
            Meta(
                ge=0.5,
                le=20,
                description="Age at which a segment becomes final where the client does not say. "
                "Without it 10 for a script, 2.5 watching.",
            ),
        ]
        | None
    ) = None
    max_horizon_s: Annotated[
        float, Meta(ge=0.5, le=20, description="Largest horizon and look-ahead: bounds the window.")
    ] = 20.0
    max_backlog_s: Annotated[
        float,
        Meta(ge=0.5, le=60, description="Motion that may wait for the model before `busy` drops."),
    ] = 5.0
    max_waiting_configures: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="Configurations and examples not yet answered: each costs a pass.",
        ),
    ] = 4
    max_examples: Annotated[
        int,
        Meta(
            ge=0, le=256, description="Examples of one session, of all names: 2 kB each; 0: none."
        ),
    ] = 64
    max_example_s: Annotated[
        float, Meta(ge=0.5, le=20, description="Longest example: one action, not a whole routine.")
    ] = 10.0
    video_model: Annotated[
        str,
        Meta(
            description="Video model: name or folder; `default` is what `liveground models` says; "
            "empty for a server without video."
        ),
    ] = "default"
    video_gpu: Annotated[
        bool,
        Meta(
            description="Run the video model on an NVIDIA GPU, with the extra `gpu`; without one "
            "the server does not start."
        ),
    ] = False
    max_image_px: Annotated[
        int,
        Meta(
            ge=4096,
            le=64_000_000,
            description="Width times height of one image, read before it is decoded: full HD.",
        ),
    ] = 1920 * 1088
    max_control_messages: Annotated[
        int, Meta(ge=32, le=100_000, description="Unsent messages before a client is cut as slow.")
    ] = 256
    max_waiting_labels: Annotated[
        int, Meta(ge=1, le=10_000, description="Unsent labels; then the newest wins (20 a second).")
    ] = 100
    hello_s: Annotated[
        float, Meta(gt=0, le=600, description="Time to say hello: silent connections hold a place.")
    ] = 5.0
    idle_s: Annotated[
        float, Meta(gt=0, le=86_400, description="Silence, pings unanswered, before the cut.")
    ] = 60.0
    resume_s: Annotated[
        float, Meta(ge=0, le=3600, description="How long a lost connection's session is kept.")
    ] = 60.0
    stats_s: Annotated[float, Meta(gt=0, le=3600, description="Time between `stats` messages.")] = (
        5.0
    )
    linger_s: Annotated[
        float, Meta(gt=0, le=60, description="Time that the last messages have to be read.")
    ] = 5.0
    drain_s: Annotated[
        float,
        Meta(ge=0, le=3600, description="Time of a graceful stop, until connections are cut."),
    ] = 10.0
    partition: PartitionSettings = PartitionSettings()
    webrtc: WebRtcSettings = WebRtcSettings()
    record: RecordSettings = RecordSettings()

    def __post_init__(self) -> None:
        if not self.loopback and self.token is None:
            raise ConfigError(
                f"host {self.host!r} can be reached from other machines, and there is no token. "
                f"Set {PREFIX}TOKEN (at least 16 characters), or listen on 127.0.0.1."
            )
        if self.horizon_s is not None and self.horizon_s > self.max_horizon_s:
            raise ConfigError(
                f"horizon_s is {self.horizon_s:g}, above max_horizon_s, {self.max_horizon_s:g}. "
                "Lower the one or raise the other."
            )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address certainly means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def load(
    path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    **flags: Any,
) -> Config:
    """Read the settings from all sources; flags that are None count as not given.

    Raises ConfigError, naming the setting and where it came from.
    """
    if path is None and FILE_VARIABLE in environ:
        path = Path(environ[FILE_VARIABLE])
    settings: dict[str, Any] = {}
    origin: dict[str, str] = {}
    given = {name: value for name, value in flags.items() if value is not None}
    for source, values in (
        (str(path), _from_file(path)),
        ("environment", _from_environment(environ)),
        ("flags", given),
    ):
        flat = _flat(values)
        settings |= flat
        origin |= dict.fromkeys(flat, source)
    for name in LISTS:
        if isinstance(settings.get(name), str):
            items = settings[name].split(",")
            settings[name] = [item.strip() for item in items if item.strip()]
    try:
        return msgspec.convert(_nested(settings), Config, strict=False)
    except msgspec.ValidationError as fault:
        raise ConfigError(_explain(fault, origin)) from None


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a table under `table.name`: each has its own source."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        inner = value.items() if isinstance(value, dict) else ()
        flat |= {f"{name}.{key}": each for key, each in inner} if inner else {name: value}
    return flat


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for name, value in flat.items():
        table, dot, key = name.partition(".")
        if not dot:
            settings[name] = value
        elif isinstance(settings.setdefault(table, {}), dict):
            settings[table][key] = value
    return settings


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text())
    except OSError as fault:
        raise ConfigError(f"The settings file {path} cannot be read: {fault.strerror}.") from fault
    except ValueError as fault:
        raise ConfigError(f"The settings file {path} is no valid TOML: {fault}.") from fault


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    variables = {name: PREFIX + name.upper().replace(".", "_") for name in _names()}
    return {name: environ[key] for name, key in variables.items() if key in environ}


def _names() -> list[str]:
    tables = {"partition": PartitionSettings, "webrtc": WebRtcSettings, "record": RecordSettings}
    plain = [name for name in Config.__struct_fields__ if name not in tables]
    inner = [f"{name}.{key}" for name, table in tables.items() for key in table.__struct_fields__]
    return plain + inner


def _explain(fault: msgspec.ValidationError, origin: Mapping[str, str]) -> str:
    text = str(fault)
    known = ", ".join(_names())
    for name, source in origin.items():
        if f"$.{name}" in text:
            return f"Setting {name} ({source}): {text}."
        if any(f"`{part}`" in text for part in name.split(".")):
            return f"There is no setting {name!r} ({source}). Known: {known}."
    return f"Settings: {text}."
