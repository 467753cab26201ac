"""Routes that are found by their address alone, ahead of the framework's own way to a route."""

from collections.abc import Iterable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from kwartier.adapters.http.callers import authorise
from kwartier.adapters.http.problems import PROBLEM_BY_FAULT, Refused, fault_response, refused_response


class DirectRoute(APIRoute):
    """For routes that are called thousands of times a second: the endpoint takes the request and nothing else."""

    # A line in the log for each would be gigabytes a day; /metrics counts them, and what is refused is logged.
    is_logged_when_good = False


class DirectRoutes:
    """In front of the router: goes to a `DirectRoute` without a look at any other.

    To find a route and to resolve its parameters is half of what a single measurement costs (seen in a profile). The
    caller is let in by the same check, what is raised is answered in the same way, and the description is the same.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[DirectRoute]) -> None:
        self._app = app
        self._by_address = {(method, route.path): route for route in routes for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        route = self._by_address.get((scope.get("method", ""), scope.get("path", "")))
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        response = await _answer(route, Request(scope, receive, send))
        await response(scope, receive, send)


async def _answer(route: DirectRoute, request: Request) -> Response:
    try:
        await authorise(request)
        response: Response = await route.endpoint(request)
    except Refused as error:
        return refused_response(error)
    except tuple(PROBLEM_BY_FAULT) as error:
        return fault_response(error)
    return response
