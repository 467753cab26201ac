from datetime import date

import numpy as np

from kwartier.forecasting.like_days import age_weights, day_kind_numbers, kind_weights


def days(*texts: str) -> np.ndarray:
    return np.array([date.fromisoformat(text).toordinal() for text in texts], dtype=np.int64)


def test_kinds_are_weekdays_and_a_holiday_is_a_sunday() -> None:
    # 20 July 2026 is a Monday; 21 July is Belgium's national day.
    assert day_kind_numbers(days("2026-07-20", "2026-07-21", "2026-07-22"), "BE").tolist() == [0, 6, 2]
    assert day_kind_numbers(days("2026-07-21"), None).tolist() == [1]


def test_a_country_that_nobody_knows_has_no_holidays() -> None:
    assert day_kind_numbers(days("2026-01-01"), "ZZ").tolist() == [3]


def test_days_tell_about_each_other_as_the_design_measured() -> None:
    # forecasting.md: same weekday 1, other workday 0.6, weekend 0.42, other 0.03
    monday, tuesday, saturday, sunday = 0, 1, 5, 6
    weights = kind_weights(np.array([monday, saturday]), np.array([monday, tuesday, saturday, sunday]))
    assert weights.tolist() == [[1.0, 0.6, 0.03, 0.03], [0.03, 0.03, 1.0, 0.42]]


def test_a_day_loses_half_its_weight_per_half_life_and_tells_nothing_about_itself_or_the_past() -> None:
    weights = age_weights(np.array([20]), np.array([10, 15, 20, 21]), 5.0)
    assert weights.tolist() == [[0.25, 0.5, 0.0, 0.0]]
