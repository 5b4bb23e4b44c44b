"""The command line: `liveground serve · demo · replay · teach · watch-video · search · ...`."""

from typing import Any, Final

import typer
from rich.console import Console

from engines.errors import LivegroundError
from stream.commands.demo import demo
from stream.commands.doctor import doctor
from stream.commands.models import models
from stream.commands.replay import replay
from stream.commands.search import search
from stream.commands.serve import serve
from stream.commands.teach import teach
from stream.commands.watch_video import watch_video

REFUSED: Final = 2


class CommandLine(typer.Typer):
    """Turns the errors that we raise on purpose into one red line and exit code 2."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except LivegroundError as error:
            console = Console(stderr=True)
            console.print(
                f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True
            )
            raise SystemExit(REFUSED) from None


app = CommandLine(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Says, while a person moves, what they are doing and since when, in any words.",
    epilog="First look: `liveground demo`. On trouble: `liveground doctor`.",
)
for command in (demo, replay, teach, watch_video, search, serve):
    app.command()(command)
app.add_typer(models)
app.command()(doctor)

if __name__ == "__main__":
    app(prog_name="liveground")
