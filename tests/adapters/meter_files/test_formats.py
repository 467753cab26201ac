"""Each format read to the same exact quarter-hours, and the hours that local clocks show twice or not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kwartier.adapters import meter_files
from kwartier.adapters.meter_files import READERS, UnreadableMeterFile, read_meter_file
from kwartier.site.finding import errors
from kwartier.tariffs.meter import MeterSeries
from tests.tariffs.meter_making import BRUSSELS, quarter_index

FLUVIUS = (
    "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;"
    "Validatiestatus;Omschrijving"
)
FLUVIUS_2025 = FLUVIUS.replace("(", "").replace(")", "")
ENGLISH = (
    "From (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;"
    "Validation status;Description"
)


def read(text: str) -> MeterSeries:
    """The series of a file that has no error."""
    file = read_meter_file(text.encode(), BRUSSELS)
    assert errors(file.findings) == []
    assert file.series is not None
    return file.series


def warnings_of(text: str) -> list[str]:
    return [finding.rule for finding in read_meter_file(text.encode(), BRUSSELS).findings]


def fluvius_row(
    local: datetime, register: str, volume: str, status: str = "Uitgelezen", day: str = "%d-%m-%Y"
) -> str:
    """A line as the export writes it: a local clock's start and, a quarter-hour later, its end."""
    end = local.astimezone(UTC) + timedelta(minutes=15)
    ends = end.astimezone(BRUSSELS)
    clock = f"{day};%H:%M:%S"
    return (
        f'{local.strftime(clock)};{ends.strftime(clock)};="541448820000000000";1SAG0000000000;Digitale meter;'
        f"{register};{volume};kWh;{status};"
    )


def local_quarters(day: str) -> Iterator[datetime]:
    """Every quarter-hour of a local day, as its clocks show it."""
    moment = datetime.fromisoformat(day).replace(tzinfo=BRUSSELS).astimezone(UTC)
    end = (datetime.fromisoformat(day) + timedelta(days=1)).replace(tzinfo=BRUSSELS).astimezone(UTC)
    while moment < end:
        yield moment.astimezone(BRUSSELS)
        moment += timedelta(minutes=15)


def test_every_file_of_the_folder_that_reads_is_a_reader_and_has_the_three_names() -> None:
    folder = Path(meter_files.__file__).parent
    with_a_format = {
        path.stem for path in folder.glob("*.py") if "FORMAT_NAME = " in path.read_text(encoding="utf-8")
    }
    assert {reader.__name__.rpartition(".")[2] for reader in READERS} == with_a_format
    assert all(callable(reader.matches) and callable(reader.read) for reader in READERS)


def test_the_generic_format_is_read_exactly() -> None:
    series = read(
        "start,offtake_kwh,injection_kwh\n"
        "2026-03-01T00:00:00+01:00,1.25,0\n"
        "2026-02-28T23:15:00Z,0.000001,0.5\n"
        "2026-03-01T00:30:00+01:00,,1e-3\n"
    )
    assert series.first_quarter_index == quarter_index("2026-02-28T23:00:00Z")
    assert series.offtake_milliwh.tolist() == [1_250_000, 1, 0]
    assert series.is_offtake_known.tolist() == [True, True, False]
    assert series.injection_milliwh.tolist() == [0, 500_000, 1_000]


def test_generic_columns_stand_in_any_order_and_may_hold_reactive_energy() -> None:
    series = read("offtake_kwh,excess_reactive_kvarh,start\n1,0.25,2026-03-01T00:00:00Z\n")
    assert series.offtake_milliwh.tolist() == [1_000_000]
    assert series.excess_reactive_varh is not None
    assert series.excess_reactive_varh.tolist() == [250]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends_do_not_matter(mark: str, line_end: str) -> None:
    text = line_end.join([f"{mark}start,offtake_kwh,injection_kwh", "2026-03-01T00:00:00Z,1,2", ""])
    assert read(text).offtake_milliwh.tolist() == [1_000_000]


@pytest.mark.parametrize(
    ("header", "offtake", "injection", "day"),
    [
        (FLUVIUS, "Afname Nacht", "Injectie Nacht", "%d-%m-%Y"),
        (FLUVIUS_2025, "Afname Dag", "Injectie Dag", "%d-%m-%Y"),
        (ENGLISH, "Offtake Day", "Injection Day", "%d/%m/%Y"),
        (FLUVIUS, "Afname Actief", "Injectie Actief", "%d-%m-%Y"),
    ],
)
def test_fluvius_exports_of_all_headings_are_read(
    header: str, offtake: str, injection: str, day: str
) -> None:
    moments = list(local_quarters("2026-01-05"))[:2]
    rows = [
        fluvius_row(moment, register, volume, day=day)
        for moment, volumes in zip(moments, (("0,173", "0,000"), ("1,5", "0,25")), strict=True)
        for register, volume in zip((offtake, injection), volumes, strict=True)
    ]
    series = read("\n".join([header, *rows]))
    assert series.first_quarter_index == quarter_index("2026-01-05T00:00:00+01:00")
    assert series.offtake_milliwh.tolist() == [173_000, 1_500_000]
    assert series.injection_milliwh.tolist() == [0, 250_000]


@pytest.mark.parametrize(("day", "count"), [("2026-10-25", 100), ("2026-03-29", 92), ("2026-06-01", 96)])
@pytest.mark.parametrize("by_register", [False, True], ids=["by time", "by register"])
def test_fluvius_days_of_92_and_100_quarter_hours_are_whole(
    day: str, count: int, *, by_register: bool
) -> None:
    """The n-th quarter-hour takes n Wh, so that a swapped hour would show."""
    moments = list(local_quarters(day))
    lines = [
        [
            fluvius_row(moment, register, f"{number / 1000:.3f}".replace(".", ","))
            for register in ("Afname Dag", "Injectie Dag")
        ]
        for number, moment in enumerate(moments)
    ]
    if by_register:
        rows = [pair[0] for pair in lines] + [pair[1] for pair in lines]
    else:
        rows = [row for pair in lines for row in pair]
    series = read("\n".join([FLUVIUS, *rows]))
    assert series.quarter_count == count
    assert series.is_offtake_known.all()
    assert series.offtake_milliwh.tolist() == [number * 1000 for number in range(count)]


def test_fluvius_day_and_night_registers_of_one_quarter_hour_are_added_up() -> None:
    moment = next(local_quarters("2026-01-05"))
    rows = [fluvius_row(moment, "Afname Dag", "0,1"), fluvius_row(moment, "Afname Nacht", "0,2")]
    assert read("\n".join([FLUVIUS, *rows])).offtake_milliwh.tolist() == [300_000]


def test_fluvius_estimates_gaps_and_other_registers_are_told() -> None:
    moments = list(local_quarters("2026-01-05"))[:3]
    text = "\n".join(
        [
            FLUVIUS,
            fluvius_row(moments[0], "Afname Dag", "0,1", "Geschat"),
            fluvius_row(moments[1], "Afname Dag", "", "Geen verbruik"),
            fluvius_row(moments[2], "Afname Dag", "0,3"),
            fluvius_row(moments[2], "Inductief", "0,3"),
        ]
    )
    assert read(text).is_offtake_known.tolist() == [True, False, True]
    assert warnings_of(text) == ["meter.register", "meter.estimated", "meter.gap", "meter.no_injection"]


def test_a_walloon_export_is_read_by_its_header_and_says_that_it_is_not_verified() -> None:
    text = "Date;Heure;Prélèvement (kWh);Injection (kWh)\n05/01/2026;00:00;0,5;0\n05/01/2026;00:15;0,25;1\n"
    assert read(text).offtake_milliwh.tolist() == [500_000, 250_000]
    assert "meter.not_verified" in warnings_of(text)
    windows = read_meter_file(text.encode("cp1252"), BRUSSELS)
    assert windows.series is not None
    assert windows.series.injection_milliwh.tolist() == [0, 1_000_000]
    joined = "Horodatage,Consommation\n2026-01-05 00:00:00,0.5\n"
    assert read(joined).first_quarter_index == quarter_index("2026-01-05T00:00:00+01:00")


def test_p1_totals_become_differences() -> None:
    series = read(
        "timestamp,1-0:1.8.1,1-0:1.8.2,1-0:2.8.1,1-0:2.8.2\n"
        "2026-01-05T00:00:00+01:00,100.000,200.000,5.000,6.000\n"
        "2026-01-05T00:07:30+01:00,100.050,200.000,5.000,6.000\n"
        "2026-01-05T00:15:00+01:00,100.123,200.000,5.000,6.000\n"
        "2026-01-05T00:30:00+01:00,100.123,200.500,5.001,6.000\n"
    )
    assert series.offtake_milliwh.tolist() == [123_000, 500_000]
    assert series.injection_milliwh.tolist() == [0, 1_000]


def test_a_replaced_meter_and_a_hole_in_p1_totals_are_told_and_make_no_peak() -> None:
    text = (
        "timestamp,meter,1.8.0\n"
        "2026-01-05T00:00:00+01:00,old,98000.5\n"
        "2026-01-05T00:15:00+01:00,old,98001.5\n"
        "2026-01-05T00:30:00+01:00,new,0.25\n"
        "2026-01-05T00:45:00+01:00,new,0.5\n"
        "2026-01-05T01:45:00+01:00,new,2.5\n"
    )
    series = read(text)
    assert series.offtake_milliwh.tolist() == [1_000_000, 0, 250_000]
    messages = [finding.message for finding in read_meter_file(text.encode(), BRUSSELS).findings]
    assert any("the meter 'old' was replaced by 'new'" in message for message in messages)
    assert any("2 kWh of offtake lie in between and are not counted" in message for message in messages)


def test_a_year_is_read_and_its_sum_is_exact() -> None:
    begins = datetime(2025, 12, 31, 23, tzinfo=UTC)
    rows = [f"{(begins + timedelta(minutes=15 * n)).isoformat()},0.1,0" for n in range(35_040)]
    series = read("\n".join(["start,offtake_kwh,injection_kwh", *rows]))
    assert Decimal(int(series.offtake_milliwh.sum())) / 1_000_000 == Decimal(3504)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"PK\x03\x04\0\0", "not a text but a binary file"),
        (b"a,b\n1,2\n", "is of no known format"),
        (b'{"start": 1}', "is of no known format"),
        (b"x" * (64 * 2**20 + 1), "larger than 64 MiB"),
    ],
    ids=["empty", "blank", "a spreadsheet", "another table", "JSON", "too large"],
)
def test_what_is_no_meter_file_says_so(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableMeterFile, match=message):
        read_meter_file(data, BRUSSELS)
