"""The route that reads measurements back."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from kwartier.adapters.http.archive.documents import (
    MeasurementPage,
    energy_documents,
    finding_documents,
    measurement_document,
)
from kwartier.adapters.http.archive.query import (
    MOST_EXPORT_ROWS_COUNT,
    MeasurementQuery,
    Measurements,
    span_of,
)
from kwartier.adapters.http.archive.tables import (
    ENERGY_COLUMNS,
    RAW_COLUMNS,
    Table,
    csv_chunks,
    energy_table,
    parquet_chunks,
    raw_table,
)
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.paging import page_document
from kwartier.adapters.http.places import place_key, sort_key
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, BAD_SPAN, refusal
from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.read_energies import SiteEnergies, read_energies
from kwartier.service.read_measurements import TooManyRows, bounded_measurements, read_measurements

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/measurements"): Access.READ}
router = APIRouter(tags=["measurements"])

SiteId = Annotated[
    str, Path(pattern="^[a-zA-Z0-9_-]{1,64}$", description="The site's name.", examples=["brussels-hub"])
]
TABLE_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@router.get(
    "/v1/sites/{site_id}/measurements",
    summary="Read measurements and energies",
    response_model=MeasurementPage,
    responses={
        200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in TABLE_TYPES.values()}},
        **answers(UnknownSite, BAD_SPAN, BAD_CURSOR, TooManyRows),
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
    place = sort_key(query.after_key, str, int)
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
    place = sort_key(query.after_key, str, str)
    after = ("", "") if place is None else (str(place[0]), str(place[1]))
    found: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for asset in _energies(caller, ports, site_id, query, span, from_asset_id=after[0]).assets:
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
) -> SiteEnergies:
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
    """The columns of an export and its chunks, which are read while they are sent; raises Refused for a long one."""
    if query.resolution != "raw":
        energies = _energies(caller, ports, site_id, query, span)
        if energies.row_count > MOST_EXPORT_ROWS_COUNT:
            raise refusal(TooManyRows())
        return ENERGY_COLUMNS, map(energy_table, energies.assets)
    outcome = bounded_measurements(
        caller,
        site_id,
        query.asset_id,
        span,
        most_rows_count=MOST_EXPORT_ROWS_COUNT,
        sites=ports.sites,
        measurements=ports.measurements,
    )
    if isinstance(outcome, UnknownSite | TooManyRows):
        raise refusal(outcome)
    return RAW_COLUMNS, map(raw_table, outcome)
