"""What holds a decision: the marginal cost of every column, split by the rows it comes from.

At the optimum cost - sum of (dual x entry) is zero for every decision that is free to move. The parts of that sum say
which limit, peak or price stopped it, and what one more unit would be worth. They come from the linear programme with
the discrete choices fixed; nothing is guessed.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation
from kwartier.planning.program import NO_COLUMN

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# A part below this (EUR per unit of the column) is rounding of the solver, not a reason.
NEGLIGIBLE_EUR = 1e-7
NO_ROW = -1


@dataclass(frozen=True)
class _Parts:
    """What each entry of the matrix adds to the marginal cost of its column, EUR, with its row and its row's block."""

    row: IntArray
    column: IntArray
    block: IntArray
    eur: FloatArray

    def heaviest_row(self, block: int, columns: int) -> IntArray:
        """Per column the row of a block that adds most to its cost, NO_ROW where none adds anything."""
        adding = np.flatnonzero((self.block == block) & (self.eur < -NEGLIGIBLE_EUR))
        order = adding[np.argsort(-self.eur[adding], kind="stable")]
        heaviest = np.full(columns, NO_ROW, dtype=np.int64)
        # Of several assignments to one column the last one stays: the heaviest.
        heaviest[self.column[order]] = self.row[order]
        return heaviest


@dataclass(frozen=True)
class Marginals:
    """Parts of every column's marginal cost, EUR per unit of the column, shape (columns,) each.

    `need_eur` and `storage_eur` are what the energy is worth (positive: worth having), `limit_eur` and `peak_eur` what
    full boards and peaks add (positive: they hold it back), `exchange_eur` corrects the energy price where a root's
    direction is open.
    """

    need_eur: FloatArray
    storage_eur: FloatArray
    limit_eur: FloatArray
    peak_eur: FloatArray
    exchange_eur: FloatArray
    _parts: _Parts
    _blocks: tuple[str, ...]

    @cached_property
    def limit_row(self) -> IntArray:
        """The programme's row of a limit with the largest part of each column's cost, NO_ROW without one."""
        return self._parts.heaviest_row(self._blocks.index("limit"), len(self.limit_eur))

    @cached_property
    def peak_row(self) -> IntArray:
        """The programme's row of a peak with the largest part of each column's cost, NO_ROW without one."""
        return self._parts.heaviest_row(self._blocks.index("peak"), len(self.peak_eur))


def marginals(formulation: Formulation, row_duals_eur: FloatArray) -> Marginals:
    """Split the marginal cost of every column by block; `row_duals_eur` has shape (rows,)."""
    program = formulation.program
    count = np.diff(program.row_start)
    column = program.column_index.astype(np.int64)
    part = np.repeat(row_duals_eur, count) * program.value
    blocks = tuple(formulation.first_row_by_block)
    rows = np.arange(program.rows)
    block_of_row = np.searchsorted(list(formulation.first_row_by_block.values()), rows, side="right") - 1
    block = np.repeat(block_of_row, count)
    cell = column * len(blocks) + block
    table = np.bincount(cell, weights=part, minlength=program.columns * len(blocks)).astype(np.float64)
    by_block = dict(zip(blocks, table.reshape(-1, len(blocks)).T, strict=True))
    return Marginals(
        need_eur=by_block["need"],
        storage_eur=by_block["storage"],
        limit_eur=-by_block["limit"],
        peak_eur=-by_block["peak"],
        exchange_eur=-by_block["exchange"],
        _parts=_Parts(np.repeat(rows, count), column, block, part),
        _blocks=blocks,
    )


@dataclass(frozen=True)
class RowNames:
    """Which limit row or peak term each programme row stands for, NO_ROW for none, shape (rows,) each."""

    limit_index: IntArray
    peak_index: IntArray


def row_names(formulation: Formulation) -> RowNames:
    """Limit row or peak term of every programme row of those blocks."""
    limits = formulation.limits.row_number
    peaks = formulation.peaks.row_number
    rows = formulation.program.rows
    return RowNames(_thing_of_row(limits.transpose(1, 0, 2), rows), _thing_of_row(peaks, rows))


def _thing_of_row(number_by_thing: IntArray, rows: int) -> IntArray:
    """Index on the first axis of each of `rows` row numbers, NO_ROW where one does not occur."""
    thing_of = np.full(rows, NO_ROW, dtype=np.int64)
    thing, *rest = np.nonzero(number_by_thing != NO_COLUMN)
    thing_of[number_by_thing[thing, *rest]] = thing
    return thing_of
