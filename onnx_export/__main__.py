"""`python -m onnx_export motion|sentence`: torch modules to model folders, parity checked."""

import argparse
from pathlib import Path

from onnx_export import folders
from training import network


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m onnx_export", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    motion = kinds.add_parser("motion", help="a checkpoint of `python -m training`")
    motion.add_argument("--checkpoint", type=Path, required=True)
    motion.add_argument("--out", type=Path, required=True)
    minilm = kinds.add_parser("sentence", help="all-MiniLM-L6-v2 with int8 weights")
    minilm.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    if given.kind == "motion":
        model, notes = network.load(given.checkpoint)
        manifest = folders.write_motion(model, notes, given.out)
    else:
        from onnx_export import sentence  # needs the extra `sentence`

        manifest = sentence.write_sentence(given.out)
    print(f"{given.out}: {manifest.name} {manifest.version}, parity {manifest.parity}")


if __name__ == "__main__":
    main()
