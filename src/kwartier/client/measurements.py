"""Measurements: sending them, and reading them or their energies back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from kwartier.adapters.http.archive.documents import MeasurementPage, PeriodEnergy, ReadMeasurement
from kwartier.adapters.http.measurements.batch import BatchResult, ItemResult
from kwartier.client.call import Call, Listing, document_of, json_of, sending
from kwartier.site.measurement import Measurement

ALL = "/v1/sites/{site_id}/measurements"

Resolution = Literal["raw", "PT15M", "PT1H", "P1D"]

_MANY = TypeAdapter(list[Measurement])


def send(measurement: Measurement) -> Call[ItemResult]:
    """What became of a measurement, once it is stored durably; its `site_id` says of which site it is."""
    return Call("POST", "/v1/measurements", read=document_of(ItemResult), **sending(json_of(measurement)))


def send_many(measurements: Sequence[Measurement]) -> Call[BatchResult]:
    """What became of each of at most 10,000 measurements, in their order, once they are stored durably."""
    content = _MANY.dump_json(list(measurements), exclude_none=True)
    return Call("POST", "/v1/measurements/batch", read=document_of(BatchResult), **sending(content))


def read(
    site_id: str,
    *,
    asset_id: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    resolution: Resolution = "raw",
    page_size: int = 100,
) -> Listing[ReadMeasurement | PeriodEnergy]:
    """Measurements as they were sent (`raw`), or energies in Wh per period of the site's clock; of the last day, else.

    `start` and `end` carry an offset; `end` itself is outside, at most 367 days later.
    """
    span = _span(asset_id, start, end, resolution)
    return Listing(
        lambda after: Call(
            "GET",
            ALL,
            read=document_of(MeasurementPage),
            ids={"site_id": site_id},
            query={**span, "after": after, "page_size": page_size},
        )
    )


def table(
    site_id: str,
    kind: Literal["csv", "parquet"],
    *,
    asset_id: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    resolution: Resolution = "raw",
) -> Call[bytes]:
    """The whole span as one file."""
    query = _span(asset_id, start, end, resolution) | {"format": kind}
    return Call("GET", ALL, read=lambda answer: answer.content, ids={"site_id": site_id}, query=query)


def _span(
    asset_id: str | None, start: datetime | None, end: datetime | None, resolution: Resolution
) -> dict[str, str | None]:
    return {
        "asset_id": asset_id,
        "from": None if start is None else start.isoformat(),
        "to": None if end is None else end.isoformat(),
        "resolution": resolution,
    }
