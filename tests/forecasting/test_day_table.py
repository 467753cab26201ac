import numpy as np
import pytest

from kwartier.forecasting.day_table import day_table
from tests.forecasting.cases import GHENT, history, moment_s


@pytest.mark.parametrize(
    ("day", "next_day", "quarters"),
    [("2026-03-29", "2026-03-30", 92), ("2026-10-25", "2026-10-26", 100), ("2026-06-01", "2026-06-02", 96)],
)
def test_a_local_day_fills_one_row_also_where_the_clock_changes(
    day: str, next_day: str, quarters: int
) -> None:
    # Summer time in the EU starts on the last Sunday of March and ends on the last of October (directive 2000/84/EC).
    told = history(day, np.arange(quarters + 1.0))
    table = day_table(told, GHENT.timezone, moment_s(next_day))
    assert table.history_row.tolist() == [0] * quarters + [1]
    assert table.power_w[1, 0] == quarters
    assert np.count_nonzero(~np.isnan(table.power_w[0])) == min(quarters, 96)


def test_the_hour_that_does_not_occur_is_not_known_and_the_one_that_occurs_twice_is_its_mean() -> None:
    spring = day_table(history("2026-03-29", np.arange(92.0)), GHENT.timezone, moment_s("2026-03-29T23:00"))
    assert np.flatnonzero(np.isnan(spring.power_w[0])).tolist() == [8, 9, 10, 11]
    autumn = day_table(history("2026-10-25", np.arange(100.0)), GHENT.timezone, moment_s("2026-10-25T23:00"))
    # 02:00 comes as the 9th and as the 13th quarter-hour of that day.
    assert autumn.power_w[0, 8] == (8 + 12) / 2


def test_days_without_any_value_have_rows_too() -> None:
    table = day_table(history("2026-06-01", np.array([7.0])), GHENT.timezone, moment_s("2026-06-04T05:00"))
    assert table.power_w.shape == (4, 96)
    assert np.nansum(table.power_w) == 7.0
