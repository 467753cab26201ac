"""The ledger as a JSON document, so that whoever runs it can keep it and go on after a restart."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from kwartier.tariffs.billing.peak_history import PeakRule
from kwartier.tariffs.ledger.ledger_quarter import LedgerQuarter
from kwartier.tariffs.ledger.month_ledger import MonthLedger
from kwartier.tariffs.ledger.month_record import MonthRecord, PeaksSoFar
from kwartier.tariffs.meter import LocalMonth


def ledger_document(ledger: MonthLedger) -> dict[str, Any]:
    """The quarter-hours and records of a ledger; its time zone and terms come from the site and its tariff."""
    return {
        "quarters": [_quarter_document(quarter) for _, quarter in sorted(ledger.quarters.items())],
        "closed": {str(month): _record_document(record) for month, record in sorted(ledger.closed.items())},
        "late_count": ledger.late_count,
    }


def ledger_of(document: Mapping[str, Any], timezone: tzinfo, terms: tuple[PeakRule, ...] = ()) -> MonthLedger:
    """The ledger of a document that `ledger_document` made. A term that is new has no peaks in its closed months."""
    quarters = [LedgerQuarter(**quarter) for quarter in document["quarters"]]
    return MonthLedger(
        timezone,
        terms,
        {quarter.quarter_index: quarter for quarter in quarters},
        {LocalMonth.parse(month): _record(record) for month, record in document["closed"].items()},
        document["late_count"],
    )


def _quarter_document(quarter: LedgerQuarter) -> dict[str, Any]:
    return {
        "quarter_index": quarter.quarter_index,
        "offtake_milliwh": quarter.offtake_milliwh,
        "injection_milliwh": quarter.injection_milliwh,
        "offtake_milliwh_by_phase": dict(quarter.offtake_milliwh_by_phase),
        "injection_milliwh_by_phase": dict(quarter.injection_milliwh_by_phase),
    }


def _record_document(record: MonthRecord) -> dict[str, Any]:
    return asdict(record) | {
        "peak_kw_by_term": {term: str(peak_kw) for term, peak_kw in record.peak_kw_by_term.items()},
        "offtake_kwh": str(record.offtake_kwh),
    }


def _record(document: Mapping[str, Any]) -> MonthRecord:
    return MonthRecord(
        PeaksSoFar(**document["peaks"]),
        {term: Decimal(peak_kw) for term, peak_kw in document["peak_kw_by_term"].items()},
        Decimal(document["offtake_kwh"]),
        document["known_count"],
        document["quarter_count"],
    )
