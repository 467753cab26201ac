"""Day-ahead prices from CSV: hours, quarter-hours, the change between them, and what is wrong."""

import pytest

from kwartier.adapters.meter_files import UnreadableMeterFile
from kwartier.adapters.meter_files.day_ahead_csv import read_day_ahead_csv
from kwartier.site.finding import errors
from kwartier.tariffs.billing import DayAheadPrices
from tests.tariffs.meter_making import quarter_index


def read(*lines: str) -> DayAheadPrices:
    prices, findings = read_day_ahead_csv("\n".join(["start,eur_per_mwh", *lines]).encode())
    assert findings == []
    assert prices is not None
    return prices


def test_hours_before_and_quarter_hours_after_the_change_of_october_2025() -> None:
    prices = read(
        "2025-09-30T23:00:00+02:00,80",
        "2025-10-01T00:00:00+02:00,1",
        "2025-10-01T00:15:00+02:00,2",
        "2025-10-01T00:30:00+02:00,-3.5",
        "2025-10-01T00:45:00+02:00,4",
    )
    assert prices.first_quarter_index == quarter_index("2025-09-30T21:00:00Z")
    wanted = [80_000_000] * 4 + [1_000_000, 2_000_000, -3_500_000, 4_000_000]
    assert prices.micro_eur_per_mwh[:8].tolist() == wanted
    assert prices.is_known.tolist() == [True] * 8 + [False] * 3


def test_a_missing_quarter_hour_is_a_gap_in_the_hourly_index_too() -> None:
    prices = read("2025-10-01T00:00:00+02:00,1", "2025-10-01T00:30:00+02:00,3", "2025-10-01T00:45:00+02:00,")
    span = range(prices.first_quarter_index, prices.first_quarter_index + 4)
    assert prices.fourfold(span, "PT15M")[1].tolist() == [True, False, True, False]
    assert not prices.fourfold(span, "PT60M")[1].any()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("2025-10-01T00:00:00,1", "meter.time"),
        ("2025-10-01T00:00:00Z,x", "meter.number"),
        ("2025-10-01T00:00:00Z,nan", "meter.number"),
        ("2025-10-01T00:00:00Z,1e9", "meter.number"),
        ("2025-10-01T00:05:00Z,1", "meter.not_a_quarter"),
        ("2025-10-01T00:00:00Z", "meter.row"),
    ],
)
def test_a_fault_is_a_finding_with_its_line(line: str, rule: str) -> None:
    prices, findings = read_day_ahead_csv(f"start,eur_per_mwh\n{line}\n".encode())
    assert prices is None
    assert [(one.rule, one.path) for one in errors(findings)] == [(rule, "line 2")]


def test_two_prices_for_one_moment_and_an_empty_table_are_refused() -> None:
    twice = b"start,eur_per_mwh\n2025-10-01T00:00:00Z,1\n2025-10-01T00:00:00Z,2\n"
    assert [one.rule for one in errors(read_day_ahead_csv(twice)[1])] == ["meter.contradiction"]
    assert [one.rule for one in errors(read_day_ahead_csv(b"start,eur_per_mwh\n")[1])] == ["meter.empty"]
    with pytest.raises(UnreadableMeterFile, match="is not start,eur_per_mwh"):
        read_day_ahead_csv(b"when,price\n1,2\n")
