from datetime import timedelta

import numpy as np
import pytest

from kwartier.service.plan_assembly.forecasts import SeriesOutlook, series_outlooks
from kwartier.site.document import Site
from kwartier.site.metering.quarter_energy import QuarterEnergies
from tests.service.plan_assembly.facts_case import AT, SITE, facts, flat, local, with_power

END = AT + timedelta(days=3)


def outlook_of(name: str, quarters: dict[str, QuarterEnergies]) -> SeriesOutlook:
    return series_outlooks(facts(quarters), END)[name]


def power_w_at(outlook: SeriesOutlook, day: int, hour: int) -> float:
    index = (local(day, hour) - outlook.forecast.start) // timedelta(minutes=15)
    assert isinstance(outlook.forecast.power_w, list)
    value = outlook.forecast.power_w[index]
    assert value is not None
    return value


def test_a_steady_load_goes_on_from_the_running_quarter_hour_to_the_end() -> None:
    outlook = outlook_of("rest", {"main": flat(8_000.0)})
    assert outlook.forecast.start == local(10, 8, 30)
    assert outlook.forecast.power_w == [8_000.0] * (
        3 * 96 + 1
    )  # the running one is begun, and the last one is cut
    assert outlook.power.quality == "good"


def test_a_plan_counts_on_the_mean_of_a_good_forecast() -> None:
    # 4 kW and 12 kW at noon in turn for eight weeks: half of it is not planned, the mean is.
    main = flat(8_000.0)
    for day in range(1, 10):
        main = with_power(main, local(day, 12), 4_000.0 if day % 2 else 12_000.0)
    outlook = outlook_of("rest", {"main": main})
    assert outlook.power.quality == "good"
    assert power_w_at(outlook, 10, 12) == pytest.approx(float(outlook.power.mean_w[14]), abs=0.1)


def test_a_plan_counts_on_p90_of_a_degraded_forecast() -> None:
    main = flat(8_000.0)
    stale = QuarterEnergies(
        main.start_s,
        main.energy_wh,
        np.where(main.start_s > local(8, 8).timestamp(), 0.0, main.covered_ratio),
        main.from_power_ratio,
        (),
    )
    stale = with_power(stale, local(7, 12), 50_000.0)
    outlook = outlook_of("rest", {"main": stale})
    assert [finding.rule for finding in outlook.power.findings] == ["forecast.history_stale"]
    assert outlook.forecast.power_w == np.round(outlook.power.level_w(0.9), 1).tolist()
    assert "degraded, so planned on P90: nothing is known since 2026-06-08T06:15:00Z" in outlook.source


def test_a_series_of_which_nothing_is_known_has_the_default_shape_at_its_rating() -> None:
    outlook = outlook_of("rest", {})
    # 100 A at 400 V between the lines; P90 of a workday's morning is 0.53 of it (docs/forecasting.md).
    assert power_w_at(outlook, 10, 9) == pytest.approx(0.53 * 100 * 400 * 3**0.5, abs=0.1)
    assert outlook.source.startswith("default shape at the rating: nothing is known of the series; degraded")


def test_solar_power_of_which_nothing_is_known_is_hardly_counted_on() -> None:
    outlook = outlook_of("roof", {})
    # P90 of what is delivered: 0.17 of 63 A x 230 V x 3 under the sun of a June noon, some 870 W/m2.
    assert power_w_at(outlook, 10, 13) == pytest.approx(-0.17 * 43_470.0 * 0.87, rel=0.05)
    assert power_w_at(outlook, 10, 23) == 0.0


def test_on_a_single_phase_board_the_rating_is_that_of_one_phase() -> None:
    configuration = SITE["configurations"]["site_configuration"]
    flat_board = {"name": "flat", "line_current": 40, "collector_type": "1P"}
    boards = [
        configuration["collector_list"][0] | {"children": ["hub", "flat"]},
        configuration["collector_list"][1],
    ]
    home = {
        "name": "home",
        "collector": "flat",
        "type": "forecasted_series_3phase",
        "line_current": 40,
        "forecast_type": "load",
    }
    changed = configuration | {
        "collector_list": [*boards, flat_board],
        "device_list": [*configuration["device_list"], home],
    }
    site = Site.model_validate(
        SITE | {"configurations": SITE["configurations"] | {"site_configuration": changed}}
    )
    outlook = series_outlooks(facts(site=site), END)["home"]
    assert power_w_at(outlook, 10, 9) == pytest.approx(0.53 * 40 * 400 / 3**0.5, abs=0.1)


def test_a_series_without_a_meter_is_its_boards_meter_minus_all_else_below() -> None:
    quarters = {"main": flat(20e3), "hub": flat(11e3), "roof": flat(-8e3), "battery": flat(2e3)}
    assert power_w_at(outlook_of("rest", quarters), 10, 12) == 20e3 - 11e3 + 8e3 - 2e3


def test_below_a_board_without_a_meter_its_devices_count() -> None:
    quarters = {"main": flat(20e3), "pole": flat(7e3)}
    assert power_w_at(outlook_of("rest", quarters), 10, 12) == 13e3


def test_where_a_part_is_not_known_neither_is_the_rest() -> None:
    quarters = {"main": flat(20e3), "roof": flat(-8e3)}
    whole, lacking = outlook_of("rest", quarters), dict(quarters)
    for minutes in range(0, 4 * 24 * 60, 15):
        lacking["roof"] = with_power(lacking["roof"], local(1, 0) + timedelta(minutes=minutes), None)
    assert whole.source.startswith("weekday and time-of-day profile of 56 known days")
    assert outlook_of("rest", lacking).source.startswith("weekday and time-of-day profile of 52 known days")


def test_the_running_quarter_hour_is_no_history() -> None:
    quarters = flat(-1e3)
    only_running = QuarterEnergies(
        quarters.start_s,
        quarters.energy_wh,
        np.where(quarters.covered_ratio < 1.0, quarters.covered_ratio, 0.0),
        quarters.from_power_ratio,
        (),
    )
    outlook = outlook_of("roof", {"roof": only_running})
    assert outlook.source.startswith("clear sky at the rating: nothing is known of the series")


def test_where_the_meter_tells_the_phases_the_forecast_does() -> None:
    shares = {"rest": {"L1": 0.5, "L2": 0.5, "L3": 0.0}}
    outlook = series_outlooks(facts({"main": flat(8_000.0)}, shares_by_series=shares), END)["rest"]
    assert outlook.forecast.power_w == {
        "L1": [4_000.0] * 289,
        "L2": [4_000.0] * 289,
        "L3": [0.0] * 289,
    }
    assert outlook.source.endswith("; spread over the phases as in the last day")
