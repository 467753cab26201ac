"""Quarter-hours as they come out of a file, in any order; what comes twice is reported, never summed in silence."""

from dataclasses import dataclass, field

from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.tariffs.meter import MeterSeries
from kwartier.tariffs.meter.meter_series import kwh


@dataclass
class Column:
    """Energies of one direction by quarter-hour index, and the line that each came from."""

    value_milliwh: dict[int, int] = field(default_factory=dict)
    line_number_by_index: dict[int, int] = field(default_factory=dict)

    def put(self, index: int, energy_milliwh: int, place: Place, name: str, report: Report) -> None:
        """Keep an energy; one that is there already is a warning where it is the same, an error where it is not."""
        held = self.value_milliwh.setdefault(index, energy_milliwh)
        if index not in self.line_number_by_index:
            self.line_number_by_index[index] = place.line_number
            return
        first_line = self.line_number_by_index[index]
        if held == energy_milliwh:
            report.warn("repeated", place, f"the same {name} as in line {first_line} once more: counted once")
            return
        message = (
            f"{name} is {kwh(energy_milliwh)} kWh, and {kwh(held)} kWh for the same quarter-hour in line {first_line}: "
            "keep the right one"
        )
        report.error("contradiction", place, message, str(kwh(energy_milliwh)))

    def add(self, index: int, energy_milliwh: int) -> None:
        """Add the energy of a further register of the same direction."""
        self.value_milliwh[index] = self.value_milliwh.get(index, 0) + energy_milliwh


@dataclass
class Quarters:
    """The columns of a file. `excess_reactive` stays empty where the format has none; its values are varh."""

    offtake: Column = field(default_factory=Column)
    injection: Column = field(default_factory=Column)
    excess_reactive: Column = field(default_factory=Column)
    has_reactive: bool = False
    _last_index: int | None = None
    _disorder_count: int = 0
    _first_disorder: Place | None = None

    def see(self, index: int, place: Place) -> None:
        """Note the order in which quarter-hours come."""
        if self._last_index is not None and index < self._last_index:
            self._disorder_count += 1
            self._first_disorder = self._first_disorder or place
        self._last_index = index

    def report_disorder(self, report: Report) -> None:
        """One warning where rows do not stand in the order of time."""
        if self._first_disorder is not None:
            report.warn(
                "disorder",
                self._first_disorder,
                f"earlier than the line before, as are {self._disorder_count - 1:,} further ones: put in order",
            )

    def series(self) -> MeterSeries:
        """All columns on one grid of consecutive quarter-hours."""
        reactive = self.excess_reactive.value_milliwh if self.has_reactive else None
        return MeterSeries.of(self.offtake.value_milliwh, self.injection.value_milliwh, reactive)
