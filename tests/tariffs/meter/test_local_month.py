"""Local months: their days, their quarter-hours, their order."""

import pytest

from kwartier.tariffs.meter import LocalMonth
from tests.tariffs.meter_making import BRUSSELS, quarter_index


@pytest.mark.parametrize(
    ("month", "days", "quarters"),
    [
        ("2026-01", 31, 2976),
        ("2026-03", 31, 2972),  # the clock goes forward on the 29th
        ("2026-10", 31, 2980),  # and back on the 25th
        ("2026-02", 28, 2688),
        ("2028-02", 29, 2784),
    ],
)
def test_a_month_has_its_days_and_its_quarter_hours(month: str, days: int, quarters: int) -> None:
    made = LocalMonth.parse(month)
    assert (made.days, len(made.quarter_indices(BRUSSELS))) == (days, quarters)


def test_a_month_begins_at_local_midnight() -> None:
    assert LocalMonth(2026, 7).quarter_indices(BRUSSELS).start == quarter_index("2026-06-30T22:00:00Z")


def test_twelve_months_end_with_the_month_itself() -> None:
    months = LocalMonth(2026, 2).last(12)
    assert (str(months[0]), str(months[-1]), len(months)) == ("2025-03", "2026-02", 12)
    assert months == sorted(months)


@pytest.mark.parametrize("text", ["2026", "2026-00", "2026-13", "26-01", "2026-1", "9999-01", ""])
def test_other_texts_are_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-03"):
        LocalMonth.parse(text)
