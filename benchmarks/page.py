"""Where measured text goes into a page: between two markers that name the command."""

from pathlib import Path


def put(page: Path, command: str, text: str) -> None:
    """Replace what stands between `<!-- command -->` and `<!-- end of command -->`.

    Raises ValueError, with the page as it was, if the markers are not there once each and in order.
    """
    begin, end = f"<!-- {command} -->\n", f"<!-- end of {command} -->\n"
    before, *rest = page.read_text().split(begin)
    if len(rest) != 1 or rest[0].count(end) != 1:
        raise ValueError(f"{page.name} must hold {begin.strip()} and then {end.strip()}, once each")
    page.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{rest[0].split(end)[1]}")
