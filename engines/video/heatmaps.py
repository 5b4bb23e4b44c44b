"""Live VideoGEM: frames of any number of sessions through one vision pass, then any prompts.

Self-self attention in the last seven blocks of a frozen CLIP (GEM, arXiv 2312.00878) with static
and dynamic layer weights (VideoGEM, arXiv 2503.20348), factorised so that one pass serves every
prompt. Used by one thread at a time.
"""

from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from engines import models
from engines.errors import ModelError, ShapeError
from engines.runtime import Graph
from engines.video import head
from engines.video.head import Constants, Encoded
from engines.video.resample import resize
from engines.video.weights import CHOICES, LayerWeights

Floats = NDArray[np.float32]
UNIT_TOLERANCE: Final = 1e-3


class Heatmaps:
    """A CLIP model that says of every patch how well it fits a text."""

    def __init__(self, folder: models.ModelFolder, *, threads: int = 1, gpu: bool = False) -> None:
        """Load. `threads`: of a vision pass; the head has one, since numpy's wait busily for each
        other and on into the next pass, which costs that more than they save.

        Raises ModelError if the folder is of another kind or damaged.
        """
        self.manifest = folder.clip()
        self.vision = self.manifest.vision
        self._graph = Graph(folder.path("vision"), threads=threads, gpu=gpu, integers=True)
        try:
            with np.load(folder.path("head"), allow_pickle=False) as arrays:
                self._positions: Floats = arrays["positions"]
                self._constants = Constants(arrays["bias"], float(arrays["eps"]))
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"{folder.root}: the head's constants cannot be read: {error}"
            ) from error
        self._grids: dict[tuple[int, int], Floats] = {}
        self._pools = ThreadpoolController()

    @classmethod
    def load(cls, model: str | Path, *, threads: int = 1, gpu: bool = False) -> Self:
        """Load a model by name or folder. Raises ModelError if it is missing or damaged."""
        return cls(models.find(model), threads=threads, gpu=gpu)

    def encode(self, pixels: Floats) -> Encoded:
        """One vision pass over `pixels (B, 3, H, W)`, normalised float32, H and W whole patches.

        A clip model takes `(B, frames, 3, H, W)`. Frames may be of different sessions; `encoded[i]`
        is the i-th alone. Raises ShapeError for other shapes, dtypes, or values not finite.
        """
        self._check(pixels)
        patch = self.vision.patch_px
        grid = pixels.shape[-2] // patch, pixels.shape[-1] // patch
        out = self._graph.run(pixels=pixels, positions=self.positions(grid))
        return Encoded(
            projected=out["projected"],
            gram=out["gram"],
            images=out["images"],
            biased=out["biased"],
            cls=out["cls"],
            grid=grid,
            frames=self.vision.frames,
            constants=self._constants,
        )

    def similarity(
        self, pixels: Floats, text: Floats, *, layer_weights: LayerWeights = "static_dynamic"
    ) -> Floats:
        """Cosine maps before up-sampling: `(B, P, h, w)`; of clips `(B, P, frames, h, w)`.

        `pixels` as in `encode`; `text (P, E)` float32 unit rows. Raises ShapeError if they are not.
        """
        return self.maps(self.encode(pixels), text, layer_weights=layer_weights)

    def maps(
        self, encoded: Encoded, text: Floats, *, layer_weights: LayerWeights = "static_dynamic"
    ) -> Floats:
        """The same from frames that are encoded already."""
        if layer_weights not in CHOICES:
            raise ShapeError(f"layer_weights is {layer_weights!r}, expected one of {CHOICES}")
        self.check_text(text)
        with self._pools.limit(limits=1, user_api="blas"):
            cosines = head.similarity(encoded, text, layer_weights)
        frames = encoded.frames
        shaped = cosines.reshape(*cosines.shape[:2], *encoded.grid, frames)
        return shaped[..., 0] if frames == 1 else np.moveaxis(shaped, -1, 2)

    def check_text(self, text: Floats) -> None:
        """Raise ShapeError unless text is `(P, E)` float32 with rows of length one."""
        if not isinstance(text, np.ndarray) or text.dtype != np.float32 or text.ndim != 2:
            raise ShapeError(f"text must be float32 (P, {self.vision.dim})")
        if text.shape[1] != self.vision.dim:
            raise ShapeError(
                f"text rows have {text.shape[1]} numbers, this model's have {self.vision.dim}"
            )
        if not (np.abs(np.vecdot(text, text) - 1) < UNIT_TOLERANCE).all():
            raise ShapeError("text rows must have length one: divide each by its norm")

    def _check(self, pixels: Any) -> None:
        patch, frames = self.vision.patch_px, self.vision.frames
        lead = ("B", frames, 3) if frames > 1 else ("B", 3)
        fits = (
            isinstance(pixels, np.ndarray)
            and pixels.ndim == len(lead) + 2
            and pixels.shape[1 : len(lead)] == lead[1:]
            and pixels.dtype == np.float32
        )
        if not fits:
            raise ShapeError(
                f"pixels must be float32 {(*lead, 'H', 'W')}, were given "
                f"{getattr(pixels, 'dtype', type(pixels).__name__)} {getattr(pixels, 'shape', '')}"
            )
        if 0 in pixels.shape or pixels.shape[-2] % patch or pixels.shape[-1] % patch:
            raise ShapeError(
                f"pixels are {pixels.shape[-2]} x {pixels.shape[-1]}: resize to whole patches of "
                f"{patch}, best {self.vision.size_px} x {self.vision.size_px}"
            )
        if not np.isfinite(pixels).all():
            raise ShapeError("pixels hold NaN or infinity: leave such frames out")

    def positions(self, grid: tuple[int, int]) -> Floats:
        """Position embeddings `(h, w, C)`, resampled to a grid as open_clip does."""
        if grid not in self._grids:
            native = self._positions.shape[:2] == grid
            self._grids[grid] = self._positions if native else resize(self._positions, *grid)
        return self._grids[grid]
