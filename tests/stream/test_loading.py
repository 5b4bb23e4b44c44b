"""What a server loads, and what it leaves to the models' threads."""

import cv2
import numpy as np
import onnxruntime
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from engines import places
from engines.errors import ModelError
from stream.config import Config, load
from stream.loading import load_video


def test_the_cores_are_left_to_the_models() -> None:
    """numpy's BLAS and OpenCV keep to the thread that calls them."""
    before = cv2.getNumThreads()
    with threadpool_limits(2, user_api="blas"):
        cv2.setNumThreads(2)
        load_video(Config())
        np.ones((64, 64), np.float32) @ np.ones((64, 64), np.float32)
        pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
        assert pools
        assert all(pool["num_threads"] == 1 for pool in pools)
        assert cv2.getNumThreads() == 1
    cv2.setNumThreads(before)


def test_the_default_video_model_is_the_bundled_one_until_another_is_chosen() -> None:
    """Both names lead there; an empty one to none."""
    for name in ("default", "bundled"):
        engine = load_video(Config(video_model=name))
        assert engine is not None
        assert engine.manifest.name == places.DEFAULT_VIDEO
    assert load_video(Config(video_model="")) is None


def test_the_gpu_that_is_asked_for_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment as by a flag; a server without video needs none."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    for config in (load(environ={"LIVEGROUND_VIDEO_GPU": "true"}), Config(video_gpu=True)):
        with pytest.raises(ModelError, match="has no CUDA"):
            load_video(config)
    assert load_video(Config(video_gpu=True, video_model="")) is None
