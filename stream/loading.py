"""The models that a server has: loaded, run once, and named as its welcome names them. Blocking."""

import cv2
import numpy as np
from threadpoolctl import threadpool_limits

from engines import places
from engines.motion.engine import MotionEngine
from engines.motion.skeleton import JOINT_COUNT, MODEL_FPS
from engines.video.engine import VideoEngine
from stream import messages
from stream.config import Config


def load_motion(config: Config) -> MotionEngine:
    """Load the model and run all of it once: the first client's first label is not late."""
    leave_cores_to_models()
    engine = MotionEngine.load(config.model, threads=config.threads)
    track = engine.new_track()
    engine.configure(track, ["walks"], "watch")
    frames = np.random.default_rng(0).normal(size=(MODEL_FPS, JOINT_COUNT, 3)).astype(np.float32)
    engine.step([(track, frames, np.arange(MODEL_FPS) / MODEL_FPS)])
    return engine


def leave_cores_to_models() -> None:
    """numpy's and OpenCV's products are small: threads of their own, which wait busily for each
    other, would cost more than they save, and take the cores from the models' threads."""
    threadpool_limits(1, user_api="blas")
    cv2.setNumThreads(1)


def load_video(config: Config) -> VideoEngine | None:
    """Load the video model and run it once, if there is to be one. Raises ModelError."""
    if not config.video_model:
        return None
    leave_cores_to_models()
    model = config.video_model
    if model in ("default", "bundled"):
        model = places.default_video() if model == "default" else places.DEFAULT_VIDEO
    engine = VideoEngine.load(model, threads=config.threads, gpu=config.video_gpu)
    track = engine.new_track()
    engine.configure(track, ["walks"])
    size = engine.manifest.vision.size_px
    engine.step([(track, engine.prepare(np.zeros((size, size, 3), np.uint8)), 0.0)])
    return engine


def model_message(engine: MotionEngine) -> messages.Model:
    """The engine's model as the welcome names it."""
    model = engine.model
    return messages.Model(
        name=model.name,
        version=model.version,
        sha256=model.sha256,
        lookahead_s=model.lookahead_s,
        fps=model.fps,
    )


def video_message(engine: VideoEngine | None) -> messages.VideoModel | None:
    """The engine's model as the welcome names it."""
    if engine is None:
        return None
    manifest = engine.manifest
    return messages.VideoModel(
        name=manifest.name,
        version=manifest.version,
        sha256=engine.sha256,
        size_px=manifest.vision.size_px,
        calibrated=manifest.presence.calibrated,
        notice=manifest.notice,
    )
