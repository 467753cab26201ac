from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.service.money.coming_quarters import ComingQuarters, coming_quarters
from kwartier.tariffs import LocalMonth, MeterSeries

BRUSSELS = ZoneInfo("Europe/Brussels")
MONTH = LocalMonth(2026, 6).quarter_indices(BRUSSELS)
DAY = 96
MILLIWH = 1_000_000


def index(day: int, hour: int = 0) -> int:
    """The quarter-hour that begins at a local hour of June 2026; the 1st is a Monday."""
    return int(datetime(2026, 6, day, hour, tzinfo=BRUSSELS).astimezone(UTC).timestamp()) // 900


def to_month_end(
    offtake_kwh: dict[int, int], now: int, planned_wh: dict[int, float] | None = None
) -> ComingQuarters:
    meter = MeterSeries.of(
        {at: kwh * MILLIWH for at, kwh in offtake_kwh.items()}, dict.fromkeys(offtake_kwh, 0)
    )
    return coming_quarters(meter, MONTH, now, planned_wh or {}, BRUSSELS, "BE")


def kwh_at(found: ComingQuarters, at: int) -> float | None:
    place = at - found.meter.first_quarter_index
    net = found.meter.offtake_milliwh[place] - found.meter.injection_milliwh[place]
    return float(net) / MILLIWH if found.meter.is_offtake_known[place] else None


def test_a_coming_quarter_hour_is_that_of_the_last_day_of_its_kind() -> None:
    # Monday the 1st and Monday the 8th at noon; on Monday the 15th the later one is repeated.
    known = dict.fromkeys(range(index(1), index(10)), 1) | {index(1, 12): 5, index(8, 12): 7, index(9, 12): 3}
    found = to_month_end(known, index(10))
    assert (kwh_at(found, index(15, 12)), kwh_at(found, index(16, 12))) == (7.0, 3.0)
    assert (found.planned_count, found.repeated_count, found.unknown_count) == (0, 21 * DAY, 0)
    assert found.meter.end_quarter_index == MONTH.stop


def test_what_is_planned_counts_first_also_where_it_injects() -> None:
    found = to_month_end(dict.fromkeys(range(index(1), index(10)), 1), index(10), {index(10, 12): -2_500.0})
    assert kwh_at(found, index(10, 12)) == -2.5
    assert (found.planned_count, found.repeated_count) == (1, 21 * DAY - 1)


def test_a_gap_of_the_past_stays_unknown_and_is_not_repeated() -> None:
    known = {at: 1 for at in range(index(1), index(10)) if at != index(8, 12)} | {index(1, 12): 5}
    found = to_month_end(known, index(10))
    assert kwh_at(found, index(8, 12)) is None
    assert kwh_at(found, index(15, 12)) == 5.0


def test_without_any_day_the_rest_of_the_month_is_unknown() -> None:
    found = to_month_end({}, index(10))
    assert (found.repeated_count, found.unknown_count) == (0, 21 * DAY)
    assert not found.meter.is_offtake_known.any()


def test_a_local_time_that_only_another_kind_of_day_has_is_taken_from_there() -> None:
    # Only a Saturday is known; Monday has no day of its kind.
    found = to_month_end(dict.fromkeys(range(index(6), index(7)), 4), index(8))
    assert kwh_at(found, index(8, 9)) == 4.0
    assert np.count_nonzero(found.meter.is_offtake_known) == DAY + found.repeated_count
