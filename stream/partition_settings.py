"""Settings of the language model: the table `[partition]` of `stream.config`."""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from stream.errors import ConfigError


class PartitionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A language model that splits instructions and describes labels; off while `url` is empty."""

    url: Annotated[
        str, Meta(description="Base of an OpenAI-compatible API: `http://127.0.0.1:8000/v1`.")
    ] = ""
    model: Annotated[str, Meta(description="Model's name there.")] = ""
    api_key_env: Annotated[
        str, Meta(description="Environment variable that holds the key; none without keys.")
    ] = ""
    timeout_s: Annotated[
        float,
        Meta(gt=0, le=60, description="Then grammar or dictionary take over; a retry is included."),
    ] = 8.0
    describe: Annotated[
        bool,
        Meta(
            description="Ask what the limbs do in each label, and for verb and object of video "
            "prompts; else dictionary and grammar say it."
        ),
    ] = True
    cache_folder: Annotated[
        str,
        Meta(description="Folder of answers; else `liveground/partition` in the user's cache."),
    ] = ""

    def __post_init__(self) -> None:
        if not self.url:
            return
        if not self.model:
            raise ConfigError("partition.url is set and partition.model is not. Name the model.")
        try:
            parts = urlsplit(self.url)
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if not sound or parts.username or parts.password or parts.query or parts.fragment:
            raise ConfigError(
                "partition.url is no base of an HTTP API. Expected http(s)://host:port/path "
                "without user, password and query; a key goes through partition.api_key_env."
            )
