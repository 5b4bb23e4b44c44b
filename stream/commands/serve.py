"""`liveground serve`: the server, until it is told to stop."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Any

import typer

from stream import app, config


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; beyond loopback a token is needed.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 takes a free one.")] = None,
    token: Annotated[
        str | None,
        typer.Option(help="Secret that clients must send; better in LIVEGROUND_TOKEN."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="A model's name or folder.")] = None,
    video_model: Annotated[
        str | None, typer.Option(help="A video model's name or folder; empty for no video.")
    ] = None,
    video_gpu: Annotated[
        bool | None,
        typer.Option("--video-gpu", help="Run the video model on an NVIDIA GPU."),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="Record every session into this folder; clients are told."),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--config", help="TOML file with any setting of docs/operations.md."),
    ] = None,
) -> None:
    """Listen for skeleton and camera streams, until Ctrl-C or SIGTERM.

    Every setting can also come from the environment (LIVEGROUND_PORT=9000) or a TOML file.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    flags: dict[str, Any] = {"host": host, "port": port, "token": token, "model": model}
    flags |= {"video_model": video_model, "video_gpu": video_gpu}
    flags |= {"record.folder": str(record) if record else None}
    loaded = config.load(settings, **flags)
    asyncio.run(app.serve(loaded))
