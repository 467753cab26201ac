"""In front of every page, file and socket of the dashboard: who is signed in, and nobody else."""

from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from kwartier.adapters.dashboard.cookies import session_token
from kwartier.adapters.dashboard.origin import is_own
from kwartier.adapters.dashboard.sign_in_page import SIGN_IN, SIGN_OUT, SignInPage
from kwartier.adapters.dashboard.threads import in_thread
from kwartier.adapters.dashboard.works import Works
from kwartier.service.user import User

# What Vue needs to compile templates is eval; everything else comes from this server, and goes nowhere else.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
# NiceGUI's files stand under its version: what a browser has of them stays right.
FILES, CHANGING_FILES = "/_nicegui/", "/dynamic_resources/"
FOR_EVER = (b"cache-control", b"private, max-age=31536000, immutable")


class DashboardRoute:
    """What the log and the figures call everything of the dashboard; a page makes a hundred requests."""

    path = "/dashboard"
    is_logged_when_good = False


class Gate:
    """Lets signed-in users through, their `User` and session token in the request's state."""

    def __init__(self, app: ASGIApp, works: Works) -> None:
        self._app, self._works = app, works
        self._sign_in = SignInPage(works)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, hand on, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        place = scope["path"].removeprefix(scope.get("root_path", ""))
        secured = _Secured(send, place)
        try:
            await self._answer(place, scope, receive, secured)
        finally:
            scope["route"] = DashboardRoute

    async def _answer(self, place: str, scope: Scope, receive: Receive, send: "_Secured") -> None:
        connection = HTTPConnection(scope)
        if scope["type"] == "http" and place in {SIGN_IN, SIGN_OUT}:
            response = await self._sign_in.answer(Request(scope, receive))
            await response(scope, receive, send)
            return
        token = session_token(connection)
        user = await self._user(token) if token else None
        if user is None or (scope["type"] == "websocket" and not is_own(connection)):
            await _refuse(place, scope, receive, send)
            return
        scope.setdefault("state", {}).update(user=user, session_token=token, caller=user.caller)
        await self._app(scope, receive, send)

    async def _user(self, token: str) -> User | None:
        recogniser = self._works.recogniser
        return (
            recogniser.user(token)
            if recogniser.is_fresh(token)
            else await in_thread(lambda: recogniser.user(token))
        )


async def _refuse(place: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a page's reader to the sign-in; what belongs to a page is refused."""
    if scope["type"] == "websocket":
        await WebSocketClose(code=4401, reason="sign in")(scope, receive, send)
        return
    is_page = scope["method"] == "GET" and not place.startswith("/_")
    if not is_page:
        await Response(status_code=401)(scope, receive, send)
        return
    target = scope.get("root_path", "") + SIGN_IN + "?next=" + quote(place)
    await RedirectResponse(target, status_code=303)(scope, receive, send)


class _Secured:
    """The way out, which adds what every answer needs."""

    def __init__(self, send: Send, place: str) -> None:
        self._send = send
        self._is_lasting = place.startswith(FILES) and CHANGING_FILES not in place

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *SECURITY_HEADERS]
            if self._is_lasting and message["status"] == 200:
                headers = [(name, value) for name, value in headers if name != b"cache-control"]
                headers.append(FOR_EVER)
            message = {**message, "headers": headers}
        await self._send(message)
