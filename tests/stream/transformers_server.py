"""`transformers serve`, Hugging Face's server of OpenAI's chat completions, with two tiny Llamas
made on the spot: `python -m tests.stream.transformers_server FOLDER ANSWER`.

FOLDER/speaker has weights set so that it says ANSWER, whatever it is asked; FOLDER/babbler is
random. The server is the library's own, on a free port, and loads a model when it is first named.
"""

import sys
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from onnx_export import torchvision_operators

torchvision_operators.declare()

from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast  # noqa: E402
from transformers.cli.serve import Serve  # noqa: E402

BEGIN, END, TURN = range(3)
SPECIAL = ("<s>", "</s>", "<turn>")
TEMPLATE = (
    "{% for each in messages %}{{ each['role'] }}: {{ each['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<turn>{% endif %}"
)


def tokenizer(answer: str) -> PreTrainedTokenizerFast:
    """One token a byte, and one for the whole answer: the last."""
    tokens = (*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet()))
    made = Tokenizer(models.BPE({token: place for place, token in enumerate(tokens)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(list(SPECIAL))
    made.add_tokens([AddedToken(answer, normalized=False)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=SPECIAL[BEGIN],
        eos_token=SPECIAL[END],
        chat_template=TEMPLATE,
    )


def babbler(size: int) -> LlamaForCausalLM:
    """A Llama of one layer with random weights, seed 0."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=8192,
        bos_token_id=BEGIN,
        eos_token_id=END,
        pad_token_id=END,
    )
    return LlamaForCausalLM(config)


def speaker(size: int) -> LlamaForCausalLM:
    """Its layer adds nothing, so the next token hangs on the last alone: behind the beginning of
    its turn the answer, behind that the end."""
    model = babbler(size)
    with torch.no_grad():
        layer = model.model.layers[0]
        for weight in (
            layer.self_attn.o_proj.weight,
            layer.mlp.down_proj.weight,
            model.lm_head.weight,
        ):
            weight.zero_()
        said = model.model.embed_tokens.weight
        said.zero_()
        for direction, (last, following) in enumerate(((TURN, size - 1), (size - 1, END))):
            said[last, direction] = 1.0
            model.lm_head.weight[following, direction] = 1.0
    return model


def main(folder: Path, answer: str) -> None:
    """Write both models and serve until the process is ended."""
    words = tokenizer(answer)
    for name, make in (("speaker", speaker), ("babbler", babbler)):
        make(len(words)).save_pretrained(folder / name)
        words.save_pretrained(folder / name)
    Serve(device="cpu", host="127.0.0.1", port=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
