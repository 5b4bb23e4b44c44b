"""`liveground models`: what is bundled, from what it was made, and how big it is."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from engines import models as folders

_KINDS: Final[dict[type, str]] = {
    folders.SentenceManifest: "sentence",
    folders.ClipManifest: "video",
}


def models(
    extra: Annotated[
        list[Path] | None, typer.Argument(help="Further model folders to show.")
    ] = None,
) -> None:
    """List the models that come with liveground, with their sources and licences."""
    table = Table(box=None, padding=(0, 2, 1, 0))
    for column in ("model", "kind", "size", "look-ahead", "made from (licence)"):
        table.add_column(column, justify="right" if column in ("size", "look-ahead") else "left")
    places: list[str | Path] = [*folders.bundled(), *(extra or [])]
    for place in places:
        folder = folders.find(place)
        manifest = folder.manifest
        sources = "\n".join(f"{source.name} ({source.licence})" for source in manifest.sources)
        table.add_row(
            f"{manifest.name} {manifest.version}",
            _KINDS.get(type(manifest), "motion"),
            f"{_megabytes(folder):.1f} MB",
            _lookahead(manifest),
            sources or "not stated",
        )
    Console().print(table)


def _megabytes(folder: folders.ModelFolder) -> float:
    paths = (folder.root / entry.file for entry in folder.manifest.files.values())
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def _lookahead(manifest: folders.Manifest) -> str:
    if isinstance(manifest, folders.SentenceManifest | folders.ClipManifest):
        return "-"
    inside = (
        manifest.window.lookahead_frames
        if isinstance(manifest, folders.WindowManifest)
        else manifest.encoder.lookahead_frames
    )
    frames = manifest.features.lookahead_frames + inside
    return f"{frames / manifest.fps * 1e3:.0f} ms"
