"""ONNX Runtime sessions: the one module that imports onnxruntime.

A `Graph` is used by one thread at a time. Its workers spin for SPIN_US, then sleep: long enough to
be awake for a pass's next step, too short to eat the core that decodes the next frame. ONNX
Runtime's own telemetry is off: what a person does is nobody else's business.
"""

import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from engines.errors import ModelError, ShapeError

DISTRIBUTIONS: Final = ("onnxruntime", "onnxruntime-gpu")
CUDA: Final = "CUDAExecutionProvider"
REMEDY: Final = "pip install 'liveground[cpu]' (or 'liveground[gpu]', never both)"
SPIN_US: Final = 200
NO_CUDA: Final = (
    "pip uninstall -y onnxruntime, then pip install 'liveground[gpu]'; or do without the GPU"
)
NO_DRIVER: Final = (
    "see that nvidia-smi finds one, and that the CUDA and cuDNN of onnxruntime-gpu are installed; "
    "or do without the GPU"
)
DTYPES: Final = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(int64)": np.dtype(np.int64),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(bool)": np.dtype(np.bool_),
}


def check_install() -> str:
    """Name of the installed runtime distribution.

    Raises ModelError if none is installed, or both (they overwrite each other's files).
    """
    found = [name for name in DISTRIBUTIONS if _installed(name)]
    if not found:
        raise ModelError(f"ONNX Runtime is not installed: {REMEDY}")
    if len(found) > 1:
        raise ModelError(
            f"both {' and '.join(found)} are installed and overwrite each other: "
            f"pip uninstall -y {' '.join(found)}, then {REMEDY}"
        )
    return found[0]


class Graph:
    """One ONNX graph, loaded and warm. Inputs are checked at the door."""

    def __init__(
        self,
        path: Path,
        *,
        threads: int = 1,
        gpu: bool = False,
        integers: bool = False,
    ) -> None:
        """Load. Raises ModelError if the runtime is missing, the file is no graph, or CUDA is not
        there for `gpu`: nothing runs on another device than was asked for.

        `integers`: products of int8 numbers run on the CPU's int8 units instead of as floats.
        """
        check_install()
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.spin_duration_us", str(SPIN_US))
        # int8 weights become float once, at load: results do not depend on the CPU's int8 units.
        options.add_session_config_entry("session.disable_quant_qdq", str(int(not integers)))
        if gpu and CUDA not in ort.get_available_providers():
            raise ModelError(f"a GPU is asked for, and this ONNX Runtime has no CUDA: {NO_CUDA}")
        providers = [CUDA, "CPUExecutionProvider"] if gpu else ["CPUExecutionProvider"]
        try:
            self._session = ort.InferenceSession(str(path), options, providers=providers)
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise ModelError(f"ONNX Runtime cannot load {path}: {error}") from error
        if gpu and CUDA not in self._session.get_providers():
            raise ModelError(f"a GPU is asked for, and ONNX Runtime cannot use it: {NO_DRIVER}")
        self.name = path.name
        self.inputs = {node.name: node for node in self._session.get_inputs()}
        self._wanted = {name: _Wanted.of(node) for name, node in self.inputs.items()}
        self.outputs = [node.name for node in self._session.get_outputs()]

    def run(self, **inputs: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
        """Run the graph. Raises ShapeError if a name, dtype or fixed dimension is not its own."""
        if inputs.keys() != self.inputs.keys():
            raise ShapeError(f"{self.name} takes {sorted(self.inputs)}, was given {sorted(inputs)}")
        for name, array in inputs.items():
            if not self._wanted[name].fits(array):
                raise self._unfit(name, array)
        return dict(zip(self.outputs, self._session.run(None, inputs), strict=True))

    def _unfit(self, name: str, array: np.ndarray[Any, Any]) -> ShapeError:
        node = self.inputs[name]
        return ShapeError(
            f"{self.name} wants {name} as {node.type} {tuple(node.shape)}, "
            f"was given {array.dtype} {array.shape}"
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An input's dtype, how many axes it has, and those whose size is fixed."""

    dtype: Any
    ndim: int
    fixed: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, node: Any) -> Self:
        sizes = [(axis, size) for axis, size in enumerate(node.shape) if isinstance(size, int)]
        return cls(DTYPES.get(node.type), len(node.shape), tuple(sizes))

    def fits(self, array: np.ndarray[Any, Any]) -> bool:
        if array.dtype != self.dtype or array.ndim != self.ndim:
            return False
        return all(array.shape[axis] == size for axis, size in self.fixed)


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
