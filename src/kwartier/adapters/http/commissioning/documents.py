"""Commissioning facts as read over REST."""

from typing import Any

from pydantic import Field

from kwartier.service.commissioning.asset_report import (
    AssetReport,
    LastReading,
    PhaseCheck,
    PhaseVerdict,
    Role,
)
from kwartier.service.read_commissioning import Commissioning
from kwartier.units.instant import Instant, format_instant
from kwartier.units.phase import PhaseName
from kwartier.units.wire import WireModel


class LastReadingDocument(WireModel):
    """The last reading of an asset."""

    measured_at: Instant
    power_w: float = Field(description="W, positive when consumed.")
    charge_percent: float | None = Field(description="State of charge, percent; null where none was told.")
    pins: list[str] = Field(description="The pins or phases that it names.")


class PhaseCheckDocument(WireModel):
    """One pin: where it should hang by the document, and which phase of a meter moves when it does alone."""

    pin: str
    meter: str = Field(description="The nearest collector above it whose meter tells its phases.")
    expected: PhaseName = Field(description="The meter's phase on which the document has it.")
    reacting: PhaseName | None = Field(
        description="The phase that reacts most; null with fewer than 3 moves."
    )
    certainty_ratio: float | None = Field(description="0 to 1: how sure it is that it is that one.")
    moves_count: int = Field(description="How many times the pin has moved alone by 460 W or more in 6 h.")
    verdict: PhaseVerdict = Field(
        description="`confirmed`, `likely`, `differs`, or `not_yet`: not sure enough."
    )


class AssetReportDocument(WireModel):
    """One asset."""

    name: str = Field(description="Its name.")
    role: Role = Field(description="`unknown`: it sends data and stands in no configuration.")
    kind: str = Field(description="The device's type, `1P` or `3P` of a collector.")
    collector: str | None = Field(description="What it hangs on.")
    must_send: bool = Field(description="Whether planning always needs its measurements.")
    last: LastReadingDocument | None = Field(description="Its last reading; null: it never sent.")
    interval_s: float | None = Field(description="The usual time between its readings in the last hour, s.")
    phases: list[PhaseCheckDocument] = Field(description="Of AC poles, pin by pin.")


class CommissioningDocument(WireModel):
    """The assets of a site at a moment: devices, collectors, then what is not configured."""

    at: Instant
    assets: list[AssetReportDocument]


def commissioning_document(found: Commissioning) -> dict[str, Any]:
    """The JSON value of a site's commissioning facts."""
    return {"at": format_instant(found.at), "assets": [_asset(one) for one in found.assets]}


def _asset(one: AssetReport) -> dict[str, Any]:
    return {
        **vars(one),
        "last": None if one.last is None else _last(one.last),
        "phases": [_phase(check) for check in one.phases],
    }


def _last(last: LastReading) -> dict[str, Any]:
    return {**vars(last), "measured_at": format_instant(last.measured_at), "pins": list(last.pins)}


def _phase(check: PhaseCheck) -> dict[str, Any]:
    return {**vars(check), "verdict": check.verdict}
