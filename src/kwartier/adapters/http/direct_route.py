"""A route that hands the request straight to its endpoint."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from kwartier.adapters.http.callers import authorise


class DirectRoute(APIRoute):
    """For routes that are called thousands of times a second: the endpoint takes the request and nothing else.

    Resolving an endpoint's parameters is a good part of what a single measurement costs the framework (seen in a
    profile). The caller is let in by the same check, and the description is the same as of any other route.
    """

    # A line in the log for each would be gigabytes a day; /metrics counts them, and what is refused is logged.
    is_logged_when_good = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The check, then the endpoint."""

        async def handle(request: Request) -> Response:
            await authorise(request)
            response: Response = await self.endpoint(request)
            return response

        return handle
