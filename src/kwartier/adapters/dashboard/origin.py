"""Whether a request comes from the dashboard's own pages, and not from somebody else's in the same browser."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def is_own(connection: HTTPConnection) -> bool:
    """False where the browser says that another site's page is behind it (CSRF, cross-site WebSocket hijacking).

    Browsers name the page's origin with every form and WebSocket (Fetch Standard, section 3.2); what sends none is no
    browser, and has no cookies that it did not put there itself.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc == connection.headers.get("host", "")
