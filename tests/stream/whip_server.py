"""A server for tests of WHIP: the bundled models, loaded once; peers are found on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import aioice.ice
import pytest

from stream import app
from stream.config import Config
from stream.loading import load_motion, load_video


@cache
def _motion(_: str) -> object:
    return load_motion(Config())


@cache
def _video(name: str) -> object:
    return load_video(Config(video_model=name))


@asynccontextmanager
async def whip_server(
    patch: pytest.MonkeyPatch, *, loopback: bool = True, **settings: object
) -> AsyncIterator[app.Running]:
    """A running server. aioice leaves loopback out, which has to do where there is no network."""
    patch.setattr(app, "load_motion", lambda config: _motion(config.model))
    patch.setattr(app, "load_video", lambda config: _video(config.video_model))
    if loopback:
        patch.setattr(aioice.ice, "get_host_addresses", lambda *_, **__: ["127.0.0.1"])
    async with app.running(Config(port=0, **settings)) as server:
        yield server
