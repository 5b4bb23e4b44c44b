"""Write docs/operations.md: `python -m stream.operations_docs`.

Settings and metrics come from the code. A test fails when the file differs from what this writes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import inspect as types

from stream.config import PREFIX, Config
from stream.metrics import Metrics

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
new configurations. Start
one process per machine, or several behind a load balancer that keeps a client on its server (a
session can only be resumed where it began).

## Settings

The later source wins: default, TOML file (`--config FILE` or `LIVEGROUND_CONFIG`), environment
(`LIVEGROUND_` and the name in capitals), flag. A setting that is unknown, out of range or unsafe
stops the start and is named with its source.
"""

_DOOR: Final = """\
## Who may connect

- **Address.** Loopback unless told otherwise; any other address needs a token of 16 characters or
  more. Traffic is not encrypted here: on a network that is not yours, put a TLS proxy in front
  and let the server listen on loopback (and set the token all the same).
- **Token.** `Authorization: Bearer ...` on the upgrade request (a wrong one: HTTP 401), or
  `hello.token` for browsers, which cannot set headers (a wrong or missing one: error
  `unauthorized`, close 4003). It also guards `/metrics`. - **Origin.** Browsers say which page
  connects. Local pages may, pages of an address that is the server's own may, others must be in
  `allowed_origins`; the rest gets HTTP 403. A page that merely shares the server's host *name* is
  not trusted: names can be made to point here (DNS rebinding). Programs send no origin and are
  let in. - **Room.** Beyond `max_sessions` connections: HTTP 503 with `Retry-After` and the
  limit's value.

## Health and metrics

`/healthz`: 200 while the process answers. `/readyz`: 200 once the model is loaded and has run, 503
before and during a stop, with the reason. `/metrics`: Prometheus text.
"""

_FAULTS: Final = """\
## What happens when

- **SIGTERM or SIGINT.** Refuses new clients (503), sends `going_away`, makes all segments final,
  sends `stats` and `bye`, closes with 1012; after `drain_s` it cuts what is left. A second
  signal shortens the wait.
- **A client vanishes.** Keep-alive pings find out within 40 s. Its session is kept for
  `resume_s`: window, masks, timeline and prompts.
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
- **A frame or configuration is bad.** It is answered with an error; the session goes on.

Logs name errors, never poses, texts or tokens.
"""


def page() -> str:
    """Return docs/operations.md."""
    return "\n".join([_HEAD, _settings(), _DOOR, _metrics(), _FAULTS])


def _settings() -> str:
    rows = [
        "| setting | default | unit | range | what and why |",
        "| --- | --- | --- | --- | --- |",
        *map(_setting, _fields()),
    ]
    return "\n".join(rows) + f"\n\nIn the environment: `{PREFIX}MAX_SESSIONS=16`.\n"


def _fields() -> Iterator[types.Field]:
    info = types.type_info(Config)
    assert isinstance(info, types.StructType)
    yield from info.fields


def _setting(field: types.Field) -> str:
    described, constraint = _described(field.type)
    unit = _UNITS.get(field.name.rsplit("_", 1)[-1], "")
    default = "none" if field.default in (None, ()) else f"`{field.default}`"
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
