"""CLIP's byte-pair tokenizer for the `tokenizers` library, so that no torch is needed to run it."""

import gzip
from importlib import util
from pathlib import Path
from typing import Final

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from engines.errors import ModelError

VOCABULARY: Final = 49408
BEGIN: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"
WORDS: Final = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
MERGES_FILE: Final = "bpe_simple_vocab_16e6.txt.gz"


def published() -> Tokenizer:
    """The tokenizer of every CLIP with 49,408 tokens, from the table that open_clip ships.

    Raises ModelError if open_clip is not installed.
    """
    found = util.find_spec("open_clip")
    table = found and found.origin and Path(found.origin).parent / MERGES_FILE
    if not table or not table.is_file():
        raise ModelError(
            "CLIP's word pieces come with open_clip: pip install 'liveground[export]', "
            "or give a tokenizer.json with --tokenizer"
        )
    lines = gzip.decompress(table.read_bytes()).decode().split("\n")
    letters = _letters()
    pieces = [*letters, *(letter + "</w>" for letter in letters)]
    count = VOCABULARY - len(pieces) - 2
    merges = [tuple(line.split()) for line in lines[1 : 1 + count]]
    pieces += ["".join(pair) for pair in merges]
    return made({piece: place for place, piece in enumerate([*pieces, BEGIN, END])}, merges)


def made(vocabulary: dict[str, int], merges: list[tuple[str, ...]]) -> Tokenizer:
    """A tokenizer with CLIP's rules over any vocabulary that ends with its two special tokens."""
    model = models.BPE(
        vocab=vocabulary, merges=merges, end_of_word_suffix="</w>", unk_token=END, fuse_unk=False
    )
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([BEGIN, END])
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        special_tokens=[(BEGIN, vocabulary[BEGIN]), (END, vocabulary[END])],
    )
    return tokenizer


def read(path: Path) -> Tokenizer:
    """Read a `tokenizer.json`. Raises ModelError if it is none."""
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise ModelError(f"{path} is no tokenizer.json: {error}") from error


def check(tokenizer: Tokenizer, vocabulary: int, end: int | None = None) -> None:
    """Raise ModelError unless texts end with the token where the model reads its embedding.

    That is `end`, or the highest one if None, as in CLIP's own text tower.
    """
    ids = tokenizer.encode("a person waves").ids
    last = max(ids, default=0) if end is None else end
    if len(ids) < 2 or ids[-1] != last or max(ids) >= vocabulary:
        told = "the highest one, the end token" if end is None else f"{end}, the end token"
        raise ModelError(
            f"the tokenizer does not fit: 'a person waves' gives {ids}, expected ids below "
            f"{vocabulary} that end with {told}; name the right tokenizer.json with --tokenizer"
        )


def _letters() -> list[str]:
    """Printable stand-ins of all 256 bytes, in the order of CLIP's vocabulary."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) for byte in shown] + [chr(256 + place) for place in range(len(hidden))]
