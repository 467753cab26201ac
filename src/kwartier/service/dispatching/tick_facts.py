"""The facts of a control tick, made of what is stored and heard about a site."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kwartier.control.facts import (
    DeviceReading,
    MeterReading,
    Occupied,
    OperatorFacts,
    OperatorLimit,
    PlanInForce,
    QuarterTarget,
    TickFacts,
)
from kwartier.control.planned_peak import PlannedPeak
from kwartier.control.wiring import ControlSite
from kwartier.service.dispatching.live_readings import LiveReading, power_w_by_phase
from kwartier.service.operator_limits import OperatorLimits
from kwartier.site.transaction import Transaction
from kwartier.site.tree import Board
from kwartier.units.phase import PHASES, PhaseName
from kwartier.units.quarter_hour import epoch_s, quarter_start_s


@dataclass(frozen=True)
class Heard:
    """What is known of a site at a moment, beside its document.

    `heartbeat_age_s` and `limits_age_s` say how long ago the grid operator was heard, and its limits were set.
    """

    at: datetime
    clock_s: float
    readings: Mapping[str, LiveReading]
    running: Iterable[Transaction]
    plan: PlanInForce | None
    peaks: tuple[PlannedPeak, ...]
    operator: OperatorLimits | None
    heartbeat_age_s: float = 0.0
    limits_age_s: float = 0.0


def tick_facts(site: ControlSite, heard: Heard) -> TickFacts:
    """The facts, each with its age on the clock that never jumps."""
    meters = {
        name: _meter(heard.readings[name], heard.clock_s)
        for name in site.tree.boards
        if name in heard.readings
    }
    devices = {
        device.name: _device(heard.readings[device.name], heard.clock_s)
        for device in site.devices
        if device.name in heard.readings
    }
    return TickFacts(
        at=heard.at,
        clock_s=heard.clock_s,
        meters=meters,
        devices=devices,
        occupied={one.asset_id: _occupied(one) for one in heard.running},
        plan=heard.plan,
        quarter=tuple(_targets(site, heard)),
        operator=_operator(heard),
    )


def _pins(reading: LiveReading) -> dict[str, dict[str, float]]:
    pins: dict[str, dict[str, float]] = json.loads(reading.row.pins) if reading.row.pins else {}
    return pins


def _meter(reading: LiveReading, clock_s: float) -> MeterReading:
    pins = _pins(reading)
    known: list[PhaseName] = [phase for phase in PHASES if phase in pins]
    return MeterReading(
        age_s=reading.age_s(clock_s),
        current_a_by_phase={
            phase: pins[phase]["currentValue"] for phase in known if "currentValue" in pins[phase]
        },
        power_w=reading.row.power_w,
        power_w_by_phase=power_w_by_phase(reading.row),
    )


def _device(reading: LiveReading, clock_s: float) -> DeviceReading:
    pins = _pins(reading)
    current_a = {name: told["currentValue"] for name, told in pins.items() if "currentValue" in told}
    return DeviceReading(
        age_s=reading.age_s(clock_s),
        current_a_by_pin=current_a or None,
        power_w=reading.row.power_w,
        state_of_charge=reading.row.charge_percent,
    )


def _occupied(car: Transaction) -> Occupied:
    return Occupied(
        transaction_id=car.transaction_id,
        pins=frozenset(car.used_charging_pins) if car.used_charging_pins else None,
        is_taking=car.transaction_state != "SuspendedEV",
    )


def _targets(site: ControlSite, heard: Heard) -> Iterable[QuarterTarget]:
    """The planned peaks with what the open quarter-hour has used, where the root's meter was heard in it."""
    quarter_s = quarter_start_s(epoch_s(heard.at))
    for root in site.tree.roots:
        reading = heard.readings.get(root.name)
        if reading is None or reading.row.measured_us / 1e6 < quarter_s:
            continue
        age_s = reading.age_s(heard.clock_s)
        now_w = power_w_by_phase(reading.row)
        peaks = [one for one in heard.peaks if one.root == root.name]
        for peak in _told_peaks(root, reading.quarter_wh_by_phase, peaks):
            used_wh = reading.quarter_wh if peak.phase is None else reading.quarter_wh_by_phase[peak.phase]
            power_w = reading.row.power_w if peak.phase is None else now_w[peak.phase]
            used_wh += power_w * max(0.0, age_s) / 3600.0
            yield QuarterTarget(root.name, peak.highest_w, used_wh, age_s, peak.phase)


def _told_peaks(
    root: Board, counted_wh: Mapping[PhaseName, float], peaks: Sequence[PlannedPeak]
) -> Iterable[PlannedPeak]:
    """The peaks as the meter can be held against them: of single phases where it tells those, else their sum.

    On three wires a meter's phase is none of the pairs that a peak of single phases counts.
    """
    phased = [peak for peak in peaks if peak.phase is not None]
    yield from (peak for peak in peaks if peak.phase is None)
    if phased and (root.three_wire or any(peak.phase not in counted_wh for peak in phased)):
        yield PlannedPeak(root.name, None, sum(peak.highest_w for peak in phased))
    else:
        yield from phased


def _operator(heard: Heard) -> OperatorFacts | None:
    told = heard.operator
    if told is None:
        return None
    limits = tuple(
        OperatorLimit(
            one.collector, one.offtake_w, one.injection_w, one.current_a, start=one.start, end=one.end
        )
        for one in told.limits
    )
    if not told.failsafe:  # nobody promised a heartbeat: silence means nothing
        return OperatorFacts((), heartbeat_age_s=0.0, limits_age_s=0.0, limits=limits)
    return OperatorFacts(
        failsafe=tuple(
            OperatorLimit(one.collector, one.offtake_w, one.injection_w, one.current_a)
            for one in told.failsafe
        ),
        heartbeat_age_s=heard.heartbeat_age_s,
        limits_age_s=heard.limits_age_s,
        limits=limits,
    )
