"""The settings of recordings; a table of `stream.config.Config`."""

from typing import Annotated

import msgspec
from msgspec import Meta


class RecordSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recordings of sessions, one MCAP file each; off while `folder` is empty."""

    folder: Annotated[
        str, Meta(description="Folder of the recordings. Clients are told in `welcome.recording`.")
    ] = ""
    frames: Annotated[
        bool, Meta(description="Keep camera images too: 0.3 to 2.5 MB a second of a camera.")
    ] = False
