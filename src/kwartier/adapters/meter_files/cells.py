"""One cell of a meter file: an energy, a moment; what is wrong with it goes into the report."""

import re
from datetime import datetime

from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.tariffs.meter.meter_series import MOST_MILLIWH, kwh
from kwartier.units.instant import parse_instant
from kwartier.units.quarter_hour import QUARTER_S

_NUMBER = re.compile(r"([+-]?)(\d{0,12})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,3}))?")
_MOST_SHIFT = 40
_DECIMALS = 6  # a millionth of a kWh is the milliwatt-hour that series are kept in


def energy_milliwh(text: str, place: Place, name: str, report: Report) -> int | None:
    """The energy that a text in kWh means, None for an empty cell or one that the report now has a finding about."""
    cleaned = text.strip().replace("\u00a0", "")
    if not cleaned:
        return None
    value = _milliwh(cleaned.replace(",", "."))
    fault = _fault(value, cleaned)
    if fault is not None:
        rule, what = fault
        report.error(rule, place, f"{name} is {what}", cleaned)
        return None
    return value


def _fault(value_milliwh: int | None, text: str) -> tuple[str, str] | None:
    """The rule that a value breaks and what is wrong with it, None where nothing is."""
    if value_milliwh is None:
        return "number", f"{text!r}, which is no number: write one in kWh, or leave it empty"
    if value_milliwh < 0:
        return "negative", f"{text} kWh: an energy is at least 0; injection has a column of its own"
    if value_milliwh > MOST_MILLIWH:
        return "too_large", f"{text} kWh: at most {kwh(MOST_MILLIWH)} kWh are read; is it in Wh?"
    return None


def _milliwh(text: str) -> int | None:
    """Exact up to six decimals, rounded half up beyond; None for what is no plain number (NaN and infinity too)."""
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, decimals, exponent = match.groups()
    digits = f"{whole or ''}{decimals or ''}"
    shift = _DECIMALS - len(decimals or "") + int(exponent or 0)
    if abs(shift) > _MOST_SHIFT:
        return None if shift > 0 else 0
    power = 10 ** abs(shift)
    value: int = int(digits) * power if shift >= 0 else (int(digits) * 2 + power) // (2 * power)
    return -value if sign == "-" else value


def read_quarter_index(text: str, place: Place, report: Report) -> int | None:
    """The quarter-hour that starts at an RFC 3339 moment with an offset, None with a finding where it is none."""
    moment = moment_of(text, place, report)
    if moment is None:
        return None
    start_s = moment.timestamp()
    if start_s % QUARTER_S:
        message = f"{text.strip()} is no start of a quarter-hour: they start at :00, :15, :30 and :45"
        report.error("not_a_quarter", place, message, text.strip())
        return None
    return int(start_s) // QUARTER_S


def moment_of(text: str, place: Place, report: Report) -> datetime | None:
    """The UTC moment of an RFC 3339 text, None with a finding where it is none, as without an offset."""
    try:
        return parse_instant(text.strip())
    except ValueError as fault:
        report.error("time", place, f"{text.strip()!r}: {fault}", text.strip())
        return None
