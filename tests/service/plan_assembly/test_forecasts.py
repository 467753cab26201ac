from datetime import timedelta

import numpy as np

from kwartier.planning.request import SeriesForecast
from kwartier.service.plan_assembly.forecasts import series_outlooks
from kwartier.site.metering.quarter_energy import QuarterEnergies
from tests.service.plan_assembly.facts_case import AT, facts, flat, local, with_power

END = AT + timedelta(days=3)


def forecast_of(name: str, quarters: dict[str, QuarterEnergies]) -> SeriesForecast:
    outlook = series_outlooks(facts(quarters), END)[name]
    assert outlook.forecast is not None, outlook.note
    return outlook.forecast


def power_w_at(forecast: SeriesForecast, day: int, hour: int) -> float:
    index = (local(day, hour) - forecast.start) // timedelta(minutes=15)
    assert isinstance(forecast.power_w, list)
    value = forecast.power_w[index]
    assert value is not None
    return value


def test_a_steady_series_goes_on_from_the_running_quarter_hour_to_the_end() -> None:
    forecast = forecast_of("roof", {"roof": flat(-8_000.0)})
    assert forecast.start == local(10, 8, 30)
    assert forecast.power_w == [-8_000.0] * (3 * 96 + 1)  # the running one is begun, and the last one is cut


def test_a_working_day_is_the_mean_of_the_working_days_at_that_time() -> None:
    roof = flat(0.0)
    # 12:00 of Wed 3 to Tue 9 June; Saturday 6 and Sunday 7 count for themselves.
    for day, power_w in ((3, -1e3), (4, -2e3), (5, -3e3), (6, -70e3), (7, -80e3), (8, -4e3), (9, -5e3)):
        roof = with_power(roof, local(day, 12), power_w)
    forecast = forecast_of("roof", {"roof": roof})
    assert power_w_at(forecast, 10, 12) == -3e3
    assert power_w_at(forecast, 12, 12) == -3e3
    assert power_w_at(forecast, 13, 8) == 0.0


def test_a_saturday_is_the_saturday_before() -> None:
    roof = with_power(flat(-1e3), local(6, 7), -9e3)
    assert power_w_at(forecast_of("roof", {"roof": roof}), 13, 7) == -9e3


def test_without_the_kind_of_day_every_day_counts_at_that_time() -> None:
    roof = flat(-1e3)
    for day in (3, 4, 5, 8, 9):
        roof = with_power(roof, local(day, 12), None)
    roof = with_power(with_power(roof, local(6, 12), -4e3), local(7, 12), -6e3)
    assert power_w_at(forecast_of("roof", {"roof": roof}), 10, 12) == -5e3


def test_without_that_time_the_mean_of_all_counts() -> None:
    roof = flat(-1e3)
    for day in range(3, 10):
        roof = with_power(roof, local(day, 12), None)
    assert abs(power_w_at(forecast_of("roof", {"roof": roof}), 10, 12) + 1e3) < 1e-9


def test_what_is_older_than_seven_days_says_nothing() -> None:
    roof = with_power(
        flat(-1e3), local(2, 12), -50e3
    )  # Tuesday of last week: in the month, not in the seven days
    assert power_w_at(forecast_of("roof", {"roof": roof}), 10, 12) == -1e3


def test_a_series_without_a_meter_is_its_boards_meter_minus_all_else_below() -> None:
    quarters = {"main": flat(20e3), "hub": flat(11e3), "roof": flat(-8e3), "battery": flat(2e3)}
    assert power_w_at(forecast_of("rest", quarters), 10, 12) == 20e3 - 11e3 + 8e3 - 2e3


def test_below_a_board_without_a_meter_its_devices_count() -> None:
    quarters = {"main": flat(20e3), "pole": flat(7e3)}
    assert power_w_at(forecast_of("rest", quarters), 10, 12) == 13e3


def test_where_a_part_is_not_known_neither_is_the_rest() -> None:
    roof = with_power(flat(-8e3), local(9, 12), None)
    outlook = series_outlooks(facts({"main": flat(20e3), "roof": roof}), END)["rest"]
    assert outlook.note.endswith("of 670 known quarter-hours")


def test_a_series_without_history_is_left_out_and_said() -> None:
    outlook = series_outlooks(facts({"main": flat(1e3)}), END)["roof"]
    assert outlook.forecast is None
    assert outlook.note == "roof: nothing measured in the last 7 days to forecast from"


def test_the_note_says_where_the_forecast_comes_from() -> None:
    outlook = series_outlooks(facts({"roof": flat(-1.0)}), END)["roof"]
    assert outlook.note == (
        "roof: forecast as the mean of the last 7 days at the same time, of 671 known quarter-hours"
    )


def test_the_running_quarter_hour_is_no_history() -> None:
    quarters = flat(-1e3)
    only_running = QuarterEnergies(
        quarters.start_s,
        quarters.energy_wh,
        np.where(quarters.covered_ratio < 1.0, quarters.covered_ratio, 0.0),
        quarters.from_power_ratio,
        (),
    )
    assert series_outlooks(facts({"roof": only_running}), END)["roof"].forecast is None
