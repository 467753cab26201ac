"""Viewers of a site without a browser: each has the page and its socket, and notes when a value comes."""

import ast
import asyncio
import html
import json
import re
import time
import uuid
from dataclasses import dataclass, field

import httpx
import socketio

# How the page tells its socket who it is (NiceGUI's template).
QUERY = re.compile(r"query: (\{.*?\}),\s*extraHeaders")
SOCKET_PATH = "/dashboard/_nicegui_ws/socket.io"


@dataclass
class Viewer:
    """One open page."""

    socket: socketio.AsyncClient
    heard_s_by_value: dict[str, float] = field(default_factory=dict)
    waited_for: list[str] = field(default_factory=list)

    def heard(self, update: object) -> None:
        """Note the first time at which a value that is waited for comes."""
        now_s, text = time.perf_counter(), json.dumps(update, ensure_ascii=False)
        for value in self.waited_for:
            if value not in self.heard_s_by_value and value in text:
                self.heard_s_by_value[value] = now_s


async def open_viewers(url: str, cookie: str, path: str, count: int) -> tuple[list[Viewer], list[float]]:
    """So many viewers of a page, one after the other; and how long the server took to make each page, s."""
    viewers, took_s = [], []
    async with httpx.AsyncClient(headers={"Cookie": cookie}, timeout=30) as client:
        for _ in range(count):
            start_s = time.perf_counter()
            page = await client.get(f"{url}/dashboard{path}")
            took_s.append(time.perf_counter() - start_s)
            page.raise_for_status()
            viewers.append(await _connected(url, cookie, page.text))
    return viewers, took_s


async def _connected(url: str, cookie: str, page: str) -> Viewer:
    found = QUERY.search(page)
    if found is None:
        raise SystemExit("the page has no query for its socket; has NiceGUI changed?")
    query = ast.literal_eval(html.unescape(found[1]))  # Jinja writes the dictionary as Python does
    query |= {"document_id": str(uuid.uuid4()), "tab_id": str(uuid.uuid4()), "old_tab_id": ""}
    text = "&".join(f"{name}={str(value).lower()}" for name, value in query.items())
    viewer = Viewer(socketio.AsyncClient(reconnection=False))
    viewer.socket.on("update", viewer.heard)
    await viewer.socket.connect(
        f"{url}?{text}",
        headers={"Cookie": cookie, "Origin": url},
        transports=["websocket"],
        socketio_path=SOCKET_PATH,
    )
    return viewer


async def close_viewers(viewers: list[Viewer]) -> None:
    """All go away."""
    await asyncio.gather(*(viewer.socket.disconnect() for viewer in viewers))
