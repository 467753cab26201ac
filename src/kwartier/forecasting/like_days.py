"""How much a past day tells about another day: by the kinds of the two, and by the time between them.

The window, the weights of the kinds, and holidays as Sundays are those that docs/forecasting.md found on public series.
"""

from datetime import date

import numpy as np

from kwartier.forecasting.power_history import FloatArray, IntArray
from kwartier.site.public_holidays import public_holidays

WINDOW_DAYS = 56
SAME_WEEKDAY, OTHER_WORKDAY, OTHER_REST_DAY, OTHER_KIND = 1.0, 0.6, 0.42, 0.03
_SATURDAY, _SUNDAY = 5, 6


def day_kind_numbers(day_numbers: IntArray, country: str | None) -> IntArray:
    """0 (Monday) to 6 (Sunday and holidays) for proleptic ordinals, shape (n,).

    >>> day_kind_numbers(
    ...     np.array([date(2025, 7, 21).toordinal()]), "BE"
    ... ).tolist()  # a Monday, Belgium's national day
    [6]
    """
    weekdays = (day_numbers - 1) % 7
    if country is None or not day_numbers.size:
        return np.asarray(weekdays)
    years = range(date.fromordinal(int(day_numbers[0])).year, date.fromordinal(int(day_numbers[-1])).year + 1)
    free = [day.toordinal() for year in years for day in public_holidays(country, year)]
    return np.where(np.isin(day_numbers, free), _SUNDAY, weekdays)


def kind_weights(target_kind_numbers: IntArray, past_kind_numbers: IntArray) -> FloatArray:
    """How much a past day of one kind tells about a target day of another, 0 to 1, shape (targets, past days)."""
    target, past = target_kind_numbers[:, None], past_kind_numbers[None, :]
    are_workdays = (target < _SATURDAY) & (past < _SATURDAY)
    are_rest_days = (target >= _SATURDAY) & (past >= _SATURDAY)
    unlike = np.where(are_workdays, OTHER_WORKDAY, np.where(are_rest_days, OTHER_REST_DAY, OTHER_KIND))
    return np.where(target == past, SAME_WEEKDAY, unlike)


def age_weights(target_days: IntArray, past_days: IntArray, half_life_days: float) -> FloatArray:
    """How much of a past day's weight is left, 0 to 1, shape (targets, past days); none of the day itself or later."""
    age_days = target_days[:, None] - past_days[None, :]
    return np.where(age_days > 0, 0.5 ** (np.maximum(age_days, 0) / half_life_days), 0.0)
