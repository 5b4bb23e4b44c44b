"""`liveground models`: what is there and from what it was made; adding a CLIP; the default."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from engines import models as folders
from engines import places
from stream.commands import adding, calibrating

_KINDS: Final[dict[type, str]] = {
    folders.SentenceManifest: "sentence",
    folders.ClipManifest: "video",
}

models = typer.Typer(
    name="models", help="List models, add a CLIP for real cameras, choose the default video model."
)
add = typer.Typer(help="Add a model to this machine.", no_args_is_help=True)
models.add_typer(add, name="add")


@models.callback(invoke_without_command=True)
def every(context: typer.Context) -> None:
    """List models, add a CLIP for real cameras, choose the default video model."""
    if context.invoked_subcommand is None:
        show(None)


@models.command("list")
def show(
    extra: Annotated[
        list[Path] | None, typer.Argument(help="Further model folders to show.")
    ] = None,
) -> None:
    """List bundled and added models, with their sources and licences."""
    table = Table(box=None, padding=(0, 2, 1, 0))
    for column in ("model", "kind", "size", "look-ahead", "made from (licence)"):
        table.add_column(column, justify="right" if column in ("size", "look-ahead") else "left")
    listed: list[str | Path] = [*places.bundled(), *places.added(), *(extra or [])]
    default = places.default_video()
    for place in listed:
        folder = folders.find(place)
        manifest = folder.manifest
        sources = "\n".join(f"{source.name} ({source.licence})" for source in manifest.sources)
        table.add_row(
            f"{manifest.name} {manifest.version}",
            _KINDS.get(type(manifest), "motion") + (" (default)" if place == default else ""),
            f"{_megabytes(folder):.1f} MB",
            _lookahead(manifest),
            sources or "not stated",
        )
    console = Console()
    console.print(table)
    console.print(f"Added models lie in {places.folder()}", style="dim", highlight=False)


@models.command("use")
def use(
    name: Annotated[str, typer.Argument(help="A bundled or added video model.")],
) -> None:
    """Make a video model the default of `serve`, `demo` and `watch-video`."""
    folders.find(name).clip()
    places.make_default(name)
    Console().print(f"default video model: {name}", highlight=False)


@add.command("clip")
def clip(
    name: Annotated[
        str | None, typer.Option(help=f"An architecture of open_clip, else {adding.NAME}.")
    ] = None,
    pretrained: Annotated[
        str | None,
        typer.Option(
            help=f"open_clip's tag of its weights, else {adding.PRETRAINED}; they are downloaded."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="open_clip model.json, with --weights; beside it tokenizer.json, if not CLIP's."
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Its .pt or .safetensors file: nothing is downloaded.")
    ] = None,
    transformers: Annotated[
        str | None,
        typer.Option(help="Folder or hub name of a transformers CLIPModel, such as TinyCLIP."),
    ] = None,
    size: Annotated[
        int | None, typer.Option(help="Side of the frames in pixels, a multiple of the patch.")
    ] = None,
) -> None:
    """Download a real CLIP, export it, quantise it to int8, verify it, make it the default.

    Needs the extra `export`. Without a network, bring the weights and add --weights to
    --name and --pretrained.
    """
    asked = adding.Wanted(name, pretrained, config, weights, transformers, size)
    console = Console()
    console.print(f"{asked.folder_name}: getting weights, exporting, verifying (minutes) ...")
    added = adding.add(asked)
    places.make_default(added.name)
    console.print(_instead(added), highlight=False, soft_wrap=True)


def _instead(added: folders.ClipManifest) -> str:
    same = added.parity["same_peak"]
    return (
        f"{added.name} is the default video model now ({added.precision}; best patch as in float32 "
        f"or beside it in {same:.0%} of maps of test patterns). "
        f"Back: liveground models use {places.DEFAULT_VIDEO}"
    )


@models.command("calibrate")
def calibrate(
    pictures: Annotated[
        Path,
        typer.Argument(help="A folder of folders of pictures, each named as what is done there."),
    ],
    model: Annotated[
        str | None, typer.Option(help="An added video model's name or folder, else the default.")
    ] = None,
) -> None:
    """Teach a video model to say that an action is absent, on pictures whose truth is known.

    Each picture must show the action that its folder is named after, and none of the others.
    """
    folder = folders.find(model or places.default_video())
    found = calibrating.labelled(pictures)
    fitted = calibrating.calibrate(folder, found)
    Console().print(
        f"{folder.manifest.name}: {fitted.recall:.0%} of what is there is kept, "
        f"{fitted.rejection:.0%} of what is not is called absent, on these {len(found)} pictures",
        highlight=False,
        soft_wrap=True,
    )


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
