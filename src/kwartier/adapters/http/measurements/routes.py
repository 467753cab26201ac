"""The routes that take measurements in."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kwartier.adapters.http.bodies import (
    BATCH_LIMIT_BYTES,
    COMPONENT,
    LIMIT_BYTES,
    body_of,
    read_body,
    read_document,
)
from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.direct_route import DirectRoute
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.measurements.batch import (
    LARGEST_COUNT,
    NDJSON,
    Batch,
    BatchResult,
    ItemResult,
    batch_document,
    read_batch,
)
from kwartier.adapters.http.measurements.example import EXAMPLE_BATCH, EXAMPLE_MEASUREMENT
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import NOTHING_TAKEN, refusal
from kwartier.service.caller import Caller
from kwartier.service.ingest_measurements import InTheFuture, PendingIngest, ingest_measurements
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.site.measurement import SentMeasurement

ACCESS: AccessTable = {
    ("POST", "/v1/measurements"): Access.WRITE,
    ("POST", "/v1/measurements/batch"): Access.WRITE,
}
router = APIRouter(tags=["measurements"], route_class=DirectRoute)

T = TypeVar("T")

# A body that takes longer to read than the event loop may be held up (R42: 100 ms for all of them together).
INLINE_LIMIT_BYTES = 64 * 2**10


def _batch_body() -> dict[str, Any]:
    item = SentMeasurement.model_json_schema(ref_template=COMPONENT)
    parts = item.pop("$defs")
    array = {"type": "array", "minItems": 1, "maxItems": LARGEST_COUNT, "items": item, "$defs": parts}
    content = {
        "application/json": {"schema": array, "example": EXAMPLE_BATCH},
        NDJSON: {
            "schema": {**array, "description": "Each measurement as a JSON object on a line of its own."},
            "example": EXAMPLE_BATCH,
        },
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/v1/measurements",
    summary="Send a measurement",
    response_model=ItemResult,
    response_model_exclude_none=True,
    responses=answers(UnknownSite, InTheFuture, QueueFull),
    openapi_extra=body_of(SentMeasurement, EXAMPLE_MEASUREMENT),
)
async def ingest(request: Request) -> Response:
    """What became of the measurement, once it is stored durably.

    Measurements are known by asset and moment: the same one again changes nothing, other values replace the earlier
    ones, which are kept in a log. Late data are as good as any; more than 5 min in the future is refused.
    An asset that stands in no configuration is taken, and named in the site's validation status.
    """
    ports: Ports = request.app.state.ports
    body = await read_body(request, limit_bytes=LIMIT_BYTES)
    ports.crash_points("request_read")
    measurement = await _off_loop(body, lambda: read_document(SentMeasurement, body))
    pending = _submit(request.state.caller, [measurement], ports)
    await request.app.state.landing.wait(pending.rows)
    (outcome,) = pending.outcomes()
    if isinstance(outcome, InTheFuture):
        raise refusal(outcome)
    if outcome == "unknown_site":
        raise refusal(UnknownSite())
    ports.crash_points("answer_ready")
    return json_response({"status": outcome})


@router.post(
    "/v1/measurements/batch",
    summary="Send many measurements",
    response_model=BatchResult,
    response_model_exclude_none=True,
    responses=answers(UnknownSite, NOTHING_TAKEN, QueueFull),
    openapi_extra=_batch_body(),
)
async def ingest_batch(request: Request) -> Response:
    """What became of each measurement, once all that could be taken are stored durably: at most 10,000 and 16 MiB.

    One that is refused keeps the others out of nothing. Where nothing could be taken, the answer is 422 (some have not
    the shape of a measurement), 404 (unknown sites only) or 400.
    """
    ports: Ports = request.app.state.ports
    body = await read_body(request, limit_bytes=BATCH_LIMIT_BYTES, media_types=("application/json", NDJSON))
    ports.crash_points("request_read")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()

    def taken_in() -> tuple[Batch, PendingIngest]:
        batch = read_batch(body, media_type)
        return batch, _submit(request.state.caller, batch.measurements, ports)

    batch, pending = await _off_loop(body, taken_in)
    await request.app.state.landing.wait(pending.rows)
    response = await _off_loop(body, lambda: json_response(batch_document(batch, pending.outcomes())))
    ports.crash_points("answer_ready")
    return response


async def _off_loop(body: bytes, work: Callable[[], T]) -> T:
    """Do what a body needs here, or in a thread where the body is large."""
    return work() if len(body) <= INLINE_LIMIT_BYTES else await run_in_threadpool(work)


def _submit(caller: Caller, measurements: Sequence[SentMeasurement], ports: Ports) -> PendingIngest:
    """Measurements on their way to the store; raises Refused where the queue is full."""
    pending = ingest_measurements(
        caller,
        [(measurement.site_id, measurement) for measurement in measurements],
        writer=ports.measurement_writer,
        clock=ports.clock,
        crash_points=ports.crash_points,
    )
    if isinstance(pending, QueueFull):
        raise refusal(pending)
    return pending
