"""The routes of measurements."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from kwartier.adapters.http.bodies import (
    BATCH_LIMIT_BYTES,
    COMPONENT,
    LIMIT_BYTES,
    body_of,
    read_body,
    read_document,
)
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.measurements.batch import (
    LARGEST_COUNT,
    NDJSON,
    BatchResult,
    ItemResult,
    batch_document,
    read_batch,
    refusal_detail,
)
from kwartier.adapters.http.measurements.documents import (
    MeasurementPage,
    energy_documents,
    finding_documents,
    measurement_document,
)
from kwartier.adapters.http.measurements.example import EXAMPLE_BATCH, EXAMPLE_MEASUREMENT
from kwartier.adapters.http.measurements.query import MeasurementQuery, Measurements, span_of
from kwartier.adapters.http.measurements.tables import (
    ENERGY_COLUMNS,
    RAW_COLUMNS,
    Table,
    csv_chunks,
    energy_table,
    parquet_chunks,
    raw_table,
)
from kwartier.adapters.http.paging import page_document
from kwartier.adapters.http.places import place_key, place_of
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BATCH_TOO_LARGE, UNPROCESSABLE, Refused, refusal
from kwartier.service.caller import Caller
from kwartier.service.ingest_measurements import Refusal, ingest_measurements
from kwartier.service.measurement_row import RowOutcome
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.read_energies import AssetEnergies, read_energies
from kwartier.service.read_measurements import all_measurements, read_measurements
from kwartier.site.measurement import Measurement

ACCESS: AccessTable = {
    ("POST", "/v1/measurements"): Access.WRITE,
    ("POST", "/v1/measurements/batch"): Access.WRITE,
    ("GET", "/v1/sites/{site_id}/measurements"): Access.READ,
}
router = APIRouter(tags=["measurements"])

SiteId = Annotated[
    str, Path(pattern="^[a-zA-Z0-9_-]{1,64}$", description="The site's name.", examples=["brussels-hub"])
]
# A body that takes longer to read than the event loop may be held up (R42: 100 ms for all of them together).
INLINE_LIMIT_BYTES = 64 * 2**10
TABLE_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
T = TypeVar("T")


def _batch_body() -> dict[str, Any]:
    item = Measurement.model_json_schema(ref_template=COMPONENT)
    parts = item.pop("$defs")
    array = {"type": "array", "minItems": 1, "maxItems": LARGEST_COUNT, "items": item, "$defs": parts}
    lines = {
        "type": "string",
        "minLength": 1,
        "description": "One measurement as a JSON object on each line.",
    }
    content = {
        "application/json": {"schema": array, "example": EXAMPLE_BATCH},
        NDJSON: {"schema": lines, "example": "\n".join(map(json.dumps, EXAMPLE_BATCH))},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/v1/measurements",
    summary="Send a measurement",
    response_model=ItemResult,
    response_model_exclude_none=True,
    responses=answers(UnknownSite, QueueFull),
    openapi_extra=body_of(Measurement, EXAMPLE_MEASUREMENT),
)
async def ingest(request: Request, caller: CallerOf, ports: PortsOf) -> Response:
    """What became of the measurement, once it is stored durably.

    Measurements are known by asset and moment: the same one again changes nothing, other values replace the earlier
    ones, which are kept in a log. Late data are as good as any; more than 5 min in the future is refused.
    An asset that stands in no configuration is taken, and named in the site's validation status.
    """
    body = await read_body(request, limit_bytes=LIMIT_BYTES)
    ports.crash_points("request_read")
    measurement = await _off_loop(body, lambda: read_document(Measurement, body))
    (outcome,) = await _outcomes(caller, [measurement], ports)
    if isinstance(outcome, Refusal):
        raise Refused(UNPROCESSABLE, details=[refusal_detail(outcome)])
    if outcome == "unknown_site":
        raise refusal(UnknownSite())
    ports.crash_points("answer_ready")
    return json_response({"status": outcome})


@router.post(
    "/v1/measurements/batch",
    summary="Send many measurements",
    response_model=BatchResult,
    response_model_exclude_none=True,
    responses=answers(UnknownSite, QueueFull, BATCH_TOO_LARGE),
    openapi_extra=_batch_body(),
)
async def ingest_batch(request: Request, caller: CallerOf, ports: PortsOf) -> Response:
    """What became of each measurement, once all that could be taken are stored durably: at most 10,000 and 16 MiB.

    One that is refused keeps the others out of nothing. Where nothing could be taken, the answer is 404 (unknown sites
    only) or 422.
    """
    body = await read_body(request, limit_bytes=BATCH_LIMIT_BYTES, media_types=("application/json", NDJSON))
    ports.crash_points("request_read")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    batch = await _off_loop(body, lambda: read_batch(body, media_type))
    outcomes = await _outcomes(caller, batch.measurements, ports)
    document = batch_document(batch, outcomes)
    ports.crash_points("answer_ready")
    return json_response(document)


async def _off_loop(body: bytes, read: Callable[[], T]) -> T:
    """Read a body here, or in a thread where it is large."""
    return read() if len(body) <= INLINE_LIMIT_BYTES else await run_in_threadpool(read)


async def _outcomes(
    caller: Caller, measurements: Sequence[Measurement], ports: Ports
) -> list[RowOutcome | Refusal]:
    """What became of measurements; waits, without a thread, until they are durable."""
    pending = ingest_measurements(
        caller,
        measurements,
        writer=ports.measurement_writer,
        clock=ports.clock,
        crash_points=ports.crash_points,
    )
    if isinstance(pending, QueueFull):
        raise refusal(pending)
    await asyncio.wrap_future(pending.rows)
    return pending.outcomes()


@router.get(
    "/v1/sites/{site_id}/measurements",
    summary="Read measurements and energies",
    response_model=MeasurementPage,
    responses={
        200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in TABLE_TYPES.values()}},
        **answers(UnknownSite),
    },
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId, query: Measurements) -> Response:
    """A page of measurements as they were sent, or of energies; or all of a span as CSV or Parquet.

    Energies come from the meter's running total, from momentary powers where the total tells nothing, and never from a
    guess: `coveredRatio` says for how much of a period the energy is known, `findings` what is wrong with the total.
    """
    span = span_of(query, ports.clock.now())
    if query.format == "json":
        page = _raw_page if query.resolution == "raw" else _energy_page
        return json_response(page(caller, ports, site_id, query, span))
    columns, tables = _tables(caller, ports, site_id, query, span)
    chunks = csv_chunks if query.format == "csv" else parquet_chunks
    name = f'attachment; filename="{site_id}-{query.resolution}.{query.format}"'
    return StreamingResponse(
        chunks(columns, tables), media_type=TABLE_TYPES[query.format], headers={"Content-Disposition": name}
    )


def _raw_page(
    caller: Caller, ports: Ports, site_id: str, query: MeasurementQuery, span: Span
) -> dict[str, Any]:
    place = place_of(query.after_key, str, int)
    outcome = read_measurements(
        caller,
        site_id,
        query.asset_id,
        span,
        after=None if place is None else (str(place[0]), int(place[1])),
        page_size=query.page_size,
        sites=ports.sites,
        measurements=ports.measurements,
    )
    if isinstance(outcome, UnknownSite):
        raise refusal(outcome)
    last = outcome.items[-1].row if outcome.items else None
    last_key = None if last is None else place_key(last.asset_id, last.measured_us)
    data = [measurement_document(stored) for stored in outcome.items]
    return page_document(data, query, last_key=last_key, has_next_page=outcome.has_next_page)


def _energy_page(
    caller: Caller, ports: Ports, site_id: str, query: MeasurementQuery, span: Span
) -> dict[str, Any]:
    place = place_of(query.after_key, str, str)
    after = ("", "") if place is None else (str(place[0]), str(place[1]))
    found: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for asset in _energies(caller, ports, site_id, query, span, from_asset_id=after[0]):
        findings += finding_documents(asset)
        found += (one for one in energy_documents(asset) if (one["assetId"], one["start"]) > after)
        if len(found) > query.page_size:
            break
    data = found[: query.page_size]
    last_key = place_key(data[-1]["assetId"], data[-1]["start"]) if data else None
    page = page_document(data, query, last_key=last_key, has_next_page=len(found) > query.page_size)
    return {**page, "findings": findings}


def _energies(
    caller: Caller,
    ports: Ports,
    site_id: str,
    query: MeasurementQuery,
    span: Span,
    *,
    from_asset_id: str = "",
) -> Iterator[AssetEnergies]:
    if query.resolution == "raw":
        raise ValueError("raw measurements have no periods")
    outcome = read_energies(
        caller,
        site_id,
        query.asset_id,
        span,
        query.resolution,
        from_asset_id=from_asset_id,
        sites=ports.sites,
        measurements=ports.measurements,
    )
    if isinstance(outcome, UnknownSite):
        raise refusal(outcome)
    return outcome


def _tables(
    caller: Caller, ports: Ports, site_id: str, query: MeasurementQuery, span: Span
) -> tuple[Sequence[str], Iterator[Table]]:
    """The columns of an export and its chunks, which are read while they are sent."""
    if query.resolution != "raw":
        return ENERGY_COLUMNS, map(energy_table, _energies(caller, ports, site_id, query, span))
    outcome = all_measurements(
        caller, site_id, query.asset_id, span, sites=ports.sites, measurements=ports.measurements
    )
    if isinstance(outcome, UnknownSite):
        raise refusal(outcome)
    return RAW_COLUMNS, map(raw_table, outcome)
