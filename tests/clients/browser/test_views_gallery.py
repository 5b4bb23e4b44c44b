"""The gallery of views in a real browser: everything is drawn, and the keyboard reaches it."""

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser.chrome import ROOT, Visit, chromium, visiting

BLANK = """canvases => canvases.map(canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.every(value => value === 0);
})"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of the gallery at second 23 of its data."""
    chromium()
    handler = partial(Quiet, directory=str(ROOT / "clients" / "browser"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/views/gallery.html?at=23"
        server.shutdown()
        thread.join()


@pytest.fixture
async def visit(gallery: str) -> AsyncIterator[Visit]:
    """The gallery once it has drawn."""
    async with visiting(gallery) as visit:
        await (
            figure(visit, "Timeline: three steps")
            .locator("tbody tr")
            .first.wait_for(state="attached")
        )
        yield visit


def figure(visit: Visit, caption: str) -> Any:
    """One view of the gallery."""
    return visit.tab.locator("figure", has_text=caption)


async def test_every_view_draws_and_the_page_says_that_its_data_is_synthetic(visit: Visit) -> None:
    """No canvas is blank, nothing is wrong in the console, nothing sticks out of a small screen."""
    assert "All data on this page is synthetic" in await visit.tab.inner_text("header")
    canvases = visit.tab.locator("figure:not(:has-text('not shown')) canvas")
    assert await canvases.count() > 12
    assert not any(await canvases.evaluate_all(BLANK))
    await visit.tab.set_viewport_size({"width": 360, "height": 740})
    width = await visit.tab.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    assert visit.faults == []


async def test_the_keyboard_goes_through_segments_and_time(visit: Visit) -> None:
    """Full stop chooses a segment and says it, arrows leave the present, End goes back to it."""
    timeline = figure(visit, "Timeline: three steps")
    back = timeline.get_by_role("button", name="Back to now")
    await timeline.locator("canvas").focus()
    assert not await back.is_visible()
    await visit.tab.keyboard.press(".")
    await visit.tab.keyboard.press(".")
    said = timeline.get_by_role("status")
    assert (await said.inner_text()).startswith("sits down on a chair, 0:0")
    card = timeline.locator(".timeline__card")
    assert "final" in await card.inner_text()
    await visit.tab.keyboard.press("ArrowLeft")
    await back.wait_for()
    await visit.tab.keyboard.press("End")
    await back.wait_for(state="hidden")
    await visit.tab.keyboard.press("Escape")
    await card.wait_for(state="hidden")


async def test_a_click_on_a_bar_chooses_its_segment(visit: Visit) -> None:
    """What is drawn and what is hit are the same place."""
    timeline = figure(visit, "Timeline: three steps")
    canvas = timeline.locator("canvas")
    rem = await visit.tab.evaluate(
        "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    )
    await canvas.click(position={"x": 16 * rem, "y": 2 * rem})
    assert "walks forward" in await timeline.locator(".timeline__card").inner_text()
    await canvas.click(position={"x": 16 * rem, "y": 6.5 * rem})
    assert not await timeline.locator(".timeline__card").is_visible()


async def test_screen_readers_get_the_segments_as_a_table(visit: Visit) -> None:
    """Newest first, with times and states in words."""
    rows = figure(visit, "Timeline: three steps").locator("tbody tr")
    texts = [" | ".join(await row.locator("td").all_text_contents()) for row in await rows.all()]
    assert len(texts) >= 4
    assert texts[0].endswith("| provisional")
    assert texts[-1].startswith("walks forward | 0:00.0 |")
    assert texts[-1].endswith("| final")
