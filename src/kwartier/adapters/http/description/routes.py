"""GET /openapi.json and /docs."""

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html

from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.documents import json_response

ACCESS: AccessTable = {
    ("GET", "/openapi.json"): Access.PUBLIC,
    ("GET", "/docs"): Access.PUBLIC,
}
router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def read_description(request: Request) -> Response:
    """The OpenAPI description. Making it takes most of a second, so this runs in a thread, once."""
    return json_response(request.app.openapi())


@router.get("/docs")
def read_page() -> Response:
    """The description as a page; the browser fetches the page's program from a public address."""
    return get_swagger_ui_html(openapi_url="/openapi.json", title="kwartier")
