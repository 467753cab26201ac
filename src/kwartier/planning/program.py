"""A linear programme as arrays: blocks add columns, rows and entries; one sort makes the matrix."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Index32 = npt.NDArray[np.int32]

NO_COLUMN = -1


@dataclass(frozen=True)
class Program:
    """Minimise cost x with row and column bounds; the matrix stands row by row (CSR)."""

    column_lower: FloatArray
    column_upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    row_start: Index32
    column_index: Index32
    value: FloatArray

    @property
    def columns(self) -> int:
        """How many columns."""
        return len(self.column_lower)

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        """How many entries of the matrix."""
        return len(self.value)

    def same_places(self, other: "Program") -> bool:
        """Whether both have their entries in the same places, whatever the entries and bounds are."""
        return (
            self.columns == other.columns
            and np.array_equal(self.row_start, other.row_start)
            and np.array_equal(self.column_index, other.column_index)
        )


@dataclass
class ProgramBuilder:
    """Collects columns, rows and entries in pieces of arrays."""

    _column_lower: list[FloatArray] = field(default_factory=list)
    _column_upper: list[FloatArray] = field(default_factory=list)
    _row_lower: list[FloatArray] = field(default_factory=list)
    _row_upper: list[FloatArray] = field(default_factory=list)
    _entry_row: list[IntArray] = field(default_factory=list)
    _entry_column: list[IntArray] = field(default_factory=list)
    _entry_value: list[FloatArray] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(self, count: int, lower: float | FloatArray, upper: float | FloatArray) -> IntArray:
        """The numbers of `count` new columns with these bounds."""
        self._column_lower.append(_each(lower, count))
        self._column_upper.append(_each(upper, count))
        self.columns += count
        return np.arange(self.columns - count, self.columns, dtype=np.int64)

    def add_rows(self, count: int, lower: float | FloatArray, upper: float | FloatArray) -> IntArray:
        """The numbers of `count` new rows with these bounds."""
        self._row_lower.append(_each(lower, count))
        self._row_upper.append(_each(upper, count))
        self.rows += count
        return np.arange(self.rows - count, self.rows, dtype=np.int64)

    def add_entries(self, rows: IntArray, columns: IntArray, values: float | FloatArray) -> None:
        """Entries of the matrix; a (row, column) pair must not come twice."""
        self._entry_row.append(rows)
        self._entry_column.append(columns)
        self._entry_value.append(_each(values, len(rows)))

    def build(self) -> Program:
        """The finished programme."""
        rows = _whole_numbers(self._entry_row)
        order = np.argsort(rows, kind="stable")
        counts = np.bincount(rows, minlength=self.rows)
        return Program(
            column_lower=_numbers(self._column_lower),
            column_upper=_numbers(self._column_upper),
            row_lower=_numbers(self._row_lower),
            row_upper=_numbers(self._row_upper),
            row_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
            column_index=_whole_numbers(self._entry_column)[order].astype(np.int32),
            value=_numbers(self._entry_value)[order],
        )


def _each(value: float | FloatArray, count: int) -> FloatArray:
    """One value for each of `count` things: an array has it already."""
    if isinstance(value, np.ndarray):
        return value
    # As np.full does it, in a fifth of its time for the few values of a small block.
    each = np.empty(count)
    each.fill(value)
    return each


def _numbers(pieces: list[FloatArray]) -> FloatArray:
    return np.concatenate(pieces) if pieces else np.zeros(0)


def _whole_numbers(pieces: list[IntArray]) -> IntArray:
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)
