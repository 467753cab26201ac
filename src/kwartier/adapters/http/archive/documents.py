"""Measurements and energies as they are read back."""

import json
import math
from collections.abc import Iterator
from typing import Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.service.measurement_row import StoredRow
from kwartier.service.read_energies import AssetEnergies
from kwartier.site.measurement import Measurement, PinReading
from kwartier.units.instant import Instant, format_instant
from kwartier.units.quarter_hour import from_epoch_s
from kwartier.units.wire import WireModel

DECIMALS = 6  # a millionth of a Wh; what lies behind is the arithmetic's


class ReadMeasurement(Measurement):
    """A measurement, with when it came and how often it was corrected."""

    received_at: Instant = Field(description="When the service took it in.")
    revision: int = Field(description="How often it was corrected; 0: never.")


class PeriodEnergy(WireModel):
    """The energy of one asset in one period."""

    asset_id: str = Field(alias="assetId")
    start: Instant
    end: Instant
    energy_wh: float | None = Field(
        alias="energyWh", description="Wh, positive when consumed; null where nothing of the period is known."
    )
    covered_ratio: float = Field(
        alias="coveredRatio", description="0 to 1: the part of the period for which the energy is known."
    )
    from_power_ratio: float = Field(
        alias="fromPowerRatio",
        description="0 to 1: the part that momentary powers tell, because the meter's total tells nothing there.",
    )


class MeterFinding(WireModel):
    """A fault of a meter's running total; nothing of it is in the energies, and nothing is repaired."""

    asset_id: str = Field(alias="assetId")
    fault: str
    start: Instant
    end: Instant
    rise_wh: float = Field(alias="riseWh", description="What the total rose by, Wh.")
    flow_wh: float = Field(alias="flowWh", description="What the powers say that flowed, Wh.")
    message: str


class MeasurementPage(PageOf[ReadMeasurement | PeriodEnergy]):
    """A page of measurements, or of energies with what is wrong with their meters."""

    findings: list[MeterFinding] | None = None


def measurement_document(stored: StoredRow) -> dict[str, Any]:
    """The JSON value of a measurement; what was not sent is left out."""
    row = stored.row
    document: dict[str, Any] = {
        "assetId": row.asset_id,
        "timestamp": moment(row.measured_us),
        "energyValue": row.energy_total_wh,
        "powerValue": row.power_w,
        "siteId": row.site_id,
        "receivedAt": moment(row.received_us),
        "revision": stored.revision_number,
    }
    if row.charge_percent is not None:
        document["currentStateOfCharge"] = row.charge_percent
    if row.pins is not None:
        document["pins"] = {
            pin: PinReading.model_validate(told).model_dump(exclude_none=True)
            for pin, told in json.loads(row.pins).items()
        }
    return document


def moment(moment_us: int) -> str:
    """RFC 3339 in UTC."""
    return format_instant(from_epoch_s(moment_us / 1e6))


def energy_documents(asset: AssetEnergies) -> Iterator[dict[str, Any]]:
    """The JSON value of each period."""
    periods = asset.periods
    columns = (
        periods.start_s.tolist(),
        (periods.start_s + periods.length_s).tolist(),
        periods.energy_wh.tolist(),
        periods.covered_ratio.tolist(),
        periods.from_power_ratio.tolist(),
    )
    for start_s, end_s, energy_wh, covered, from_power in zip(*columns, strict=True):
        yield {
            "assetId": asset.asset_id,
            "start": format_instant(from_epoch_s(start_s)),
            "end": format_instant(from_epoch_s(end_s)),
            "energyWh": None if math.isnan(energy_wh) else round(energy_wh, DECIMALS),
            "coveredRatio": round(covered, DECIMALS),
            "fromPowerRatio": round(from_power, DECIMALS),
        }


def finding_documents(asset: AssetEnergies) -> Iterator[dict[str, Any]]:
    """The JSON value of each fault of the asset's meter."""
    for finding in asset.findings:
        yield {
            "assetId": asset.asset_id,
            "fault": finding.fault,
            "start": format_instant(from_epoch_s(finding.from_s)),
            "end": format_instant(from_epoch_s(finding.to_s)),
            "riseWh": round(finding.rise_wh, DECIMALS),
            "flowWh": round(finding.flow_wh, DECIMALS),
            "message": finding.message,
        }
