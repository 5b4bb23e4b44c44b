"""How the page looks and what assistive technology makes of it, from a telephone to a wall."""

import json
import shutil
from pathlib import Path

import pytest

from tests.browser.chrome import (
    FAKE_CAMERA,
    ROOT,
    Visit,
    arm_bvh,
    chromium,
    free_port,
    serving,
    visiting,
)

WIDTHS = {"telephone": (360, 740), "laptop": (1280, 800), "wall": (3840, 2160)}
GRAVE = {"serious", "critical"}


async def grave(visit: Visit) -> list[str]:
    """What axe-core finds that keeps people out."""
    axe = pytest.importorskip("axe_playwright_python.async_playwright").Axe()
    found = await axe.run(visit.tab)
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found.response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_keeps_people_out(server: str, scheme: str) -> None:
    """No serious violation that axe-core knows, before a source runs and while it does."""
    async with visiting(server, scheme=scheme) as visit:
        await visit.until("#steps", "sits down")
        assert await grave(visit) == []
        await visit.tab.click("#start-performer")
        await visit.until("#badges", "results")
        assert await grave(visit) == []


async def test_it_fits_from_a_telephone_to_a_wall(server: str) -> None:
    """Nothing sticks out at the side, and labels, timeline and words are all there."""
    async with visiting(f"{server}#source=performer") as visit:
        await visit.until("#moment", "score")
        for name, (width, height) in WIDTHS.items():
            await visit.tab.set_viewport_size({"width": width, "height": height})
            await visit.tab.evaluate("new Promise(requestAnimationFrame)")
            await visit.look(f"performer-{name}")
            wide = await visit.tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
            for part in ("#sources", "#moment", "#timeline", "#words", "#skeleton", "#badges"):
                box = await visit.tab.locator(part).bounding_box()
                assert box["width"] > 0.1 * width, part
                assert box["height"] > 10, part


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_taught_and_played_fits_and_keeps_nobody_out(
    server: str, scheme: str, tmp_path: Path
) -> None:
    """The pane that teaches and the slider, with a mark on the timeline, at every width."""
    async with visiting(server, scheme=scheme) as visit:
        await visit.tab.set_input_files("#file", arm_bvh(tmp_path, 20.0))
        await visit.until("#timeline table", "provisional|final")
        await visit.tab.click("#playback-play")
        await visit.tab.click("#teach-pane summary")
        await visit.tab.click("#teach-mark")
        await visit.tab.focus("#playback-position")
        await visit.tab.keyboard.press("ArrowLeft")
        assert await grave(visit) == []
        for name, (width, height) in WIDTHS.items():
            await visit.tab.set_viewport_size({"width": width, "height": height})
            await visit.tab.evaluate("new Promise(requestAnimationFrame)")
            await visit.look(f"taught-{name}-{scheme}")
            assert await visit.tab.evaluate("document.documentElement.scrollWidth") <= width
            for part in ("#playback", "#playback-position", "#teach-stretch", "#teach-name"):
                box = await visit.tab.locator(part).bounding_box()
                assert box["x"] >= 0, part
                assert 40 < box["width"] < width - box["x"] + 1, part


async def test_all_can_be_done_by_keyboard(server: str) -> None:
    """Tab leads to the sources, arrows choose one, and words are sent with Ctrl and Enter."""
    async with visiting(server) as visit:
        await visit.tab.focus("#sources input[value=camera]")
        await visit.tab.keyboard.press("ArrowRight")
        await visit.tab.keyboard.press("ArrowRight")
        await visit.until("#moment", "score")
        await visit.tab.focus("#words")
        await visit.tab.keyboard.press("Control+A")
        await visit.tab.keyboard.type("stands about")
        await visit.tab.keyboard.press("Control+Enter")
        await visit.until("#timeline", "stands about")


@pytest.fixture
def guessing(tmp_path: Path) -> Path:
    """The bundled video model as if it had never been calibrated: it calls everything present."""
    folder = tmp_path / "guessing-clip"
    shutil.copytree(ROOT / "engines" / "bundled" / "scenes-clip", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["name"], manifest["notice"] = folder.name, ""
    manifest["presence"] |= {"recall": None, "rejection": None}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


async def test_no_figures_where_they_mean_nothing(guessing: Path) -> None:
    """A model that is not calibrated: what fits best, no percentage anywhere, and why not."""
    chromium()
    port = free_port()
    with serving(port, LIVEGROUND_VIDEO_MODEL=str(guessing)):
        async with visiting(f"http://127.0.0.1:{port}/#source=camera", *FAKE_CAMERA) as visit:
            await visit.until("#notice", "not calibrated")
            await visit.until("#moment", "fits best, not calibrated")
            await visit.until("#timeline table", "not calibrated")
            assert "score" not in await visit.tab.inner_text("#moment")
            await visit.until("#overlay", "Heatmap of .*: not calibrated")
            await visit.look("not-calibrated")
            assert visit.faults == []
