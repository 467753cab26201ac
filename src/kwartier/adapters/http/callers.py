"""Who calls, and whether it may: one check in front of every route, from one table."""

from enum import Enum
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from kwartier.adapters.http.problems import FORBIDDEN, UNAUTHENTICATED, Refused
from kwartier.service.authenticate import Authenticator, BadToken, NotKnownYet
from kwartier.service.caller import Caller, Scope


class Access(Enum):
    """What a route asks of its caller."""

    PUBLIC = None  # no token
    READ = Scope.READ
    WRITE = Scope.WRITE
    ADMIN = Scope.ADMIN


AccessTable = dict[tuple[str, str], Access]
"""Method and path of each route of a resource, with what it asks; a route that stands in none is refused at start."""


async def authorise(request: Request) -> None:
    """Let a request through to its route, with its caller in `request.state`; raises Refused with 401 or 403."""
    access = request.app.state.access[request.method, request.scope["route"].path]
    if access is Access.PUBLIC:
        return
    caller = await _caller(request)
    if not caller.may(access.value):
        raise Refused(FORBIDDEN)
    request.state.caller = caller


async def _caller(request: Request) -> Caller:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise Refused(UNAUTHENTICATED)
    authenticator: Authenticator = request.app.state.authenticator
    outcome = authenticator.caller(token.strip())
    if isinstance(outcome, NotKnownYet):
        outcome = await run_in_threadpool(authenticator.caller_from_store, outcome.claims)
    match outcome:
        case Caller():
            return outcome
        case BadToken():
            raise Refused(UNAUTHENTICATED)


async def _own_caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CallerOf = Annotated[Caller, Depends(_own_caller)]
"""The caller that `authorise` let through."""
