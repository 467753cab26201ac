"""Fetch the day-ahead prices of a market day from their publishers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kwartier.service.ports.price_source import (
    Fetched,
    NotYetPublished,
    PriceSource,
    Refused,
    Unreachable,
)
from kwartier.site.finding import Finding
from kwartier.tariffs.day_ahead.delivery import judge_delivery
from kwartier.tariffs.day_ahead.market_day import step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay

ORDINARY_QUARTER_HOURS_COUNT = 96
# Publishers round to cents.
CENT_EUR_PER_MWH = 0.011


@dataclass(frozen=True)
class PricesFetched:
    """The prices of the day; on a day of a clock change two publishers agree on them where there are two."""

    day: PriceDay


@dataclass(frozen=True)
class NoPricesFetched:
    """No publisher gave prices that can be kept; `reasons` has a line for each. What was known stays in force."""

    reasons: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_worth_a_line(self) -> bool:
        """Whether somebody should know; that a day is not published yet is no news."""
        return any(not reason.endswith(NOT_YET) for reason in self.reasons)


NOT_YET = "not published yet"


def fetch_prices(
    bidding_zone: str,
    day: date,
    *,
    sources: Sequence[PriceSource],
    now: datetime,
    earlier: PriceDay | None = None,
) -> PricesFetched | NoPricesFetched:
    """The prices of the first publisher that has a right delivery; `earlier` is what was known of that day.

    On the days on which clocks change every publisher is asked, since there they have been wrong (2025-10-26:
    EnergieID/entsoe-py issue 468): where two right deliveries differ, neither is believed.
    """
    reasons: list[str] = []
    findings: list[Finding] = []
    right: list[PriceDay] = []
    is_ordinary = len(step_starts(day, "PT15M")) == ORDINARY_QUARTER_HOURS_COUNT
    for source in sources:
        judged = _ask(source, bidding_zone, day, now, earlier)
        if isinstance(judged, PriceDay):
            right.append(judged)
            if is_ordinary:
                break
        elif isinstance(judged, str):
            reasons.append(f"{source.name}: {judged}")
        else:
            findings += judged
            reasons += [f"{source.name}: {finding.message}" for finding in judged]
    doubt = next(_disagreements(right), None)
    if doubt is not None:
        return NoPricesFetched((*reasons, doubt.message), (*findings, doubt))
    return PricesFetched(right[0]) if right else NoPricesFetched(tuple(reasons), tuple(findings))


def _ask(
    source: PriceSource, bidding_zone: str, day: date, now: datetime, earlier: PriceDay | None
) -> PriceDay | str | list[Finding]:
    match source.fetch(bidding_zone, day):
        case Fetched(delivery):
            return judge_delivery(delivery, known_at=now, source=source.name, earlier=earlier)
        case NotYetPublished():
            return NOT_YET
        case Refused(reason):
            return f"refused: {reason}"
        case Unreachable(reason):
            return f"unreachable: {reason}"


def _disagreements(days: Sequence[PriceDay]) -> Iterator[Finding]:
    for other in days[1:]:
        first = days[0]
        pairs = list(zip(first.quarter_hours_eur_per_mwh, other.quarter_hours_eur_per_mwh, strict=True))
        differing = sum(abs(one - two) > CENT_EUR_PER_MWH for one, two in pairs)
        if differing:
            yield Finding(
                "prices.sources_disagree",
                "ERROR",
                "$",
                f"{first.bidding_zone} {first.day.isoformat()}: {first.source} and {other.source} differ in "
                f"{differing} of {len(pairs)} quarter-hours of a day on which clocks change; compare with the exchange",
                observed=differing,
                allowed=0,
            )
