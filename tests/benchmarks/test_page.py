"""Measured text goes between its markers and nowhere else."""

import pytest

from benchmarks import page


def test_only_what_stands_between_the_markers_changes(tmp_path):
    """Twice, so that what is written can be replaced."""
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- make x -->\nold\n<!-- end of make x -->\nbehind\n")
    for text in ("new", "newer"):
        page.put(path, "make x", text)
        said = path.read_text()
        assert said == f"before\n<!-- make x -->\n\n{text}\n\n<!-- end of make x -->\nbehind\n"


@pytest.mark.parametrize("text", ["", "<!-- make x -->\n", "<!-- end of make x -->\n"])
def test_a_page_without_its_markers_stays_as_it_was(tmp_path, text):
    """And it is said what is missing."""
    path = tmp_path / "page.md"
    path.write_text(text)
    with pytest.raises(ValueError, match="make x"):
        page.put(path, "make x", "new")
    assert path.read_text() == text
