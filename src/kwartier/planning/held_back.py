"""What holds a device back, in words: the full board or the peak behind the marginal cost of its column."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation
from kwartier.planning.marginals import NO_ROW, Marginals, RowNames, row_names
from kwartier.planning.problem import Problem

FloatArray = npt.NDArray[np.float64]

# Parts of a marginal cost below this (EUR per A or kW and step) decide nothing that a cent would notice.
TELLING_EUR = 1e-6


@dataclass(frozen=True)
class Holders:
    """The limits and peaks of one solution, by the columns that they hold back."""

    problem: Problem
    formulation: Formulation
    marginals: Marginals

    @cached_property
    def holds(self) -> npt.NDArray[np.bool_]:
        """Which columns a board or a peak holds back, shape (columns,)."""
        return np.asarray(np.maximum(self.marginals.limit_eur, self.marginals.peak_eur) > TELLING_EUR)

    def words(self, column: int, held: str, unit: str, step: int) -> str:
        """The board or the peak that holds a column back, whichever weighs more; `held` says what it does."""
        limit_eur = self.marginals.limit_eur.item(column)
        if limit_eur >= self.marginals.peak_eur.item(column):
            row_number = self.marginals.limit_row.item(column)
            place = self._place_by_row.get(row_number)
            if place is None:
                place = self._place_by_row[row_number] = self._place(row_number, step)
            return f"{held}: {place}; one {unit} more would be worth {limit_eur * 100.0:.3g} cent"
        row_number = self.marginals.peak_row.item(column)
        if row_number not in self._peak_by_row:
            self._peak_by_row[row_number] = self._peak(row_number)
        return f"{held}: more would raise {self._peak_by_row[row_number]}"

    @cached_property
    def _place_by_row(self) -> dict[int, str]:
        """What each full board's row of the programme, which is one step's, is called."""
        return {}

    @cached_property
    def _peak_by_row(self) -> dict[int, str]:
        return {}

    @cached_property
    def _names(self) -> RowNames:
        return row_names(self.formulation)

    @cached_property
    def _limit(self) -> FloatArray:
        """The bound of every limit row and step on the side where it is wider, shape (K, n)."""
        return np.maximum(self.problem.limits.upper, -self.problem.limits.lower)

    def _place(self, row_number: int, step: int) -> str:
        """The full board in words, with its limit."""
        if row_number == NO_ROW:
            return "several boards are nearly full"
        index = int(self._names.limit_index[row_number])
        row = self.problem.limits.rows[index]
        limit = self._limit.item(index, step) / row.scale
        if row.phase is None:
            return f"{row.board} is at its power limit of {limit:.3g} kW"
        return f"{row.board}, phase {row.phase} is full ({limit:.3g} A)"

    def _peak(self, row_number: int) -> str:
        if row_number == NO_ROW:
            return "this month's peak"
        term = self.problem.peaks[int(self._names.peak_index[row_number])]
        if term.price_eur_per_kw is None:
            return term.words
        price = f"{term.price_eur_per_kw:.4g} EUR/kW"
        return f"{term.words} ({price}, {term.source})" if term.source else f"{term.words} ({price})"
