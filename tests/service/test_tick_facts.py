"""Which planned peaks the guard holds, and what the open quarter-hour has used of them."""

from datetime import UTC, datetime, timedelta

import pytest

from kwartier.control.facts import QuarterTarget
from kwartier.control.planned_peak import PlannedPeak
from kwartier.control.wiring import control_site
from kwartier.service.dispatching.live_readings import LiveReading, LiveReadings
from kwartier.service.dispatching.tick_facts import Heard, tick_facts
from kwartier.service.measurement_row import measurement_row
from kwartier.site.measurement import Measurement, PinName, PinReading
from kwartier.testing.fakes.clock import FakeClock
from kwartier.units.phase import PHASES
from tests.control import sites as s

KEY = ("alpha", "hall")
BEGINS = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
BY_PHASE = tuple(
    PlannedPeak("main", phase, highest_w) for phase, highest_w in zip(PHASES, (9e3, 6e3, 3e3), strict=True)
)
TOTAL = PlannedPeak("main", None, 20e3)


def heard(*told_w: dict[PinName, float] | float) -> LiveReading:
    """The last of readings of the main meter, a minute apart from the quarter-hour's first minute on."""
    live = LiveReadings(FakeClock(BEGINS))
    live.watch(KEY, frozenset({"main"}), phased=frozenset({"main"}))
    for number, one in enumerate(told_w, start=1):
        at = BEGINS + number * timedelta(minutes=1)
        by_phase = one if isinstance(one, dict) else {}
        reading = Measurement(
            asset_id="main",
            timestamp=at,
            energy_value=0.0,
            power_value=sum(by_phase.values()) if isinstance(one, dict) else one,
            pins={phase: PinReading(power_value=power_w) for phase, power_w in by_phase.items()} or None,
        )
        live.heard([measurement_row(*KEY, reading, int(at.timestamp() * 1e6))])
    return live.of_site(KEY)["main"]


def targets(
    reading: LiveReading, *peaks: PlannedPeak, main: s.Json | None = None
) -> tuple[QuarterTarget, ...]:
    site = control_site(s.configuration([main or s.four_wire("main", 63)], [s.pole("pole")]))
    known = Heard(
        at=datetime.fromtimestamp(reading.row.measured_us / 1e6, UTC),
        clock_s=reading.heard_clock_s,
        readings={"main": reading},
        running=(),
        plan=None,
        peaks=peaks,
        operator=None,
    )
    return tick_facts(site, known).quarter


def test_each_phase_is_held_to_its_own_peak_with_its_own_energy() -> None:
    found = targets(
        heard({"L1": 6_000.0, "L2": 600.0, "L3": -600.0}, {"L1": 0.0, "L2": 600.0, "L3": -600.0}), *BY_PHASE
    )
    assert [(one.phase, one.highest_w) for one in found] == [("L1", 9e3), ("L2", 6e3), ("L3", 3e3)]
    # A minute at the first reading's power, and one at the mean of both: 100 + 50 Wh; 10 + 10; -10 - 10.
    assert [one.used_wh for one in found] == pytest.approx([150.0, 20.0, -20.0])


def test_a_meter_that_tells_the_total_only_is_held_to_the_sum() -> None:
    (found,) = targets(heard(6_000.0), *BY_PHASE)
    assert (found.phase, found.highest_w) == (None, 18e3)
    assert found.used_wh == pytest.approx(100.0)


def test_three_wires_are_held_to_the_sum_since_a_meters_phase_is_no_pair() -> None:
    reading = heard(dict.fromkeys(PHASES, 2_000.0))
    (found,) = targets(reading, *BY_PHASE, main=s.three_wire("main", 63))
    assert (found.phase, found.highest_w) == (None, 18e3)


def test_a_peak_of_all_phases_stands_beside_those_of_single_ones() -> None:
    found = targets(heard(dict.fromkeys(PHASES, 2_000.0)), TOTAL, *BY_PHASE)
    assert [one.phase for one in found] == [None, *PHASES]


def test_a_reading_of_the_quarter_hour_before_holds_nothing() -> None:
    reading = heard(6_000.0)
    old = reading.row._replace(measured_us=reading.row.measured_us - 120_000_000)
    later = LiveReading(old, reading.heard_clock_s, 0.0)
    site = control_site(s.configuration([s.four_wire("main", 63)], [s.pole("pole")]))
    known = Heard(BEGINS, 0.0, {"main": later}, (), None, (TOTAL,), None)
    assert tick_facts(site, known).quarter == ()
