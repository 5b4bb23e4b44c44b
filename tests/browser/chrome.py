"""A real server in a process of its own, and Debian's Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from tests.clients.rig import humanoid, still

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "demo-out" / "browser"
"""Screenshots of each state: git-ignored, kept by CI."""
FILM = ROOT / "clients" / "performer" / "scenes.mp4"
PATIENCE_MS = 60_000
CAMERA_PX = (320, 240)
CAMERA_HZ = 15
CAMERA_FRAMES = 60
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""Chromium's own pattern instead of a camera, allowed without asking."""


def chromium() -> str:
    """Where Chromium is; skips the test if nowhere."""
    pytest.importorskip("playwright", reason="pip install -e '.[dev]'")
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium on this machine: apt-get install chromium")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """`liveground serve` with the bundled models, ready. Settings by their environment names."""
    command = [sys.executable, "-m", "stream", "serve", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, stderr=log, env=os.environ | settings)
        try:
            if not _ready(f"http://127.0.0.1:{port}/readyz", process):
                log.seek(0)
                pytest.fail(f"the server does not start: {log.read().decode()[-2000:]}")
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    return False


def footage(source: Path, target: Path) -> Path:
    """Frames of a video, as the film that Chromium shows in place of a camera (y4m, I420)."""
    width, height = CAMERA_PX
    capture = cv2.VideoCapture(str(source))
    with target.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{CAMERA_HZ}:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(CAMERA_FRAMES):
            read, picture = capture.read()
            if not read:
                break
            yuv = cv2.cvtColor(_fitted(picture, width, height), cv2.COLOR_BGR2YUV_I420)
            film.write(b"FRAME\n" + yuv.tobytes())
    capture.release()
    return target


def arm_bvh(folder: Path, seconds: float) -> Path:
    """A person who swings an arm, at 60 Hz."""
    rig = humanoid()
    rows = still(rig, round(60 * seconds))
    turns = np.linspace(0, np.pi * seconds, len(rows))
    rows[:, 3 + 3 * rig.in_file_order().index("RightArm")] = 60 * np.sin(turns)
    path = folder / "arm.bvh"
    path.write_text(rig.text(rows))
    return path


def _fitted(picture: Any, width: int, height: int) -> Any:
    """The whole picture, with black beside it."""
    share = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    left, top = (width - small.shape[1]) // 2, (height - small.shape[0]) // 2
    right, bottom = width - small.shape[1] - left, height - small.shape[0] - top
    return cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_CONSTANT)


@asynccontextmanager
async def browser(*flags: str) -> AsyncIterator[Any]:
    """Chromium, headless."""
    path = chromium()
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", *flags]
        )
        try:
            yield running
        finally:
            await running.close()


class Visit:
    """The page in a tab, with everything that went wrong in it."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.faults: list[str] = []
        tab.set_default_timeout(PATIENCE_MS)
        tab.on("console", self._heard)
        tab.on("pageerror", lambda error: self.faults.append(f"{error}"))

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location.get('url', '')})")

    async def until(self, selector: str, text: str) -> None:
        """Wait until an element has this text in it; a regular expression."""
        await self.tab.wait_for_function(
            "([at, text]) => new RegExp(text).test(document.querySelector(at)?.innerText)",
            arg=[selector, text],
        )

    async def look(self, name: str) -> None:
        """Keep a screenshot."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.tab.screenshot(path=SHOTS / f"{name}.png")


@asynccontextmanager
async def visiting(
    url: str, *flags: str, width: int = 1280, height: int = 800, scheme: str = "light"
) -> AsyncIterator[Visit]:
    """The page at `url` in a fresh browser."""
    async with browser(*flags) as running:
        tab = await running.new_page(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        visit = Visit(tab)
        await tab.goto(url, wait_until="domcontentloaded")
        try:
            yield visit
        except BaseException:
            await visit.look("failed")
            raise
