"""The page in Chromium, a fake camera of 640 x 480 at 30 a second: how soon, how late, how steady.

    python -m benchmarks.browser --seconds 60 --transport websocket

Over the WebSocket, capture times are the browser's own clock: from capture to the frame in which
the heatmap is drawn. Over WebRTC they are the track's: ages are relative to the fastest frame.

Memory is told minute by minute, and its slope once `WARM_UP_S` is over: until then modules are
loaded and pools filled. Of the server it is what the process has for itself (`RssAnon`): pages of
files come and go as the kernel likes. Allocators and decoders keep the most that they ever needed
at a time, so a pause of the machine may add a step that stays.
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
WARM_UP_S: Final = 120.0
LEAST_S: Final = 120.0
"""A slope over less time says nothing."""
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
            memory.append((heap / 2**20, own_mib(pid)))
        marks = await tab.evaluate("globalThis.marks")
        carried = await tab.evaluate(
            "import('/app/page/app.js').then(({ app }) => app.sessions.video.state.transport)"
        )
        await browser.close()
    return table(marks, carried, np.array(memory), seconds)


def table(marks: dict[str, Any], carried: str, memory: Any, seconds: float) -> list[str]:
    """Lines of markdown. `memory (N, 2)`: MiB of page and server, `SAMPLE_S` apart."""
    ages = np.array(marks["ages"])
    exact = "capture to drawn" if carried == "websocket" else "to drawn, after the fastest"
    return [
        f"| over {carried}, {seconds:g} s | |",
        "| --- | --- |",
        f"| page opened to first heatmap | {marks['first'] / 1000:.2f} s |",
        f"| {exact}: p50, p95 | {np.median(ages):.0f} ms, {np.quantile(ages, 0.95):.0f} ms |",
        f"| heatmaps a second | {marks['results'] / seconds:.1f} |",
        f"| frames that waited in the server, at most | {max(marks['waits'], default=0)} |",
        *memory_lines("page", memory[:, 0]),
        *memory_lines("server", memory[:, 1]),
    ]


def memory_lines(whose: str, curve_mib: Any) -> list[str]:
    """The mean of each minute, and the slope after the warm-up, by least squares."""
    minute = round(60 / SAMPLE_S)
    starts = range(0, len(curve_mib) - minute + 1, minute)
    minutes = ", ".join(f"{curve_mib[start : start + minute].mean():.1f}" for start in starts)
    settled = curve_mib[round(WARM_UP_S / SAMPLE_S) :]
    slope = f"needs {(WARM_UP_S + LEAST_S) / 60:g} minutes"
    if len(settled) * SAMPLE_S >= LEAST_S:
        times_min = np.arange(len(settled)) * SAMPLE_S / 60
        slope = f"{np.polyfit(times_min, settled, 1)[0]:+.2f} MiB/min"
    return [
        f"| memory of the {whose}, minute by minute | {minutes or 'less than one'} MiB |",
        f"| its growth after {WARM_UP_S / 60:g} min | {slope} |",
    ]


def own_mib(pid: int) -> float:
    """What a process has in memory for itself alone (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


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
