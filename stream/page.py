"""The browser client, served by the server itself: nothing is loaded from anywhere else.

`/app/` is the folder `clients/browser` as it is; `/app/pose/` what `python -m stream.pose_files`
has fetched; `/app/performer/` the clips of the synthetic performer. `/` leads to the page.
"""

import asyncio
import os
from pathlib import Path, PurePath
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from stream.pose_files import pose_folder

PAGE_PATH: Final = "app/page/"
POSE_COMMAND: Final = "python -m stream.pose_files"
CLIENTS: Final = Path(__file__).resolve().parent.parent / "clients"

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
"""What each file is, whatever the machine's own table says; browsers refuse modules otherwise.
Files of other kinds are bytes."""
_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self' ws: wss:",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class Files(StaticFiles):
    """A folder's files with the types and headers above; hidden and Python files are not there."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; see StaticFiles, which keeps out of other folders."""
        parts = PurePath(path).parts
        if any(part.startswith(".") or part == "node_modules" for part in parts if part != "."):
            return "", None
        if parts and parts[-1].endswith((".py", ".pyc")):
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file with its headers."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        if response.status_code == 200:
            name = "index.html" if path in ("", ".") or path.endswith("/") else path
            kind = _TYPES.get(PurePath(name).suffix)
            if kind is not None:
                response.headers["Content-Type"] = kind
        return response


async def _to_page(_: Request) -> Response:
    return RedirectResponse(PAGE_PATH)


async def _poses(_: Request) -> Response:
    """Whether the page can find poses in pictures, and what to do if not."""
    there = await asyncio.to_thread(pose_folder().is_dir)
    return JSONResponse({"ready": there, "how": POSE_COMMAND}, headers=_HEADERS)


def routes() -> list[BaseRoute]:
    """The page and all it needs."""
    return [
        Route("/", _to_page),
        Route("/app/pose.json", _poses),
        Mount("/app/pose", Files(directory=pose_folder(), check_dir=False)),
        Mount("/app/performer", Files(directory=CLIENTS / "performer")),
        Mount("/app", Files(directory=CLIENTS / "browser", html=True)),
    ]
