"""Write docs/operations.md: `python -m stream.operations_docs`.

Settings and metrics come from the code. A test fails when the file differs from what this writes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from stream.config import PREFIX, Config
from stream.metrics import Metrics
from stream.partition_settings import PartitionSettings
from stream.recordings.settings import RecordSettings
from stream.webrtc_settings import WebRtcSettings

DOCS: Final = Path(__file__).parents[1] / "docs"

_UNITS: Final = {"s": "seconds", "hz": "per second", "bytes": "bytes", "chars": "characters"}

_HEAD: Final = """\
# Operations

Written by `python -m stream.operations_docs` from the code: change it there.

```
liveground serve                               # this machine only: ws://127.0.0.1:8765/v1/stream
LIVEGROUND_TOKEN=$(openssl rand -hex 24) liveground serve --host 0.0.0.0
```

One process serves all sessions: an event loop for the connections, a thread for motion and one for
new configurations and examples. Start
one process per machine, or several behind a load balancer that keeps a client on its server (a
session can only be resumed where it began).

## Settings

The later source wins: default, TOML file (`--config FILE` or `LIVEGROUND_CONFIG`), environment
(`LIVEGROUND_` and the name in capitals), flag. A setting that is unknown, out of range or unsafe
stops the start and is named with its source.
"""

_IN_ENVIRONMENT: Final = f"""\
In the environment: `{PREFIX}MAX_SESSIONS=16`. Settings of a table carry its name:
`{PREFIX}PARTITION_URL`. No setting of the server alone: `{PREFIX}MODELS`, the folder of models
that were added ([models.md](models.md)).
"""

_DOOR: Final = """\
## Who may connect

- **Address.** Loopback unless told otherwise; any other address needs a token of 16 characters or
  more. Traffic is not encrypted here: on a network that is not yours, put a TLS proxy in front
  and let the server listen on loopback (and set the token all the same).
- **Token.** `Authorization: Bearer ...` on the upgrade request (a wrong one: HTTP 401), or
  `hello.token` for browsers, which cannot set headers (a wrong or missing one: error
  `unauthorized`, close 4003). It also guards `/metrics`.
- **Origin.** Browsers say which page connects. Local pages may, pages of an address that is the
  server's own may, others must be in `allowed_origins`; the rest gets HTTP 403. A page that merely
  shares the server's host *name* is not trusted: names can be made to point here (DNS rebinding).
  Programs send no origin and are let in.
- **Room.** Beyond `max_sessions` connections: HTTP 503 with `Retry-After` and the limit's value.
"""

_PARTITION: Final = """\
## A language model beside it

Three things can be asked of a language model. A client may send an `instruction` instead of steps:
the built-in grammar splits it. Labels are also looked for by what the limbs do: a built-in
dictionary of common verbs says that. And video prompts are also looked for by their verb and their
object: the grammar finds them. With a model named here, it is asked for all three. Any server of
OpenAI's chat completions will do that takes a JSON schema as `response_format` (vLLM, llama.cpp's
server, Ollama, hosted ones; `transformers serve` works too, but leaves the schema to the prompt).

```
[partition]
url = "http://127.0.0.1:8000/v1"
model = "Qwen/Qwen3-8B"
api_key_env = "MY_KEY"          # the variable that holds the key, not the key
```

- **Checked: steps.** 1 to 12 steps that say nothing the instruction does not, in its order, left
  and right as they were. Anything else, and a server that is slow, down or in error, makes the
  grammar split; the client gets `notice` with `partition_fallback` and the reason, and
  `liveground_partitions_total` counts it. The check knows English words.
- **Checked: descriptions.** 1 to 3 for a label, each of 8 to 200 characters, about parts of the
  body, left and right as in the label. Where there are none of use, the dictionary's stay; the
  client gets `notice` with `expansion_fallback`, and `liveground_descriptions_total` counts it.
  `describe = false` asks for none.
- **Checked: verb and object.** Words of the prompt, one of the two at least. Else the grammar's
  stay; the client gets `notice` with `decomposition_fallback`, and
  `liveground_decompositions_total` counts it. Where they are not the grammar's, the prompts are
  looked for anew under a new `configured`. `describe = false` asks for none.
- **Not waited for.** Frames are labelled by the configuration in force until the answer is there.
  A newer `configure` replaces one that waits (`notice` with `configure_replaced`); `bye` waits for
  it, a stop of the server does not. A recording sent faster than it was captured should wait for
  `configured`: the server keeps 20 s. Labels are in force without their descriptions; when these
  come, the kept window is labelled anew under a new `configured`, unless `bye` came first.
- **Asked once.** Answers are kept on disk, the newest 1000; the same instruction or label is not
  asked again. Remove the folder to forget them.
- **What leaves this machine.** Instructions and labels, never poses. The key comes from the
  environment and is not logged. Use `https` beyond this machine.
"""

_RECORD: Final = """\
## Recordings

Nothing is stored unless a folder is named. Then every session is recorded there, into one MCAP file
of its own: what the client sends and what it is told, and camera images if `frames` is on.

```
[record]
folder = "/var/lib/liveground"
```

- **Said.** `welcome.recording` tells every client; show it to the people who are recorded.
- **Private.** The folder is made for its owner only, and so are the files. Tokens and resume
  secrets are not in them; words, motion and images are. Nothing is deleted: see to it.
- **Beside the sessions.** One thread writes. What the disk does not take in time (64 MiB wait), or
  at all, is left out and counted: in the file and in `liveground_records_total`. No session waits.
- **Cut.** After a kill, at most the last 2 s are missing; what is there can be read and replayed.
  [recordings.md](recordings.md) has the format.
"""

_WEBRTC: Final = """\
## WebRTC

Cameras may come by WHIP, at `/v1/whip` of the same port; [webrtc.md](webrtc.md) has the requests.
Media go over UDP, to ports of the system's choice on all addresses of this machine.

```
[webrtc]
ice_servers = ["turn:turn.example:3478?transport=udp"]
ice_username = "liveground"
```

The password of the TURN server is told to clients that have the token: make one for this only.
"""

_HEALTH: Final = """\
## Health and metrics

`/healthz`: 200 while the process answers. `/readyz`: 200 once the model is loaded and has run, 503
before and during a stop, with the reason. `/metrics`: Prometheus text.
"""

_FAULTS: Final = """\
## What happens when

- **SIGTERM or SIGINT.** Refuses new clients (503), sends `going_away`, makes all segments final,
  sends `stats` and `bye`, closes with 1012; after `drain_s` it cuts what is left. A second
  signal shortens the wait.
- **A client vanishes.** Keep-alive pings find out within 40 s, over WebRTC silence within
  `webrtc.idle_s`. Its session is kept for `resume_s`: window, masks, timeline, prompts and
  examples.
- **A WebRTC peer never connects.** Its place is free again `webrtc.connect_s` after its offer.
- **A client resumes.** `hello.resume` takes the session up: `welcome.last_seq`, the
  configuration and the newest segments are told again. An older connection of that session ends
  with `replaced`.
- **A client does not read.** Labels beyond `max_waiting_labels` give way to newer ones
  (`labels_skipped`). Beyond `max_control_messages` other messages it is cut with `slow_client`;
  it may resume.
- **A client sends too fast.** Frames above `max_rate_hz` are `dropped` with `rate`. A flood is
  read in turns with the others.
- **The model is too slow.** Up to `max_backlog_s` of each session's motion waits; frames beyond
  are `dropped` with `busy`, and the other sessions are served.
- **The model's thread dies.** Another takes over and runs the interrupted jobs again, each
  session alone. A session whose jobs kill it again ends with `internal`. See
  `liveground_model_restarts_total`.
- **The language model is slow, down or wrong.** The grammar splits the instruction, the dictionary
  describes the labels, and the client gets `partition_fallback`, `expansion_fallback` or
  `decomposition_fallback`. No label and no heatmap waits.
- **A frame or configuration is bad.** It is answered with an error; the session goes on.

Logs name errors, never poses, texts or tokens.
"""


def page() -> str:
    """Return docs/operations.md."""
    parts = [_HEAD, _settings(Config), _IN_ENVIRONMENT, _DOOR, _PARTITION]
    parts += [_settings(PartitionSettings), _WEBRTC, _settings(WebRtcSettings)]
    parts += [_RECORD, _settings(RecordSettings)]
    return "\n".join([*parts, _HEALTH, _metrics(), _FAULTS])


def _settings(table: type[msgspec.Struct]) -> str:
    rows = [
        "| setting | default | unit | range | what and why |",
        "| --- | --- | --- | --- | --- |",
        *map(_setting, _fields(table)),
    ]
    return "\n".join(rows) + "\n"


def _fields(table: type[msgspec.Struct]) -> Iterator[types.Field]:
    info = types.type_info(table)
    assert isinstance(info, types.StructType)
    yield from (field for field in info.fields if not isinstance(field.type, types.StructType))


def _setting(field: types.Field) -> str:
    described, constraint = _described(field.type)
    unit = _UNITS.get(field.name.rsplit("_", 1)[-1], "")
    default = "none" if field.default in (None, (), "") else f"`{str(field.default).lower()}`"
    return f"| `{field.name}` | {default} | {unit} | {constraint} | {described} |"


def _described(kind: types.Type) -> tuple[str, str]:
    if isinstance(kind, types.UnionType):
        kind = next(each for each in kind.types if not isinstance(each, types.NoneType))
    described = ""
    if isinstance(kind, types.Metadata):
        described = str((kind.extra_json_schema or {}).get("description", ""))
        kind = kind.type
    return described, _range(kind)


def _range(kind: Any) -> str:
    lowest = getattr(kind, "ge", None)
    above = getattr(kind, "gt", None)
    highest = getattr(kind, "le", None)
    shortest = getattr(kind, "min_length", None)
    if shortest is not None and shortest > 1:
        return f"{shortest} characters or more"
    if highest is None:
        return ""
    return f"{lowest} to {highest}" if lowest is not None else f"above {above}, to {highest}"


def _metrics() -> str:
    rows = ["| metric | kind | what |", "| --- | --- | --- |"]
    for family in Metrics(dict).registry.collect():
        if not family.name.endswith("_created"):
            total = "_total" if family.type == "counter" else ""
            rows.append(f"| `{family.name}{total}` | {family.type} | {family.documentation} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    (DOCS / "operations.md").write_text(page())
