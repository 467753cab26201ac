"""What the dashboard keeps in a browser: whose session it is, and how the user likes to read."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from kwartier.adapters.dashboard.catalogue import language_of
from kwartier.service.sign_in import SESSION_LIFE

# RFC 6265bis, section 4.1.3.2: a browser takes a cookie of this prefix over https only, for this host and no other.
SECURE_NAME = "__Host-kwartier_session"
PLAIN_NAME = "kwartier_session"
LANGUAGE_NAME = "kwartier_language"
THEME_NAME = "kwartier_theme"
PARTNER_NAME = "kwartier_partner"
THEMES = ("auto", "light", "dark")
REMEMBERED_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """How a user likes to read; nothing of it is secret."""

    language: str
    theme: str


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser came over https, to this server or to a trusted proxy in front of it."""
    return connection.url.scheme in {"https", "wss"}


def session_token(connection: HTTPConnection) -> str:
    """The token in the browser's cookie; empty where there is none."""
    return connection.cookies.get(SECURE_NAME if is_secure(connection) else PLAIN_NAME, "")


def keep_session(response: Response, connection: HTTPConnection, token: str) -> None:
    """Have the browser keep a session: unreadable for scripts, not sent from others' pages."""
    secure = is_secure(connection)
    response.set_cookie(
        SECURE_NAME if secure else PLAIN_NAME,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def forget_session(response: Response, connection: HTTPConnection) -> None:
    """Have the browser forget the session."""
    secure = is_secure(connection)
    response.delete_cookie(
        SECURE_NAME if secure else PLAIN_NAME, path="/", secure=secure, httponly=True, samesite="lax"
    )


def preferences(connection: HTTPConnection) -> Preferences:
    """How the user likes to read: as chosen here, else as the browser says."""
    theme = connection.cookies.get(THEME_NAME, "auto")
    accepted = connection.headers.get("accept-language", "")
    language = language_of(connection.cookies.get(LANGUAGE_NAME), accepted)
    return Preferences(language, theme if theme in THEMES else "auto")
