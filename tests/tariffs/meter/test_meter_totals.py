"""Running totals: only differences of one meter are energies, a new meter or a reset never makes a peak."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kwartier.tariffs.meter.meter_totals import TotalReading, quarters_of_totals


def readings(*totals: tuple[float, int], meter_id: str = "a") -> list[TotalReading]:
    """Readings from minutes and offtake totals."""
    return [TotalReading(minute * 60.0, total, 0, meter_id) for minute, total in totals]


def test_energies_are_differences_at_the_boundaries() -> None:
    found = quarters_of_totals(readings((0, 100), (7, 130), (15, 160), (30, 160)))
    assert found.offtake_milliwh == {0: 60, 1: 0}
    assert found.breaks == []


def test_the_order_of_readings_does_not_matter() -> None:
    inputs = readings((30, 9), (0, 1), (15, 4))
    assert quarters_of_totals(inputs).offtake_milliwh == {0: 3, 1: 5}


def test_a_new_meter_leaves_a_gap_and_no_peak() -> None:
    """The old meter ends at 99 000, the new one begins at 3: their difference is no energy."""
    inputs = readings((0, 98_000), (15, 99_000)) + readings((30, 3), (45, 10), meter_id="b")
    found = quarters_of_totals(inputs)
    assert found.offtake_milliwh == {0: 1000, 2: 7}
    assert [one.reason for one in found.breaks] == ["the meter 'a' was replaced by 'b'"]


def test_a_reset_within_a_quarter_hour_is_found_though_the_total_is_higher_at_its_end() -> None:
    found = quarters_of_totals(readings((0, 100), (5, 0), (10, 500), (15, 900), (30, 901)))
    assert found.offtake_milliwh == {1: 1}
    assert [one.reason for one in found.breaks] == ["the offtake register fell"]


def test_hours_without_a_reading_are_not_spread() -> None:
    found = quarters_of_totals(readings((0, 100), (60, 500), (75, 600)))
    assert found.offtake_milliwh == {4: 100}
    assert found.breaks[0].reason == "no reading at the boundaries in between"


def test_a_reading_a_few_seconds_off_counts_and_the_nearest_wins() -> None:
    near = [
        TotalReading(-4.0, 99, 0),
        TotalReading(1.0, 100, 0),
        TotalReading(899.0, 140, 0),
        TotalReading(909.0, 150, 0),
    ]
    assert quarters_of_totals(near).offtake_milliwh == {0: 40}
    far = [TotalReading(0.0, 100, 0), TotalReading(889.0, 140, 0)]
    assert quarters_of_totals(far).offtake_milliwh == {}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 1000), st.sampled_from("ab")), max_size=40))
def test_no_energy_ever_exceeds_what_one_meter_counted(steps: list[tuple[int, int, str]]) -> None:
    """Whatever comes, an energy is a difference of two totals of one meter at the two ends of its quarter-hour."""
    inputs = [TotalReading(index * 900.0, total, 0, meter) for index, total, meter in steps]
    found = quarters_of_totals(inputs)
    by_index: dict[int, list[TotalReading]] = {}
    for one in inputs:
        by_index.setdefault(int(one.at_s // 900), []).append(one)
    for index, energy in found.offtake_milliwh.items():
        differences = {
            after.offtake_total_milliwh - before.offtake_total_milliwh
            for before in by_index[index]
            for after in by_index[index + 1]
            if before.meter_id == after.meter_id
        }
        assert energy in differences
        assert energy >= 0
    assert list(found.offtake_milliwh) == sorted(found.offtake_milliwh)
    assert all(before < after for before, after in pairwise(found.offtake_milliwh))
