"""Which measurements are asked for."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from kwartier.adapters.http.paging import PageQuery
from kwartier.adapters.http.problems import BAD_SPAN, Refused
from kwartier.service.measurement_row import epoch_us
from kwartier.service.ports.measurement_archive import Span
from kwartier.site.measurement import MeasuredAt
from kwartier.units.text import Name

DEFAULT_SPAN = timedelta(days=1)
# A year and its change days; more is asked for year by year.
LONGEST_SPAN = timedelta(days=367)
# What a spreadsheet opens whole: 1,048,576 rows (Microsoft, «Excel specifications and limits»). It is a year of one
# asset's readings each minute, nearly twice.
MOST_EXPORT_ROWS_COUNT = 1_000_000


class MeasurementQuery(PageQuery):
    """Which measurements, from when to when, in which form; other query parameters are refused."""

    asset_id: Name | None = Field(default=None, description="One asset only; absent: all of the site.")
    from_: MeasuredAt | None = Field(
        default=None, alias="from", description="The first moment; absent: a day before `to`."
    )
    to: MeasuredAt | None = Field(
        default=None, description="The end, itself outside; absent: now. At most 367 days after `from`."
    )
    resolution: Literal["raw", "PT15M", "PT1H", "P1D"] = Field(
        default="raw",
        description="`raw`: as they were sent. Else energies per quarter-hour, hour or day of the site's clock.",
    )
    format: Literal["json", "csv", "parquet"] = Field(
        default="json",
        description="`csv` and `parquet` hold the whole span, at most 1,000,000 rows; `after` and `page_size` do not "
        "count.",
    )


Measurements = Annotated[MeasurementQuery, Query()]


def span_of(query: MeasurementQuery, now: datetime) -> Span:
    """The span that is asked for; raises Refused where it ends before it starts, or is too long."""
    end = query.to or now
    start = query.from_ or end - DEFAULT_SPAN
    if not timedelta() <= end - start <= LONGEST_SPAN:
        raise Refused(BAD_SPAN)
    return Span(epoch_us(start), epoch_us(end))
