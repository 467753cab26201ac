"""GET /openapi.json and /docs."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.description.page import HEADERS, page
from kwartier.adapters.http.description.reference import reference
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
def read_page(request: Request) -> Response:
    """The same as a page to read; nothing in it comes from elsewhere, and it runs no program."""
    document = request.app.openapi()
    return HTMLResponse(page(document["info"]["title"], reference(document)), headers=HEADERS)
