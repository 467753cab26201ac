"""The page to sign in, and the address to sign out at: plain HTML, so that it is there at once."""

import html
import math
from http import HTTPStatus
from urllib.parse import parse_qs, quote, unquote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kwartier.adapters.dashboard.catalogue import Words, words_of
from kwartier.adapters.dashboard.cookies import (
    PARTNER_NAME,
    REMEMBERED_S,
    forget_session,
    is_secure,
    keep_session,
    preferences,
    session_token,
)
from kwartier.adapters.dashboard.origin import is_own
from kwartier.adapters.dashboard.styles import ICON, styles
from kwartier.adapters.dashboard.threads import in_thread
from kwartier.adapters.dashboard.works import Works
from kwartier.service.log_in import BadCredentials, TooManyFailures
from kwartier.service.login_backoff import LoginBackoff
from kwartier.service.sign_in import SignedIn, UserCredentials, sign_in
from kwartier.service.sign_out import sign_out

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
FORM_LIMIT_BYTES = 4096
# Hashing takes 19 MiB and a core each, as for clients.
MOST_AT_ONCE_COUNT = 2


class SignInPage:
    """Answers both addresses."""

    def __init__(self, works: Works) -> None:
        self._works, self._backoff = works, LoginBackoff()
        self._limiter: CapacityLimiter | None = None

    async def answer(self, request: Request) -> Response:
        """The page, or what becomes of its form."""
        root = request.scope.get("root_path", "")
        if request.method == "POST" and not is_own(request):
            return _page(request, "sign_in.foreign", HTTPStatus.FORBIDDEN)
        if request.url.path == root + SIGN_OUT:
            return await self._sign_out(request, root) if request.method == "POST" else _elsewhere(root + "/")
        return await self._sign_in(request, root) if request.method == "POST" else _page(request)

    async def _sign_out(self, request: Request, root: str) -> Response:
        token, ports = session_token(request), self._works.ports
        if token:
            await in_thread(lambda: sign_out(token, users=ports.users, clock=ports.clock))
            self._works.recogniser.forget(token)
        response = _elsewhere(root + SIGN_IN)
        forget_session(response, request)
        return response

    async def _sign_in(self, request: Request, root: str) -> Response:
        form = await _form(request)
        ports = self._works.ports
        credentials = UserCredentials(
            form.get("partner", "").strip(),
            form.get("user", "").strip(),
            form.get("password", ""),
            request.client.host if request.client else "",
        )
        if self._limiter is None:
            self._limiter = CapacityLimiter(MOST_AT_ONCE_COUNT)  # it belongs to the event loop
        outcome = await to_thread.run_sync(
            lambda: sign_in(
                credentials,
                partners=ports.partners,
                users=ports.users,
                hasher=ports.hasher,
                ids=ports.ids,
                clock=ports.clock,
                backoff=self._backoff,
            ),
            limiter=self._limiter,
        )
        match outcome:
            case SignedIn(_, token):
                response = _elsewhere(root + _local(form.get("next", "/")))
                keep_session(response, request, token)
                _remember_partner(response, request, credentials.partner)
                return response
            case BadCredentials():
                return _page(request, "sign_in.bad", HTTPStatus.UNAUTHORIZED, form)
            case TooManyFailures(retry_after_s):
                seconds = math.ceil(retry_after_s)
                response = _page(request, "sign_in.wait", HTTPStatus.TOO_MANY_REQUESTS, form, seconds)
                response.headers["Retry-After"] = str(seconds)
                return response


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form of at most 4 KiB; of a larger or unreadable one none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_LIMIT_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _local(place: str) -> str:
    r"""A page of the dashboard, whatever was asked: `//host` and `/\host` are addresses of somebody else."""
    is_local = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return place if is_local else "/"


def _elsewhere(place: str) -> Response:
    return RedirectResponse(place, status_code=HTTPStatus.SEE_OTHER)


def _remember_partner(response: Response, request: Request, partner: str) -> None:
    """So that the company is written once per browser; it is no secret."""
    secure = is_secure(request)
    value = quote(partner)
    response.set_cookie(
        PARTNER_NAME, value, max_age=REMEMBERED_S, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _page(
    request: Request,
    message_key: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    form: dict[str, str] | None = None,
    seconds: int = 0,
) -> HTMLResponse:
    liked = preferences(request)
    words, filled = words_of(liked.language), form or {}
    remembered = unquote(request.cookies.get(PARTNER_NAME, ""))
    message = "" if message_key is None else words(message_key, seconds=seconds)
    fields = "".join(
        (
            _field(words, "partner", filled.get("partner", remembered), "organization"),
            _field(words, "user", filled.get("user", ""), "username"),
            _field(words, "password", "", "current-password", kind="password"),
        )
    )
    place = _local(filled.get("next", request.query_params.get("next", "/")))
    return HTMLResponse(
        _PAGE.format(
            language=liked.language,
            theme=liked.theme,
            title=html.escape(words("sign_in.title")),
            styles=styles(),
            icon=ICON,
            root=request.scope.get("root_path", "") + SIGN_IN,
            message=f'<p class="kw-alert" role="alert">{html.escape(message)}</p>' if message else "",
            fields=fields,
            place=html.escape(place),
            submit=html.escape(words("sign_in.submit")),
        ),
        status_code=status,
    )


def _field(words: Words, name: str, value: str, autocomplete: str, kind: str = "text") -> str:
    return (
        f'<label for="{name}">{html.escape(words(f"sign_in.{name}"))}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{html.escape(value)}" required '
        f'autocomplete="{autocomplete}" maxlength="200">'
    )


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} · kwartier</title>
<link rel="icon" href="{icon}"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>{styles}</style></head>
<body class="kw kw-theme-{theme}"><main class="kw-sign-in">
<h1><span class="kw-mark" aria-hidden="true"></span>kwartier</h1>
{message}<form method="post" action="{root}">{fields}<input type="hidden" name="next" value="{place}">
<button type="submit">{submit}</button></form></main></body></html>"""
