"""POST /v1/site-findings."""

from fastapi import APIRouter, Response

from kwartier.adapters.http.bodies import Body, body_of, read_object
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.site_findings.documents import AnySite, FindingsDocument, findings_document
from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.judge_document import judge_document

PATH = "/v1/site-findings"
ACCESS: AccessTable = {("POST", PATH): Access.READ}
router = APIRouter(tags=["validation"])


@router.post(
    PATH,
    summary="Judge a site document without storing it",
    response_model=FindingsDocument,
    openapi_extra=body_of(AnySite, EXAMPLE_SITE),
)
def judge(_: CallerOf, ports: PortsOf, body: Body) -> Response:
    """Everything that is wrong with it, each problem with its JSON path: for editors, at each change.

    Any object is taken. Where a part cannot be read the rest is judged all the same.
    """
    return json_response(findings_document(judge_document(read_object(body), clock=ports.clock)))
