"""GET /healthz, /readyz and /metrics."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_FAULT, Refused
from kwartier.service.faults import StoreUnavailable

ACCESS: AccessTable = {
    ("GET", "/healthz"): Access.PUBLIC,
    ("GET", "/readyz"): Access.PUBLIC,
    ("GET", "/metrics"): Access.PUBLIC,
}
router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Is the process alive?", response_model=dict[str, str])
async def read_health() -> Response:
    """Always `{"status": "ok"}`; no answer means that the process should be started anew."""
    return json_response({"status": "ok"})


@router.get(
    "/readyz",
    summary="Can it work?",
    response_model=dict[str, str],
    responses=answers(StoreUnavailable),
)
async def read_readiness(request: Request) -> Response:
    """`{"status": "ready"}` when the database answers; 503 while it does not."""
    if not await run_in_threadpool(request.app.state.is_ready):
        raise Refused(PROBLEM_BY_FAULT[StoreUnavailable])
    return json_response({"status": "ready"})


@router.get(
    "/metrics",
    summary="Figures for the monitoring",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def read_metrics(request: Request) -> Response:
    """Counters and durations in Prometheus' text format."""
    text = generate_latest(request.app.state.figures.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
