"""Puts the dashboard beside the REST API, in the same server."""

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from nicegui import core, ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kwartier.adapters.dashboard.feed import SiteFeeds
from kwartier.adapters.dashboard.fleet.figure_cache import FigureCache
from kwartier.adapters.dashboard.gate import Gate
from kwartier.adapters.dashboard.pages import make_pages
from kwartier.adapters.dashboard.shared_looks import SharedLooks
from kwartier.adapters.dashboard.styles import ICON, styles
from kwartier.adapters.dashboard.works import Works
from kwartier.service.ports import Ports
from kwartier.service.recognise_user import UserRecogniser
from kwartier.service.watching.planned_past import PlannedPast

PATH = "/dashboard"


def mount_dashboard(app: FastAPI, ports: Ports) -> None:
    """Serve the dashboard at /dashboard of this app, once per process; `/` leads there.

    NiceGUI keeps what it serves in variables of its modules, so a process has one dashboard.
    """
    works = Works(
        ports,
        UserRecogniser(ports.users, ports.clock),
        SiteFeeds(ports),
        SharedLooks(ports.clock.monotonic_s),
        PlannedPast(),
        FigureCache(ports),
    )
    ui.add_head_html(f"<style>{styles()}</style>", shared=True)
    make_pages(works)
    app.router.routes.extend(Route(path, _lead_there) for path in ("/", PATH))
    ui.run_with(
        app,
        title="kwartier",
        favicon=ICON,
        mount_path=PATH,
        tailwind=False,
        dark=None,
        binding_refresh_interval=None,
        reconnect_timeout=10.0,
        message_history_length=100,  # what a page may have missed after an interruption; 50 s of a site now
        # Level 9 takes five times as long as 4 and saves a twentieth more (measured on NiceGUI's own files).
        gzip_middleware_factory=lambda inner: GZipMiddleware(inner, minimum_size=500, compresslevel=4),
        show_welcome_message=False,
    )
    core.app.add_middleware(Gate, works=works)


async def _lead_there(_: Request) -> Response:
    return RedirectResponse(PATH + "/", status_code=307)
