"""Whatever is wrong with a line is a finding with its number, the value and the next step; nothing is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.adapters.meter_files import UnreadableMeterFile, read_meter_file
from kwartier.adapters.meter_files.meter_file import MOST_OF_ONE_RULE
from kwartier.site.finding import Finding, errors
from tests.adapters.meter_files.test_formats import FLUVIUS
from tests.tariffs.meter_making import BRUSSELS

HEADER = "start,offtake_kwh,injection_kwh"
GOOD = "2026-03-01T00:00:00+01:00,1,0"


def findings(*lines: str, header: str = HEADER) -> list[Finding]:
    return read_meter_file("\n".join([header, *lines]).encode(), BRUSSELS).findings


@pytest.mark.parametrize(
    ("line", "rule", "words"),
    [
        ("2026-03-01T00:15:00,1,0", "time", "not an RFC 3339 time with an offset"),
        ("2026-03-01T00:20:00Z,1,0", "not_a_quarter", "they start at :00, :15, :30 and :45"),
        ("2026-02-30T00:00:00Z,1,0", "time", "day is out of range"),
        ("2026-03-01T00:15:00Z,NaN,0", "number", "'NaN', which is no number: write one in kWh"),
        ("2026-03-01T00:15:00Z,inf,0", "number", "'inf', which is no number"),
        ("2026-03-01T00:15:00Z,one,0", "number", "'one', which is no number"),
        ("2026-03-01T00:15:00Z,-1,0", "negative", "-1 kWh: an energy is at least 0"),
        ("2026-03-01T00:15:00Z,1,-0.5", "negative", "injection_kwh is -0.5 kWh"),
        ("2026-03-01T00:15:00Z,1000001,0", "too_large", "is it in Wh?"),
        ("2026-03-01T00:15:00Z,1", "row", "2 values where the header has 3"),
        ("2026-03-01T00:00:00+01:00,2,0", "contradiction", "1 kWh for the same quarter-hour in line 2"),
    ],
)
def test_a_fault_names_its_line_and_the_next_step(line: str, rule: str, words: str) -> None:
    wrong = errors(findings(GOOD, line))
    assert [one.rule for one in wrong] == [f"meter.{rule}"]
    assert wrong[0].path == "line 3"
    assert wrong[0].message.startswith("line 3: ")
    assert words in wrong[0].message
    assert read_meter_file(f"{HEADER}\n{GOOD}\n{line}".encode(), BRUSSELS).series is None


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([GOOD, GOOD], "repeated"),
        (["2026-03-01T00:15:00+01:00,1,0", GOOD], "disorder"),
        ([GOOD, "2026-03-01T01:00:00+01:00,1,0"], "gap"),
        ([GOOD, "2026-03-01T00:15:00+01:00,,0", "2026-03-01T00:30:00+01:00,1,0"], "gap"),
    ],
)
def test_what_can_be_put_right_is_a_warning(lines: list[str], rule: str) -> None:
    found = findings(*lines)
    assert errors(found) == []
    assert f"meter.{rule}" in [one.rule for one in found]


def test_a_gap_says_from_when_to_when_and_that_it_is_not_zero() -> None:
    [gap] = [one for one in findings(GOOD, "2026-03-01T01:00:00+01:00,1,0") if one.rule == "meter.gap"]
    assert gap.message == (
        "no offtake from 2026-03-01T00:15:00+01:00 to 2026-03-01T01:00:00+01:00: 3 quarter-hours without a value; they "
        "are not counted as zero"
    )


def test_all_faults_come_at_once_and_a_flood_is_counted() -> None:
    found = findings(*["2026-03-01T00:15:00Z,NaN,-1"] * 500)
    assert {one.rule for one in found} == {"meter.number", "meter.negative"}
    assert len(found) == 2 * (MOST_OF_ONE_RULE + 1)
    assert found[-1].message == "... and 400 more"


def test_columns_that_are_not_read_are_named() -> None:
    found = findings(GOOD + ",7", header=HEADER + ",power_w")
    assert [(one.rule, one.message) for one in found] == [
        ("meter.column", "columns that are not read: power_w")
    ]


FLUVIUS_GOOD = (
    '05-01-2026;00:00:00;05-01-2026;00:15:00;="5414";1SAG;Digitale meter;Afname Dag;0,1;kWh;Uitgelezen;'
)


@pytest.mark.parametrize(
    ("line", "rule", "words"),
    [
        (FLUVIUS_GOOD.replace("00:15:00", "01:00:00"), "not_a_quarter", "kwartiertotalen"),
        (FLUVIUS_GOOD.replace("05-01-2026;00:15", "06-01-2026;00:00"), "not_a_quarter", "kwartiertotalen"),
        (FLUVIUS_GOOD.replace("kWh", "m3"), "unit", "only kWh is read"),
        (FLUVIUS_GOOD.replace("0,1", "-0,1"), "negative", "at least 0"),
        (FLUVIUS_GOOD.replace("05-01-2026", "05-13-2026"), "time", "no local time such as"),
        (FLUVIUS_GOOD.replace("00:00:00", "25:00:00"), "time", "no local time such as"),
        (FLUVIUS_GOOD.replace("05-01-2026;00", "29-03-2026;02"), "time", "a time that the clock skipped"),
        (FLUVIUS_GOOD.replace("00:00:00", "00:05:00"), "time", "no start of a quarter-hour"),
        ("05-01-2026;00:00:00", "row", "2 values where 11 are needed"),
    ],
)
def test_a_fault_of_an_export_names_its_line_too(line: str, rule: str, words: str) -> None:
    wrong = errors(findings(line, header=FLUVIUS))
    assert [one.rule for one in wrong] == [f"meter.{rule}"]
    assert wrong[0].path == "line 2"
    assert words in wrong[0].message


def test_two_connections_in_one_export_are_refused() -> None:
    other = FLUVIUS_GOOD.replace("5414", "5415").replace("1SAG", "2SAG")
    [wrong] = errors(findings(FLUVIUS_GOOD, other, header=FLUVIUS))
    assert wrong.rule == "meter.several_eans"
    assert "5414, 5415" in wrong.message


def test_the_same_export_line_twice_is_counted_once() -> None:
    found = findings(FLUVIUS_GOOD, FLUVIUS_GOOD, header=FLUVIUS)
    assert [one.rule for one in found] == ["meter.repeated", "meter.no_injection"]


def test_hourly_totals_are_no_quarter_hours() -> None:
    hours = [f"2026-03-01T{hour:02d}:00:00Z,4,0" for hour in range(24)]
    [wrong] = errors(findings(*hours))
    assert wrong.rule == "meter.resolution"


@pytest.mark.parametrize("number", ["0." + "1" * 5000, "1" * 5000, "1e999", "--1", "1.2.3", "0x10", "1_000"])
def test_numbers_of_any_shape_are_findings(number: str) -> None:
    assert [one.rule for one in errors(findings(f"2026-03-01T00:15:00Z,{number},0"))] == ["meter.number"]


def test_a_quotation_mark_that_is_not_closed_is_told() -> None:
    with pytest.raises(UnreadableMeterFile, match="is a quotation mark not closed there"):
        findings('"' + GOOD * 6000)


def test_a_header_alone_is_an_error() -> None:
    assert [one.rule for one in errors(findings())] == ["meter.empty"]


@given(st.lists(st.text(alphabet="0123456789-+:,.TZeN \t\"';", max_size=40), max_size=8))
def test_no_text_below_a_header_ever_fails_otherwise(lines: list[str]) -> None:
    for header in (HEADER, FLUVIUS, "timestamp,1.8.1", "Date;Heure;Prélèvement"):
        file = read_meter_file("\n".join([header, *lines]).encode(), BRUSSELS)
        assert (file.series is None) == bool(errors(file.findings))
