"""Every message of the wire protocol, version 1: one frozen struct each, units in the field names.

`python -m stream.protocol_docs` generates `docs/protocol.md` and `docs/schemas/` from here; a test
fails when they drift. Field docs are the string below each field. Data only; no I/O.
"""

from typing import Final

from stream.client_messages import Configure, Enrol, Hello, Pose
from stream.server_messages import (
    Configured,
    Dropped,
    Enrolled,
    ErrorMessage,
    GoingAway,
    Label,
    Limits,
    Model,
    Notice,
    SegmentMessage,
    Skeleton,
    Stats,
    Welcome,
)
from stream.video_messages import Heat, Heatmap, Image, Peak, VideoModel
from stream.wire import Bye, Message, Ping, Pong

__all__ = [
    "PROTOCOL_VERSION",
    "SUBPROTOCOL_JSON",
    "SUBPROTOCOL_MSGPACK",
    "Bye",
    "ClientMessage",
    "Configure",
    "Configured",
    "Dropped",
    "Enrol",
    "Enrolled",
    "ErrorMessage",
    "GoingAway",
    "Heat",
    "Heatmap",
    "Hello",
    "Image",
    "Label",
    "Limits",
    "Message",
    "Model",
    "Notice",
    "Peak",
    "Ping",
    "Pong",
    "Pose",
    "SegmentMessage",
    "ServerMessage",
    "Skeleton",
    "Stats",
    "VideoModel",
    "Welcome",
]

PROTOCOL_VERSION: Final = 1
SUBPROTOCOL_JSON: Final = "liveground.v1.json"
SUBPROTOCOL_MSGPACK: Final = "liveground.v1.msgpack"

ClientMessage = Hello | Configure | Enrol | Pose | Image | Ping | Pong | Bye
ServerMessage = (
    Welcome
    | Configured
    | Enrolled
    | Label
    | SegmentMessage
    | Heatmap
    | Dropped
    | Notice
    | Stats
    | ErrorMessage
    | Ping
    | Pong
    | GoingAway
    | Bye
)
