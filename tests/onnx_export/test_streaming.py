"""What runs live gives what the trained modules give of a whole sequence."""

import pytest

torch = pytest.importorskip("torch")

from onnx_export.streaming import ChunkEncoder, StepEncoder  # noqa: E402
from training import network  # noqa: E402

SHAPE = network.Shape(features=6, lexicon=3, dim=5, width=8, kernel=3, dilations=(1, 2), members=2)
FRAMES = 12


@pytest.fixture(scope="module")
def encoders() -> network.Encoders:
    torch.manual_seed(0)
    members = [network.Encoder(SHAPE) for _ in range(SHAPE.members)]
    for member in members:
        member.mean.normal_()
        member.scale.uniform_(0.5, 2)
        for block in member.blocks:
            torch.nn.init.normal_(block.gain)
            torch.nn.init.normal_(block.norm.weight)
            torch.nn.init.normal_(block.norm.bias)
    return network.Encoders(members).eval()


@pytest.fixture(scope="module")
def features() -> "torch.Tensor":
    """Of two people: (2, FRAMES, F)."""
    return 3 * torch.randn(2, FRAMES, SHAPE.features, generator=torch.Generator().manual_seed(1))


def nothing(dilation: int) -> "torch.Tensor":
    return torch.zeros((SHAPE.kernel - 1) * dilation, 2, SHAPE.block_width)


@pytest.mark.parametrize("size", [1, 3, 12])
def test_chunks(encoders: network.Encoders, features: "torch.Tensor", size: int) -> None:
    """In chunks of any size, each with the rows of those before it."""
    chunks, past = ChunkEncoder(encoders), [nothing(dilation) for dilation in SHAPE.dilations]
    values, attention = [], []
    with torch.inference_mode():
        whole = encoders(features)
        for begin in range(0, FRAMES, size):
            part = features[:, begin : begin + size].transpose(0, 1)
            own, weight, rows = chunks(part, past)
            values.append(own)
            attention.append(weight)
            seen = rows.reshape(size, 2, len(past), -1).unbind(2)
            past = [torch.cat([a, b])[-len(a) :] for a, b in zip(past, seen, strict=True)]
    torch.testing.assert_close(torch.cat(values).transpose(0, 1), whole[0])
    torch.testing.assert_close(torch.cat(attention).transpose(0, 1), whole[1])


def test_steps(encoders: network.Encoders, features: "torch.Tensor") -> None:
    """One frame at a time, with nothing but the rows that it meets."""
    step, kept = StepEncoder(encoders), [nothing(dilation) for dilation in SHAPE.dilations]
    values, attention = [], []
    with torch.inference_mode():
        whole = encoders(features)
        for frame in range(FRAMES):
            met = [past[::dilation] for past, dilation in zip(kept, SHAPE.dilations, strict=True)]
            own, weight, rows = step(features[:, frame], torch.cat(met))
            values.append(own)
            attention.append(weight)
            new = rows.reshape(2, len(kept), -1).unbind(1)
            kept = [torch.cat([a[1:], b[None]]) for a, b in zip(kept, new, strict=True)]
    torch.testing.assert_close(torch.stack(values, dim=1), whole[0])
    torch.testing.assert_close(torch.stack(attention, dim=1), whole[1])
