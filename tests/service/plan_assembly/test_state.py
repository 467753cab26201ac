from datetime import timedelta

import numpy as np

from kwartier.planning.request import SiteState
from kwartier.service.plan_assembly.facts import ToldCharge
from kwartier.service.plan_assembly.state import site_state
from kwartier.site.metering.quarter_energy import QuarterEnergies
from tests.service.plan_assembly.facts_case import AT, facts, flat, local, with_power


def state(quarters: dict[str, QuarterEnergies], **changed: object) -> SiteState:
    known = facts(quarters, **changed)
    configuration = known.site.configurations.site_configuration
    assert configuration is not None
    return site_state(known, configuration)


def test_a_battery_is_as_full_as_it_said_last() -> None:
    told = ToldCharge(55.0, AT - timedelta(minutes=15))
    assert state({}, charges={"battery": told}).batteries["battery"].state_of_charge == 55.0


def test_what_it_said_long_ago_or_never_counts_for_nothing() -> None:
    old = ToldCharge(55.0, AT - timedelta(minutes=15, seconds=1))
    assert state({}, charges={"battery": old}).batteries == {}
    assert state({}).batteries == {}


def test_the_months_peaks_are_the_highest_whole_quarter_hours_of_each_direction() -> None:
    main = with_power(with_power(flat(5e3), local(2, 17, 30), 41_200.0), local(7, 13), -12e3)
    peaks = state({"main": main}).month_peaks["main"]
    assert (peaks.offtake_w, peaks.injection_w) == (41_200.0, 12_000.0)


def test_a_peak_of_last_month_is_none_of_this_one() -> None:
    at = local(3, 8, 37)  # the seven days before reach into May
    main = flat(5e3, at)
    may_s = main.start_s < local(1, 0).timestamp()
    assert may_s.any()
    energies = QuarterEnergies(
        main.start_s, np.where(may_s, 20e3, main.energy_wh), main.covered_ratio, main.from_power_ratio, ()
    )
    assert state({"main": energies}, at=at).month_peaks["main"].offtake_w == 5e3


def test_the_running_quarter_hour_so_far_counts_its_energy_and_is_no_peak() -> None:
    main = with_power(flat(4e3), local(10, 8, 30), 8e3)  # 2,000 Wh, read up to now: 450 s
    found = state({"main": main})
    assert found.quarter_so_far["main"].offtake_wh == 2_000.0
    assert found.month_peaks["main"].offtake_w == 4e3


def test_the_seconds_since_the_last_reading_go_on_like_those_before() -> None:
    main = flat(4e3)
    late = QuarterEnergies(
        main.start_s,
        np.where(main.covered_ratio < 1.0, 300.0, main.energy_wh),
        np.where(main.covered_ratio < 1.0, 270.0 / 900.0, main.covered_ratio),
        main.from_power_ratio,
        (),
    )
    # 300 Wh in the 270 s that are read make 500 Wh in the 450 s that have passed.
    assert round(state({"main": late}).quarter_so_far["main"].offtake_wh, 9) == 500.0


def test_energy_that_flows_out_is_injection() -> None:
    found = state({"main": flat(-8e3)}).quarter_so_far["main"]
    assert (found.offtake_wh, found.injection_wh) == (0.0, 1_000.0)  # 8 kW over 450 s


def test_only_roots_have_peaks() -> None:
    assert state({"hub": flat(5e3)}).month_peaks == {}
