"""Teach by showing, on the page: seconds just done become an example of a name."""

import json
from pathlib import Path

from tests.browser.chrome import Visit, visiting

HELD = """least => {
  const at = end => document.querySelector(`#teach-${end}`).valueAsNumber;
  return at("to") - at("from") > least;
}"""


async def moving(visit: Visit) -> None:
    """Wait until the performer has been seen for some seconds, and open the pane."""
    await visit.until("#timeline table", "final")
    await visit.tab.click("#teach-pane summary")


async def test_the_last_seconds_are_taught_kept_and_brought_back(
    server: str, tmp_path: Path
) -> None:
    """The name is looked for at once, beside the other words; the file works in another visit."""
    kept = tmp_path / "moves.json"
    async with visiting(f"{server}#source=performer") as visit:
        await moving(visit)
        await visit.tab.fill("#teach-name", "our secret sign")
        await visit.tab.click("#teach-mark")
        assert await visit.tab.evaluate(HELD, 1.85)  # two, less the rounding of both fields
        await visit.look("teaching")
        await visit.tab.click("#teach .button--main")
        await visit.until("#teach-note", "our secret sign: learnt from one example.*looked for")
        await visit.until("#steps", "walks forward[\\s\\S]*our secret sign")
        assert (await visit.tab.input_value("#words")).endswith("\nour secret sign")
        assert await visit.tab.is_hidden("#teach-stretch")
        await visit.tab.click("#teach .button--main")
        await visit.until("#teach-note", "learnt from 2 examples")
        await visit.until("#teach-known", "our secret sign × 2")
        async with visit.tab.expect_download() as saved:
            await visit.tab.click("#teach-save")
        await (await saved.value).save_as(kept)
        assert visit.faults == []
    content = json.loads(kept.read_text())
    assert [one["name"] for one in content["examples"]] == ["our secret sign"]
    async with visiting(f"{server}#source=performer") as visit:
        await moving(visit)
        await visit.tab.set_input_files("#teach-file", kept)
        await visit.until("#teach-note", "moves.json added. They are looked for")
        await visit.until("#steps", "our secret sign")
        await visit.tab.check("#sources input[value=performer]", force=True)
        await visit.tab.click("#teach .button--main")
        await visit.until("#teach-known", "our secret sign × 2")
        assert visit.faults == []


async def test_what_cannot_be_taught_is_said(server: str, tmp_path: Path) -> None:
    """Without a source or a name, or with another file, the visitor is told what to do."""
    other = tmp_path / "other.json"
    other.write_text("[]")
    async with visiting(server) as visit:
        await visit.tab.click("#teach-pane summary")
        await visit.tab.click("#teach .button--main")
        await visit.until("#teach-note", "Say what the action is called")
        await visit.tab.fill("#teach-name", "bows")
        await visit.tab.click("#teach .button--main")
        await visit.until("#teach-note", "choose a source")
        await visit.tab.set_input_files("#file", other)
        await visit.until("#teach-note", "other.json holds no examples")
        await visit.tab.click("#start-performer")
        await visit.until("#timeline table", "final")
        await visit.tab.click("#teach-mark")
        await visit.tab.fill("#teach-to", "0.3")
        await visit.tab.fill("#teach-from", "0.2")
        await visit.tab.press("#teach-from", "Enter")
        await visit.until("#teach-note", "the example lasts")
        assert visit.faults == []


async def test_it_can_be_taught_by_keyboard_while_it_is_done(server: str) -> None:
    """A held key marks what is done meanwhile, Enter teaches it; a script says what is to do."""
    async with visiting(f"{server}#source=performer") as visit:
        await visit.until("#moment", "score")
        await visit.tab.check("#ask input[value=script]", force=True)
        await visit.tab.fill("#words", "walks forward, then sits down")
        await visit.tab.press("#words", "Control+Enter")
        await visit.until("#timeline", "sits down")
        await visit.tab.focus("#teach-pane summary")
        await visit.tab.keyboard.press("Enter")
        await visit.tab.focus("#teach-hold")
        await visit.tab.keyboard.down("Space")
        await visit.tab.wait_for_function(HELD, arg=1.0)
        await visit.tab.keyboard.up("Space")
        await visit.tab.focus("#teach-name")
        await visit.tab.keyboard.type("twirls")
        await visit.tab.keyboard.press("Enter")
        await visit.until("#teach-note", "twirls: learnt.*Write it among the steps")
        assert "twirls" not in await visit.tab.input_value("#words")
        assert visit.faults == []
