"""Hours and days are those of the site's clock; their energy is that of their quarter-hours in UTC (R31, R32)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kwartier.site.metering.local_periods import Resolution, period_boundaries_s, period_energies
from kwartier.site.metering.quarter_energy import quarter_energies
from kwartier.site.metering.readings import Readings

BRUSSELS = ZoneInfo("Europe/Brussels")


def local_s(text: str, zone: ZoneInfo = BRUSSELS) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Brussels", "2026-03-29", 23.0),
        ("Europe/Brussels", "2026-10-25", 25.0),
        ("Europe/Brussels", "2026-06-01", 24.0),
        ("Europe/London", "2026-03-29", 23.0),
        ("UTC", "2026-03-29", 24.0),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ],
)
def test_a_local_day_has_the_length_that_the_zone_gives_it(zone: str, day: str, hours: float) -> None:
    noon_s = local_s(f"{day}T12:00", ZoneInfo(zone))
    bounds = period_boundaries_s(noon_s, noon_s + 1, "P1D", ZoneInfo(zone))
    assert (np.diff(bounds) / 3600).tolist() == [hours]
    assert bounds[0] == local_s(day, ZoneInfo(zone))


def test_a_year_in_brussels_has_35040_quarter_hours_in_365_days() -> None:
    bounds = period_boundaries_s(local_s("2026-01-01"), local_s("2027-01-01"), "P1D", BRUSSELS)
    assert len(bounds) - 1 == 365
    assert (bounds[-1] - bounds[0]) / 900 == 35_040


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    bounds = period_boundaries_s(local_s("2026-10-25"), local_s("2026-10-26"), "PT1H", BRUSSELS)
    assert np.diff(bounds).tolist() == [3600.0] * 25


def test_a_span_is_widened_to_whole_periods() -> None:
    bounds = period_boundaries_s(local_s("2026-06-01T08:20"), local_s("2026-06-01T09:10"), "PT1H", BRUSSELS)
    assert bounds.tolist() == [local_s(f"2026-06-01T{hour}") for hour in ("08:00", "09:00", "10:00")]


@pytest.mark.parametrize("resolution", ["PT15M", "PT1H", "P1D"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_change_day_has_the_energy_of_its_real_length(day: str, resolution: Resolution) -> None:
    start_s = local_s(day)
    end_s = float(period_boundaries_s(start_s, start_s + 1, "P1D", BRUSSELS)[-1])
    time_s = np.arange(start_s, end_s + 1, 300)
    steady = Readings(time_s, (time_s - start_s) / 3.6, np.full_like(time_s, 1_000.0))  # 1 kW
    bounds = period_boundaries_s(start_s, end_s, resolution, BRUSSELS)
    found = period_energies(quarter_energies(steady, start_s, end_s), bounds)
    assert found.energy_wh.sum() == pytest.approx((end_s - start_s) / 3.6)
    assert found.covered_ratio == pytest.approx(np.ones(len(bounds) - 1))


def test_a_day_of_which_half_is_known_says_so() -> None:
    start_s = local_s("2026-06-01")
    time_s = np.arange(start_s, start_s + 12 * 3600 + 1, 300)
    morning = Readings(time_s, (time_s - start_s) / 3.6, np.full_like(time_s, 1_000.0))
    bounds = period_boundaries_s(start_s, start_s + 86_400, "P1D", BRUSSELS)
    found = period_energies(quarter_energies(morning, start_s, start_s + 86_400), bounds)
    assert found.energy_wh.tolist() == pytest.approx([12_000.0])
    assert found.covered_ratio.tolist() == pytest.approx([0.5])
