"""The app: every resource's routes, one check in front of them, and one table for every answer «no»."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, compile_path

from kwartier.adapters.http.archive import routes as archive
from kwartier.adapters.http.bills import routes as bills
from kwartier.adapters.http.callers import AccessTable, authorise
from kwartier.adapters.http.commissioning import routes as commissioning
from kwartier.adapters.http.description import routes as description
from kwartier.adapters.http.direct_route import DirectRoute, DirectRoutes
from kwartier.adapters.http.dry_run import routes as dry_run
from kwartier.adapters.http.events import routes as events
from kwartier.adapters.http.events.broadcast import Broadcast
from kwartier.adapters.http.events.stream import HEARTBEAT_S
from kwartier.adapters.http.forecasts import routes as forecasts
from kwartier.adapters.http.grid_limits import routes as grid_limits
from kwartier.adapters.http.health import routes as health
from kwartier.adapters.http.identity import routes as identity
from kwartier.adapters.http.measurements import routes as measurements
from kwartier.adapters.http.measurements.landing import Landing
from kwartier.adapters.http.money import routes as money
from kwartier.adapters.http.observing import Figures, Observing
from kwartier.adapters.http.openapi import describe
from kwartier.adapters.http.planning import routes as planning
from kwartier.adapters.http.plans import routes as plans
from kwartier.adapters.http.prices import routes as prices
from kwartier.adapters.http.problems import (
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    PROBLEM_BY_FAULT,
    UNPROCESSABLE,
    Refused,
    fault_response,
    problem_response,
    refused_response,
)
from kwartier.adapters.http.sessions import routes as sessions
from kwartier.adapters.http.setpoints import routes as setpoints
from kwartier.adapters.http.site_findings import routes as site_findings
from kwartier.adapters.http.sites import routes as sites
from kwartier.adapters.http.transactions import routes as transactions
from kwartier.adapters.http.validation import routes as validation
from kwartier.adapters.http.webhooks import routes as webhooks
from kwartier.service.authenticate import Authenticator
from kwartier.service.login_backoff import LoginBackoff
from kwartier.service.ports import Ports

# Each resource is a module with a `router` and its `ACCESS`; a new one gets its line here.
# The first ones are found first.
RESOURCES = (
    measurements,
    archive,
    description,
    health,
    identity,
    sites,
    transactions,
    validation,
    prices,
    planning,
    plans,
    setpoints,
    sessions,
    grid_limits,
    dry_run,
    webhooks,
    forecasts,
    bills,
    money,
    commissioning,
    site_findings,
    events,
)

# Use cases block: they run in threads, at most so many; adapters/sql/engine.py has as many connections.
THREADS_COUNT = 20


def create_app(ports: Ports, *, version: str, is_ready: Callable[[], bool]) -> FastAPI:
    """The app on these ports. `is_ready` says (blocking) whether what it needs answers.

    Raises ValueError for a route that stands in no access table, and for an entry without a route.
    """
    access = _access_table()
    app = FastAPI(
        title="kwartier",
        version=version,
        redirect_slashes=False,
        lifespan=_lifespan,
        openapi_url=None,  # `description` serves it, off the event loop
        routes=_routes_of_all(),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # `observing` does all that is told
    )
    app.state.ports, app.state.access, app.state.is_ready = ports, access, is_ready
    app.state.authenticator = Authenticator(ports.tokens, ports.clients, ports.clock)
    app.state.backoff = LoginBackoff()
    app.state.figures, app.state.landing = Figures(), Landing()
    app.state.broadcast, app.state.heartbeat_s = Broadcast(), HEARTBEAT_S
    ports.channel.listen(app.state.broadcast.receive)
    _answer_with_problems(app)
    app.add_middleware(DirectRoutes, routes=_direct_routes())
    app.add_middleware(Observing, figures=app.state.figures)
    app.openapi = lambda: describe(app, access)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def end_streams(app: Any) -> None:
    """End every response that has no end of its own, so that the server can stop; from any thread."""
    app.state.broadcast.close()


@cache
def _routes_of_all() -> list[BaseRoute]:
    """The routes of every resource, behind the one check.

    They know no app and take a fifth of a second: tests make hundreds of apps, which share them.
    """
    router = APIRouter(redirect_slashes=False)
    for resource in RESOURCES:
        router.include_router(resource.router, dependencies=[Depends(authorise)])
    return router.routes


def _access_table() -> AccessTable:
    tables = [resource.ACCESS for resource in RESOURCES]
    access = {route: needed for table in tables for route, needed in table.items()}
    routes = {route for resource in RESOURCES for route in _routes(resource.router)}
    if lost := routes ^ access.keys():
        raise ValueError(f"routes and access tables differ, add or remove the entries of: {sorted(lost)}")
    return access


def _routes(router: APIRouter) -> list[tuple[str, str]]:
    own = [route for route in router.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in own for method in route.methods or ()]


def _direct_routes() -> list[DirectRoute]:
    routes = (route for resource in RESOURCES for route in resource.router.routes)
    return [route for route in routes if isinstance(route, DirectRoute)]


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = THREADS_COUNT
    yield


def _answer_with_problems(app: FastAPI) -> None:
    """Turn what is raised on the way into problem documents."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return refused_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return problem_response(UNPROCESSABLE, details=[_without_input(one) for one in error.errors()])

    @app.exception_handler(HTTPException)
    async def refused_by_framework(request: Request, error: HTTPException) -> Response:
        match error.status_code:
            case 404:
                return problem_response(NOT_FOUND)
            case 405:
                return problem_response(METHOD_NOT_ALLOWED, headers={"Allow": _allowed(request)})
            case _:
                raise error

    async def broken_below(_: Request, error: Exception) -> Response:
        return fault_response(error)

    for fault in PROBLEM_BY_FAULT:
        app.add_exception_handler(fault, broken_below)


def _allowed(request: Request) -> str:
    """All methods of an address; the framework's own answer names those of one route only."""
    access: AccessTable = request.app.state.access
    fitting = (method for method, path in access if compile_path(path)[0].match(request.url.path))
    return ", ".join(sorted(fitting))


def _without_input(error: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a path or query parameter: which one, which rule, what is allowed; not its value."""
    place = [part[:100] if isinstance(part, str) else part for part in error["loc"]]
    return {"type": error["type"], "loc": place, "msg": error["msg"]}
