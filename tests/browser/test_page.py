"""The page in a real browser, against a real server: what a visitor sees."""

import re
from pathlib import Path

import pytest

from stream.pose_files import pose_folder
from stream.protocol import MSGPACK
from tests.browser.chrome import (
    FAKE_CAMERA,
    FILM,
    Visit,
    arm_bvh,
    chromium,
    footage,
    free_port,
    serving,
    visiting,
)

NO_UDP = (
    "--force-webrtc-ip-handling-policy",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
"""A network that lets no WebRTC through."""


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Chromium's flag for a camera that shows the rendered scenes."""
    film = footage(FILM, tmp_path_factory.mktemp("camera") / "scenes.y4m")
    return f"--use-file-for-fake-video-capture={film}"


async def look_for(visit: Visit, words: str) -> None:
    """Write other words and have them looked for."""
    await visit.tab.fill("#words", words)
    await visit.tab.click("#ask .button--main")


async def test_the_page_loads_and_shows_what_the_server_makes_of_the_words(server: str) -> None:
    """No error in the console; while an instruction is written, its steps come from the server."""
    async with visiting(server) as visit:
        await visit.until("#steps", "walks forward\\s+sits down\\s+waves")
        await visit.tab.fill("#words", "claps, then bows")
        await visit.until("#steps", "claps\\s+bows")
        await visit.look("start")
        assert await visit.tab.title() == "liveground"
        assert visit.faults == []


async def test_the_performer_is_labelled_and_other_words_take_effect(server: str) -> None:
    """Labels, a timeline and figures come; new words are looked for while it goes on."""
    async with visiting(server) as visit:
        await visit.tab.click("#start-performer")
        await visit.until("#badges", "connected over WebSocket")
        await visit.until("#moment", "score")
        await visit.until("#badges", "results")
        await visit.look("performer")
        await look_for(visit, "moves about, stands on their hands")
        await visit.until("#steps", "moves about\\s+stands on their hands")
        await visit.until("#timeline", "moves about")
        assert visit.faults == []


async def test_the_camera_goes_over_webrtc_and_heatmaps_come_back(server: str, camera: str) -> None:
    """The picture is shown with heatmaps of the words, and of other words when they change."""
    async with visiting(server, *FAKE_CAMERA, camera, scheme="dark") as visit:
        await visit.tab.click("#start")
        await visit.until("#badges", "connected over WebRTC")
        await visit.until("#badges", "results")
        await visit.look("camera")
        await look_for(visit, "kicks a ball, swings a bottle")
        await visit.until("#heat-prompt", "kicks a ball")
        await visit.tab.select_option("#heat-prompt", label="swings a bottle")
        assert await visit.tab.evaluate("document.querySelector('#video').videoWidth") == 320
        assert visit.faults == []


async def test_where_webrtc_is_blocked_images_go_over_the_websocket(
    server: str, camera: str
) -> None:
    """The visitor is told, and heatmaps come all the same."""
    async with visiting(server, *FAKE_CAMERA, camera, *NO_UDP) as visit:
        await visit.tab.click("#start")
        await visit.until("#note", "WebRTC")
        await visit.until("#badges", "connected over WebSocket")
        await visit.until("#badges", "results")
        await visit.look("fallback")
        assert visit.faults == []


async def test_private_means_that_no_picture_is_sent(server: str, camera: str) -> None:
    """Whatever leaves the browser holds no image, and there is no WebRTC."""
    async with visiting(server, *FAKE_CAMERA, camera) as visit:
        sent: list[bytes | str] = []
        visit.tab.on(
            "websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data))
        )
        posts: list[str] = []
        visit.tab.on("request", lambda one: posts.append(one.method) if one.post_data else None)
        await visit.tab.reload()
        await visit.tab.check("#sources input[value=private]", force=True)
        if pose_folder().is_dir():
            await visit.until("#badges", "private camera")
            await visit.until("#badges", "sent")
        else:
            await visit.until("#note", "stream.pose_files")
        await visit.look("private")
        messages = [MSGPACK.decode_client(bytes(data), limit_bytes=1 << 20) for data in sent]
        kinds = {type(message).__name__ for message in messages}
        assert kinds <= {"Hello", "Configure", "Ping", "Pong", "Pose", "Bye"}
        assert ("Pose" in kinds) == pose_folder().is_dir()
        assert posts == []
        assert visit.faults == []


async def test_a_restart_of_the_server_is_survived() -> None:
    """The visitor sees that the connection is lost and when it is tried again; labels go on."""
    chromium()
    port = free_port()
    with serving(port):
        visit_of = visiting(f"http://127.0.0.1:{port}/#source=performer")
        visit = await visit_of.__aenter__()
        await visit.until("#moment", "score")
    try:
        await visit.until("#badges", "connection lost.*again in.*\\s+Try now")
        await visit.look("reconnecting")
        with serving(port):
            await visit.until("#badges", "connected over WebSocket")
            await visit.until("#badges", "results")
    finally:
        await visit_of.__aexit__(None, None, None)


async def test_a_server_with_a_token_asks_for_it() -> None:
    """A wrong one is asked for again; with the right one the page works, also for sources."""
    chromium()
    port, token = free_port(), "0123456789abcdef"
    with serving(port, LIVEGROUND_TOKEN=token):
        async with visiting(f"http://127.0.0.1:{port}/") as visit:
            for attempt in ("fedcba9876543210", token):
                await visit.until("#token", "wants a token")
                await visit.tab.fill("#token-text", attempt)
                await visit.tab.press("#token-text", "Enter")
            await visit.until("#steps", "sits down")
            await visit.tab.click("#start-performer")
            await visit.until("#moment", "score")


async def test_without_a_camera_the_visitor_is_told(server: str) -> None:
    """No camera: a sentence says so and what to do, and the page can be used on."""
    async with visiting(server) as visit:
        await visit.tab.click("#start")
        await visit.until("#note", "camera")
        await visit.look("no-camera")
        await visit.tab.click("#start-performer")
        await visit.until("#moment", "score")
        assert visit.faults == []


async def test_a_bvh_file_is_labelled_recorded_exported_and_shown_again(
    server: str, tmp_path: Path
) -> None:
    """What the visitor takes along is complete: segments by the seconds, and the session itself."""
    async with visiting(server) as visit:
        await visit.until("#steps", "sits down")
        await visit.tab.click("#record")
        await visit.tab.set_input_files("#file", arm_bvh(tmp_path, 4.0))
        await visit.until("#badges", "arm.bvh, 60 Hz")
        await visit.until("#badges", "arm.bvh, 60 Hz, ended")
        await visit.until("#timeline table", r"^(?![\s\S]*provisional)[\s\S]*final")
        async with visit.tab.expect_download() as recorded:
            await visit.tab.click("#record")
        kept = tmp_path / "kept.jsonl"
        await (await recorded.value).save_as(kept)
        for name in ("json", "csv", "vtt", "eaf"):
            await visit.tab.click("#export summary")
            async with visit.tab.expect_download() as exported:
                await visit.tab.click(f"[data-export={name}]")
            assert (await exported.value).suggested_filename.endswith(f".{name}")
        said = await visit.tab.inner_text("#timeline table")
        await visit.tab.reload()
        await visit.tab.set_input_files("#file", kept)
        await visit.until("#badges", "recording ended")
        await visit.until("#timeline table", re.escape(said))
        await visit.tab.focus("#playback-position")
        await visit.tab.keyboard.press("Home")
        await visit.until("#timeline table", r"^(?![\s\S]*final)")
        await visit.until("#badges", "recording held")
        await visit.tab.keyboard.press("End")
        await visit.until("#timeline table", re.escape(said))
        assert visit.faults == []
