"""Print the tables of docs/benchmarks.md, measured now: `python -m benchmarks [--write]`."""

import argparse
import asyncio
from pathlib import Path

from benchmarks import encoder, latency, masks, page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"


def sections() -> list[str]:
    """Every section in order; printed as soon as it is measured."""
    measured = []
    for report in (
        encoder.report,
        masks.report,
        lambda: asyncio.run(latency.report(ROOT.parent / "shared")),
    ):
        measured.append(report())
        print(measured[-1], flush=True)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    given = parser.parse_args()
    text = "\n".join(sections())
    if given.write:
        page.put(PAGE, "make bench", text)


if __name__ == "__main__":
    main()
