from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kwartier.service.money.daily_peaks import DailyPeak, daily_peaks
from kwartier.tariffs import LocalMonth, MeterSeries

BRUSSELS = ZoneInfo("Europe/Brussels")
# 23:00 UTC is midnight in Brussels: the first quarter-hour of 1 March.
MIDNIGHT = datetime(2026, 2, 28, 23, tzinfo=UTC)


def peaks(offtake_wh: dict[int, int]) -> tuple[DailyPeak, ...]:
    """Energies by quarter-hour after that midnight."""
    first = int(MIDNIGHT.timestamp()) // 900
    known = {first + place: energy_wh * 1_000 for place, energy_wh in offtake_wh.items()}
    return daily_peaks(MeterSeries.of(known, {}), LocalMonth(2026, 3), BRUSSELS)


def test_each_local_day_has_its_highest_quarter_hour() -> None:
    assert peaks({0: 1_000, 4: 3_000, 95: 2_000, 96: 500}) == (
        DailyPeak(date(2026, 3, 1), MIDNIGHT + timedelta(hours=1), 12_000.0, 3 / 96),
        DailyPeak(date(2026, 3, 2), MIDNIGHT + timedelta(days=1), 2_000.0, 1 / 96),
    )


def test_of_equal_ones_the_first_counts_and_another_month_does_not() -> None:
    (only,) = peaks({-1: 9_000, 4: 3_000, 5: 3_000})
    assert (only.start, only.power_w) == (MIDNIGHT + timedelta(hours=1), 12_000.0)


def test_a_day_on_which_nothing_flowed_has_a_peak_of_zero() -> None:
    assert [one.power_w for one in peaks({0: 0})] == [0.0]
