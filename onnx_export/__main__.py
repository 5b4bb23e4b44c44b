"""`python -m onnx_export motion|sentence|clip`: models to folders, parity checked."""

import argparse
from pathlib import Path

from engines import models
from engines.errors import ModelError
from onnx_export import clip_arguments
from onnx_export.parity import ParityError


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    try:
        manifest = _export(given)
    except (ModelError, ParityError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"{given.out}: {manifest.name} {manifest.version}, parity {manifest.parity}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m onnx_export", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    motion = kinds.add_parser("motion", help="a motion-text model of others")
    motion.add_argument(
        "--tmr", type=Path, required=True, help="a TMR run's folder, last_weights, or .ckpt"
    )
    motion.add_argument("--out", type=Path, required=True)
    motion.add_argument("--statistics", type=Path, help="TMR's stats/humanml3d/guoh3dfeats")
    motion.add_argument("--distilbert", type=Path, help="folder of distilbert-base-uncased")
    sentence = kinds.add_parser("sentence", help="a sentence model with int8 weights")
    sentence.add_argument("--out", type=Path, required=True)
    sentence.add_argument(
        "--model", type=Path, help="a sentence-transformers folder; default: all-MiniLM-L6-v2"
    )
    sentence.add_argument("--licence", help="of the weights, as the manifest shall tell it")
    clip_arguments.add(kinds)
    return parser


def _export(given: argparse.Namespace) -> models.Manifest:
    if given.kind == "clip":
        return clip_arguments.export(given)
    if given.kind == "sentence":
        from onnx_export import sentence  # needs the extra `sentence`

        return sentence.write_sentence(given.out, model=given.model, licence=given.licence)
    from onnx_export import tmr_folder

    return tmr_folder.write_tmr(
        given.tmr, given.out, statistics=given.statistics, distilbert=given.distilbert
    )


if __name__ == "__main__":
    main()
