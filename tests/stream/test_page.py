"""The page's files: what is served, as what, and what is not."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from stream import page

BROWSER = page.CLIENTS / "browser"


@pytest.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that has nothing but the page."""
    transport = httpx.ASGITransport(app=Starlette(routes=page.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client


async def test_the_root_leads_to_the_page(visitor: httpx.AsyncClient) -> None:
    """By a relative address, so that it works behind a proxy's path too."""
    answer = await visitor.get("/")
    assert answer.status_code == 307
    assert answer.headers["location"] == "app/page/"
    followed = await visitor.get("/", follow_redirects=True)
    assert followed.text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("page/", "text/html; charset=utf-8"),
        ("page/app.js", "text/javascript; charset=utf-8"),
        ("page/page.css", "text/css; charset=utf-8"),
        ("protocol.js", "text/javascript; charset=utf-8"),
        ("page/fonts/plex-sans.woff2", "font/woff2"),
        ("page/icon.svg", "image/svg+xml"),
    ],
)
async def test_files_have_their_type_whatever_the_machine_thinks(
    visitor: httpx.AsyncClient, path: str, kind: str
) -> None:
    """Browsers refuse modules of another type."""
    answer = await visitor.get(f"/app/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind


async def test_the_page_may_load_nothing_from_elsewhere(visitor: httpx.AsyncClient) -> None:
    """Its policy says so to the browser, and nothing may frame it."""
    answer = await visitor.get("/app/page/")
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any("unsafe-inline" in rule or "http:" in rule or "*" in rule for rule in policy)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "app/../../pyproject.toml",
        "app/%2e%2e/%2e%2e/pyproject.toml",
        "app/..%2f..%2fpyproject.toml",
        "app//etc/passwd",
        "app/performer/__init__.py",
        "app/performer/../python/client.py",
        "app/pose/../../pyproject.toml",
        "app/.git/config",
        "app/page/nothing.js",
    ],
)
async def test_nothing_else_of_the_machine_is_served(visitor: httpx.AsyncClient, path: str) -> None:
    """Neither other folders nor hidden or Python files."""
    answer = await visitor.get(httpx.URL("http://here", raw_path=f"/{path}".encode()))
    assert answer.status_code == 404


async def test_all_that_the_page_imports_is_there(visitor: httpx.AsyncClient) -> None:
    """Every static import of every module leads to a file."""
    for module in BROWSER.rglob("*.js"):
        for name in re.findall(r"""(?:from|import\() ?"(\.[^"]+)\"""", module.read_text()):
            target = (module.parent / name).resolve()
            answer = await visitor.get(f"/app/{target.relative_to(BROWSER)}")
            assert answer.status_code == 200, f"{module} imports {name}"


async def test_the_page_is_told_whether_it_can_find_poses(
    visitor: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what to do if not."""
    monkeypatch.setattr(page, "pose_folder", lambda: tmp_path / "absent")
    answer = await visitor.get("/app/pose.json")
    assert answer.json() == {"ready": False, "how": page.POSE_COMMAND}
