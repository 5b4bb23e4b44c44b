"""The page in Chromium, a fake camera of 640 x 480 at 30 a second: how soon, how late, how steady.

    python -m benchmarks.browser --seconds 60 --transport websocket

Over the WebSocket, capture times are the browser's own clock: from capture to the frame in which
the heatmap is drawn. Over WebRTC they are the track's: ages are relative to the fastest frame.
"""

import argparse
import asyncio
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import cv2
import httpx
import numpy as np

FILM: Final = Path(__file__).parents[1] / "clients" / "performer" / "scenes.mp4"
CAMERA_PX: Final = (640, 480)
CAMERA_FRAMES: Final = 60
SAMPLE_S: Final = 5.0
START_S: Final = 60.0
MARK: Final = """async () => {
  const { app } = await import("/app/page/app.js");
  while (!app.sessions.video) await new Promise(requestAnimationFrame);
  const marks = (globalThis.marks = { ages: [], waits: [], first: 0, results: 0 });
  const isOwnClock = () => app.sessions.video.state.transport === "websocket";
  app.sessions.video.on("heatmap", (heatmap) => {
    const heardMs = performance.now();
    marks.first ||= heardMs;
    marks.results += 1;
    requestAnimationFrame(() => {
      const nowMs = performance.now();
      const sinceHeard = heatmap.age_ms + nowMs - heardMs;
      marks.ages.push(isOwnClock() ? nowMs - 1000 * heatmap.time_s : sinceHeard);
    });
  });
  app.sessions.video.on("stats", (stats) => marks.waits.push(stats.pending));
}"""


def fake_camera(target: Path) -> None:
    """The rendered scenes as Chromium's fake camera reads them (y4m, I420)."""
    width, height = CAMERA_PX
    capture = cv2.VideoCapture(str(FILM))
    with target.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(CAMERA_FRAMES):
            picture = cv2.resize(capture.read()[1], (width, height))
            film.write(b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).tobytes())


async def measure(port: int, film: Path, seconds: float, transport: str, pid: int) -> list[str]:
    """Open the page with its camera, watch it, and put into words what was seen."""
    from playwright.async_api import async_playwright

    url = f"http://127.0.0.1:{port}/#source=camera"
    url += "&transport=websocket" * (transport == "websocket")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
                "--enable-precise-memory-info",
                "--js-flags=--expose-gc",
            ],
        )
        tab = await browser.new_page(viewport={"width": 1280, "height": 800})
        await tab.goto(url, wait_until="domcontentloaded")
        await tab.evaluate(MARK)
        memory = []
        for _ in range(round(seconds / SAMPLE_S)):
            await asyncio.sleep(SAMPLE_S)
            heap = await tab.evaluate("gc(), performance.memory.usedJSHeapSize")
            memory.append((heap / 2**20, resident_mib(pid)))
        marks = await tab.evaluate("globalThis.marks")
        carried = await tab.evaluate(
            "import('/app/page/app.js').then(({ app }) => app.sessions.video.state.transport)"
        )
        await browser.close()
    return table(marks, carried, np.array(memory), seconds)


def table(marks: dict[str, Any], carried: str, memory: Any, seconds: float) -> list[str]:
    """Lines of markdown. Memory: the slope of the second half, by least squares."""
    ages = np.array(marks["ages"])
    half = memory[len(memory) // 2 :]
    minutes = np.arange(len(half)) * SAMPLE_S / 60
    slopes = np.polyfit(minutes, half, 1)[0] if len(half) > 2 else (np.nan, np.nan)
    exact = "capture to drawn" if carried == "websocket" else "to drawn, after the fastest"
    return [
        f"| over {carried}, {seconds:g} s | |",
        "| --- | --- |",
        f"| page opened to first heatmap | {marks['first'] / 1000:.2f} s |",
        f"| {exact}: p50, p95 | {np.median(ages):.0f} ms, {np.quantile(ages, 0.95):.0f} ms |",
        f"| heatmaps a second | {marks['results'] / seconds:.1f} |",
        f"| frames that waited in the server, at most | {max(marks['waits'], default=0)} |",
        f"| growth of the page's memory | {slopes[0]:+.2f} MiB/min |",
        f"| growth of the server's memory | {slopes[1]:+.2f} MiB/min |",
    ]


def resident_mib(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Start a server, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--transport", choices=("webrtc", "websocket"), default="webrtc")
    given = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "stream", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as folder:
            film = Path(folder) / "camera.y4m"
            fake_camera(film)
            transport = httpx.HTTPTransport(retries=10)
            with httpx.Client(transport=transport, timeout=START_S) as client:
                while client.get(f"http://127.0.0.1:{port}/readyz").status_code != 200:
                    pass
            lines = asyncio.run(measure(port, film, given.seconds, given.transport, server.pid))
        print("\n".join(lines))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
