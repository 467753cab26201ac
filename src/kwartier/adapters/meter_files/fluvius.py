"""The quarter-hour export of Mijn Fluvius ("kwartiertotalen"): one line per register and quarter-hour, local time.

Seen in public samples of 2021 to 2025: semicolons, a decimal comma, a byte order mark, days as 02-09-2025 or
02/09/2025, times as 00:15:00, EAN as ="5414...", the columns below in Dutch ("Van (datum)", in April 2025 "Van datum",
before 2023 "Van Datum") or English. Registers: Afname or Offtake and Injectie or Injection, each Dag, Nacht or Actief.
Statuses: Uitgelezen, Gevalideerd, Geschat, Geen verbruik; the last has no volume, and is a gap. In the hour that the
clock shows twice lines are told apart by their order: of each register the first one is summer time.
"""

from dataclasses import dataclass
from datetime import tzinfo

from kwartier.adapters.meter_files.cells import energy_milliwh
from kwartier.adapters.meter_files.local_times import LocalOrder, read_day, read_second_of_day
from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.adapters.meter_files.quarters import Column, Quarters
from kwartier.adapters.meter_files.table import Table
from kwartier.units.quarter_hour import QUARTER_S
from kwartier.units.step_grid import DAY_S, HOUR_S

FORMAT_NAME = "Fluvius quarter-hour totals"

NAMES: dict[str, tuple[str, ...]] = {
    "from_day": ("van (datum)", "van datum", "from (date)"),
    "from_time": ("van (tijdstip)", "van tijdstip", "from (time)"),
    "to_day": ("tot (datum)", "tot datum", "until (date)", "to (date)"),
    "to_time": ("tot (tijdstip)", "tot tijdstip", "until (time)", "to (time)"),
    "ean": ("ean-code", "ean", "ean code"),
    "meter": ("meter", "meter nummer"),
    "register": ("register", "registratie"),
    "volume": ("volume",),
    "unit": ("eenheid", "unit"),
    "status": ("validatiestatus", "validation status"),
}
_NEEDED = ("from_day", "from_time", "register", "volume")
_DIRECTIONS = {"afname": "offtake", "offtake": "offtake", "injectie": "injection", "injection": "injection"}
_REACTIVE = ("reactief", "reactive", "inductief", "capacitief", "inductive", "capacitive")
_ESTIMATED = ("geschat", "estimated")


def matches(header: list[str]) -> bool:
    """Whether a header, in small letters, is of this format."""
    return all(any(name in header for name in NAMES[needed]) for needed in _NEEDED)


@dataclass(frozen=True)
class _Key:
    """What comes once per quarter-hour: a register of a meter."""

    direction: str
    register: str
    meter: str


class _Reader:
    """Reads line by line."""

    def __init__(self, table: Table, report: Report, timezone: tzinfo) -> None:
        self.places = {field: table.column_index(*names) for field, names in NAMES.items()}
        self.width = max(place for place in self.places.values() if place is not None) + 1
        self.report = report
        self.order = LocalOrder(timezone)
        self.quarters = Quarters()
        self.column_by_key: dict[_Key, Column] = {}
        self.eans: dict[str, set[str]] = {"offtake": set(), "injection": set()}
        self.unread: dict[str, int] = {}
        self.estimated_count = 0

    def cell(self, cells: list[str], field: str) -> str:
        place = self.places[field]
        return "" if place is None else cells[place].strip().removeprefix("=").strip('"')

    def read_row(self, place: Place, cells: list[str]) -> None:
        if len(cells) < self.width:
            message = f"{len(cells)} values where {self.width} are needed: complete the line, or send the file whole"
            self.report.error("row", place, message, len(cells), self.width)
            return
        register = self.cell(cells, "register")
        direction = _DIRECTIONS.get(register.split(" ")[0].lower())
        if direction is None or any(word in register.lower() for word in _REACTIVE):
            self.unread[register] = self.unread.get(register, 0) + 1
            return
        unit = self.cell(cells, "unit") or "kWh"
        if unit.lower() != "kwh":
            self.report.error("unit", place, f"the unit is {unit!r}: only kWh is read", unit, "kWh")
            return
        key = _Key(direction, register, self.cell(cells, "meter"))
        day, time = self.cell(cells, "from_day"), self.cell(cells, "from_time")
        index = self.order.quarter_index(day, time, key, place, self.report)
        if index is not None and self.is_quarter(place, cells):
            self.keep(place, cells, key, index)

    def is_quarter(self, place: Place, cells: list[str]) -> bool:
        """Whether the line ends a quarter-hour later; totals of an hour or a day show no peak."""
        if self.places["to_day"] is None or self.places["to_time"] is None:
            return True
        days = [read_day(self.cell(cells, field)) for field in ("from_day", "to_day")]
        seconds = [read_second_of_day(self.cell(cells, field)) for field in ("from_time", "to_time")]
        if days[0] and days[1] and seconds[0] is not None and seconds[1] is not None:
            lasts_s = (days[1] - days[0]).days * DAY_S + seconds[1] - seconds[0]
            # Where the clock changes, what it shows at the end is an hour off.
            if lasts_s in (QUARTER_S, QUARTER_S + HOUR_S, QUARTER_S - HOUR_S):
                return True
        until = f"{self.cell(cells, 'to_day')} {self.cell(cells, 'to_time')}"
        message = f"it ends at {until!r}, not a quarter-hour later: export the quarter-hour totals (kwartiertotalen)"
        self.report.error("not_a_quarter", place, message, until)
        return False

    def keep(self, place: Place, cells: list[str], key: _Key, index: int) -> None:
        self.quarters.see(index, place)
        self.eans[key.direction].add(self.cell(cells, "ean"))
        value = energy_milliwh(self.cell(cells, "volume"), place, "Volume", self.report)
        if value is None:
            return
        self.estimated_count += self.cell(cells, "status").lower() in _ESTIMATED
        column = self.column_by_key.setdefault(key, Column())
        column.put(index, value, place, f"Volume of {key.register}", self.report)

    def finish(self) -> Quarters:
        for key, part in self.column_by_key.items():
            whole = self.quarters.offtake if key.direction == "offtake" else self.quarters.injection
            for index, value in part.value_milliwh.items():
                whole.add(index, value)
        for direction, found in self.eans.items():
            if len(found) > 1:
                eans = sorted(found)
                message = (
                    f"{direction} of several connections ({', '.join(eans)}): give one file per connection"
                )
                self.report.error_of_file("several_eans", message, eans)
        for register, count in self.unread.items():
            self.report.warn_of_file(
                "register", f"{count:,} lines of the register {register!r} are not read", register
            )
        if self.estimated_count:
            self.report.warn_of_file(
                "estimated", f"{self.estimated_count:,} values are estimates of the grid operator"
            )
        return self.quarters


def read(table: Table, report: Report, timezone: tzinfo) -> Quarters:
    """The quarter-hours of the file, registers of one direction added up; every fault goes into the report."""
    reader = _Reader(table, report, timezone)
    for line_number, cells in table.rows():
        reader.read_row(Place(line_number), cells)
    return reader.finish()
