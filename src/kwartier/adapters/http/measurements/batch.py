"""A batch of measurements: JSON or NDJSON in, an answer for each item out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from kwartier.adapters.http.bodies import BATCH_LIMIT_BYTES, read_value, shape_details
from kwartier.adapters.http.problems import (
    NOTHING_TAKEN,
    PROBLEM_BY_OUTCOME,
    UNPROCESSABLE,
    Refused,
    refusal,
)
from kwartier.service.ingest_measurements import InTheFuture
from kwartier.service.measurement_row import RowOutcome
from kwartier.service.outcomes import UnknownSite
from kwartier.site.measurement import SentMeasurement
from kwartier.units.wire import WireModel

LARGEST_COUNT = 10_000  # contract.md, section 6
# Of a batch in which everything is wrong, so many details are answered.
MOST_DETAILS_COUNT = 100

NDJSON = "application/x-ndjson"

Detail = dict[str, Any]
_ALL = TypeAdapter(list[SentMeasurement])


class ItemResult(WireModel):
    """What became of one measurement of a batch."""

    status: Literal["stored", "unchanged", "corrected", "refused"] = Field(
        description="`stored` is new, `unchanged` was there already, `corrected` replaced other values."
    )
    detail: list[dict[str, Any]] | None = Field(
        default=None,
        description="Of a refused one: each rule that it breaks (type), where (loc), what is allowed.",
    )


class BatchResult(WireModel):
    """What became of a batch; `items` has one entry for each measurement, in the order in which they were sent."""

    stored: int = Field(description="New ones.")
    unchanged: int = Field(description="Those that were there already, with the same values.")
    corrected: int = Field(description="Those that replaced other values.")
    refused: int = Field(description="Those that were not taken; the others of the batch were.")
    items: list[ItemResult]


@dataclass(frozen=True)
class Batch:
    """The measurements that could be read, in order, and what is wrong with the others, by position."""

    measurements: Sequence[SentMeasurement]
    faults: Mapping[int, list[Detail]]


def read_batch(body: bytes, media_type: str) -> Batch:
    """The items of a body; raises Refused for what is no batch, or has none or more than 10,000 of them."""
    if media_type == NDJSON:
        return _read_lines([line for line in body.split(b"\n") if line.strip()])
    value = read_value(body, limit_bytes=BATCH_LIMIT_BYTES)
    if not isinstance(value, list):
        words = (
            "the body must be an array of measurements, or one measurement per line as application/x-ndjson"
        )
        raise Refused(UNPROCESSABLE, details=[_detail("shape.type", ["body"], words)])
    _check_count(len(value))
    try:
        return Batch(_ALL.validate_python(value), {})
    except ValidationError:
        return _sorted_out([_judged(item, position) for position, item in enumerate(value)])


def _read_lines(lines: list[bytes]) -> Batch:
    _check_count(len(lines))
    return _sorted_out([_judged_line(line, position) for position, line in enumerate(lines)])


def _check_count(count: int) -> None:
    if not 1 <= count <= LARGEST_COUNT:
        words = f"a batch has 1 to {LARGEST_COUNT:,} items; send more in several batches"
        raise Refused(UNPROCESSABLE, details=[_detail("shape.length", ["body"], words)])


def _judged_line(line: bytes, position: int) -> SentMeasurement | list[Detail]:
    try:
        return _judged(read_value(line, limit_bytes=BATCH_LIMIT_BYTES), position)
    except Refused as error:
        return [_placed(detail, position) for detail in error.details or ()]


def _judged(item: Any, position: int) -> SentMeasurement | list[Detail]:
    try:
        return SentMeasurement.model_validate(item)
    except ValidationError as error:
        return [_placed(detail, position) for detail in shape_details(SentMeasurement, error)]


def _sorted_out(judged: list[SentMeasurement | list[Detail]]) -> Batch:
    good = [one for one in judged if isinstance(one, SentMeasurement)]
    faults = {position: one for position, one in enumerate(judged) if not isinstance(one, SentMeasurement)}
    return Batch(good, faults)


def _placed(detail: Detail, position: int) -> Detail:
    """The same detail with the item's position behind "body"."""
    return {**detail, "loc": ["body", position, *detail["loc"][1:]]}


def _detail(rule: str, place: list[str | int], words: str) -> Detail:
    return {"type": rule, "loc": place, "msg": words}


def batch_document(batch: Batch, outcomes: Sequence[RowOutcome | InTheFuture]) -> dict[str, Any]:
    """The answer to a batch.

    Raises Refused where nothing of it was taken: 422 where something has not the shape of a measurement, 404 where all
    sites are unknown, else 400.
    """
    rest = iter(outcomes)
    count = len(batch.measurements) + len(batch.faults)
    items = [
        {"status": "refused", "detail": batch.faults[position]}
        if position in batch.faults
        else _item(next(rest), position)
        for position in range(count)
    ]
    counts = Counter(item["status"] for item in items)
    if counts["refused"] == count:
        raise _nothing_taken(batch, outcomes)
    summary = {status: counts[status] for status in ("stored", "unchanged", "corrected", "refused")}
    return {**summary, "items": items}


def _nothing_taken(batch: Batch, outcomes: Sequence[RowOutcome | InTheFuture]) -> Refused:
    if batch.faults:
        details = [detail for found in batch.faults.values() for detail in found]
        return Refused(UNPROCESSABLE, details=details[:MOST_DETAILS_COUNT])
    if all(outcome == "unknown_site" for outcome in outcomes):
        return refusal(UnknownSite())
    return Refused(NOTHING_TAKEN)


def _item(outcome: RowOutcome | InTheFuture, position: int) -> dict[str, Any]:
    if outcome == "unknown_site":
        return _refused(UnknownSite, position, "siteId")
    if isinstance(outcome, InTheFuture):
        return _refused(InTheFuture, position, "timestamp")
    return {"status": outcome}


def _refused(kind: type, position: int, name: str) -> dict[str, Any]:
    problem = PROBLEM_BY_OUTCOME[kind]
    return {"status": "refused", "detail": [_detail(problem.code, ["body", position, name], problem.detail)]}
