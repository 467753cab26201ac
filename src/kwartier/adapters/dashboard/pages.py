"""Makes pages of the views: each gets its address, its frame, and the user who looks."""

from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any, cast

from nicegui import Client, ui
from starlette.requests import Request

from kwartier.adapters.dashboard.catalogue import words_of
from kwartier.adapters.dashboard.cookies import preferences
from kwartier.adapters.dashboard.frame import frame
from kwartier.adapters.dashboard.not_found import nothing_here
from kwartier.adapters.dashboard.view import FleetView, SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.adapters.dashboard.views import FLEET_VIEWS, SITE_VIEWS
from kwartier.adapters.dashboard.works import Works
from kwartier.service.outcomes import UnknownSite
from kwartier.service.read_site import read_site

# A page that waits for a busy database is late, and still a page.
PATIENCE_S = 15.0
Page = Callable[..., Awaitable[None]]


def make_pages(works: Works) -> None:
    """Register every view with NiceGUI."""
    for fleet_view in FLEET_VIEWS:
        _register(fleet_view.path, _fleet_page(works, fleet_view))
    for site_view in SITE_VIEWS:
        _register("/sites/{site_id}" + site_view.path, _site_page(works, site_view))
    _register("/{path:path}", _unknown_page(works))


def _register(path: str, page: Page) -> None:
    ui.page(path, response_timeout=PATIENCE_S)(page)


def _fleet_page(works: Works, view: FleetView) -> Page:
    async def page(request: Request, client: Client) -> None:
        viewer = _viewer(works, request, client, f"view.{view.name}")
        frame(viewer, (), None, view.name)
        await view.show(viewer)

    return page


def _site_page(works: Works, view: SiteView) -> Page:
    async def page(request: Request, client: Client, site_id: str) -> None:
        viewer = _viewer(works, request, client, f"view.{view.name}")
        record = await viewer.run(lambda: read_site(viewer.caller, site_id, sites=works.ports.sites))
        if isinstance(record, UnknownSite):
            _not_found(viewer, client, "frame.unknown_site")
            return
        client.title = f"{record.site.name or site_id} · {viewer.words(f'view.{view.name}')} · kwartier"
        frame(viewer, SITE_VIEWS, record, view.name)
        await view.show(viewer, record)

    return page


def _unknown_page(works: Works) -> Page:
    async def page(request: Request, client: Client, path: str) -> None:  # noqa: ARG001 - named by its address
        _not_found(_viewer(works, request, client, "frame.title"), client, "frame.unknown_page")

    return page


def _not_found(viewer: Viewer, client: Client, key: str) -> None:
    client.status_code = 404
    frame(viewer, (), None, "")
    nothing_here(viewer, key)


def _viewer(works: Works, request: Request, client: Client, title_key: str) -> Viewer:
    """Who looks; the page speaks the user's language from here on."""
    liked, state = preferences(request), request.state
    words = words_of(liked.language)
    page = copy(client.page)
    page.language = cast("Any", {"en": "en-US"}.get(liked.language, liked.language))
    client.page, client.title = page, f"{words(title_key)} · kwartier"
    root = request.scope.get("root_path", "")
    return Viewer(state.user, words, liked.theme, works, root, state.session_token)
