"""A quarter-hour export of a Walloon grid operator: one line per quarter-hour with French headings, local time.

Not verified: no public sample of such an export of ORES, RESA, AIEG, AIESH or REW was found. A file is accepted by its
header alone: a start (a column of day and time, or a day and an hour), Prélèvement or Consommation, and perhaps
Injection, in kWh. Days are 02/09/2025 or 2025-09-02, decimals have a comma or a point.
"""

from datetime import tzinfo

from kwartier.adapters.meter_files.cells import energy_milliwh
from kwartier.adapters.meter_files.local_times import LocalOrder
from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.adapters.meter_files.quarters import Quarters
from kwartier.adapters.meter_files.table import Table

FORMAT_NAME = "Walloon quarter-hour export (format not verified)"

_STARTS = ("date de début", "date début", "début", "date et heure", "horodatage", "de", "date", "jour")
_HOURS = ("heure de début", "heure début", "heure")
_OFFTAKES = ("prélèvement", "consommation", "prélèvement actif", "consommation active")
_INJECTIONS = ("injection", "injection active")
_UNIT = "(kwh)"


def matches(header: list[str]) -> bool:
    """Whether a header, in small letters, is of this format."""
    bare = _bare(header)
    return any(name in bare for name in _STARTS) and any(name in bare for name in _OFFTAKES)


def read(table: Table, report: Report, timezone: tzinfo) -> Quarters:
    """The quarter-hours of the file; every fault goes into the report."""
    bare = _bare(table.header)
    places = {
        field: next((bare.index(name) for name in names if name in bare), None)
        for field, names in (
            ("start", _STARTS),
            ("hour", _HOURS),
            ("offtake", _OFFTAKES),
            ("injection", _INJECTIONS),
        )
    }
    report.warn_of_file(
        "not_verified", "the format of this export was never seen in a sample: compare the energies"
    )
    width = max(place for place in places.values() if place is not None) + 1
    quarters, order = Quarters(), LocalOrder(timezone)
    for line_number, cells in table.rows():
        place = Place(line_number)
        if len(cells) < width:
            message = (
                f"{len(cells)} values where {width} are needed: complete the line, or send the file whole"
            )
            report.error("row", place, message, len(cells), width)
            continue
        _read_row(cells, places, order, quarters, place, report)
    return quarters


def _read_row(
    cells: list[str],
    places: dict[str, int | None],
    order: LocalOrder,
    quarters: Quarters,
    place: Place,
    report: Report,
) -> None:
    day, time = _day_and_time(cells, places)
    index = order.quarter_index(day, time, "row", place, report)
    if index is None:
        return
    quarters.see(index, place)
    for name, column in (("offtake", quarters.offtake), ("injection", quarters.injection)):
        cell = places[name]
        value = None if cell is None else energy_milliwh(cells[cell], place, name, report)
        if value is not None:
            column.put(index, value, place, name, report)


def _day_and_time(cells: list[str], places: dict[str, int | None]) -> tuple[str, str]:
    start = cells[places["start"] or 0].strip()
    hour = places["hour"]
    if hour is not None:
        return start, cells[hour].strip()
    day, _, time = start.replace("T", " ").partition(" ")
    return day, time.strip()


def _bare(header: list[str]) -> list[str]:
    """The names without their unit; one in another unit than kWh is none of ours."""
    return [name.replace(_UNIT, "").strip() for name in header]
