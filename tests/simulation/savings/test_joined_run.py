"""Months of one policy as one run."""

from datetime import timedelta

import pytest

from kwartier.simulation.savings.joined_run import joined_run
from tests.simulation.savings.runs import START, run

HOUR = timedelta(hours=1)


def test_series_follow_each_other_and_money_is_added() -> None:
    first = run("a", bound_eur=30.0)
    second = run("a", start=START + HOUR, end=START + 2 * HOUR, bound_eur=20.0)
    both = joined_run([first, second])
    assert (both.start, both.end) == (START, START + 2 * HOUR)
    assert both.connections["grid"].offtake_wh == 2 * [2_000, 4_000, 0, 0]
    assert len(both.energy_wh_by_device["roof"]) == len(both.quarter_starts_s()) == 8
    # Twice 1.50 + 40.00 - 0.50.
    assert (both.money.total_eur, both.bound_eur, len(both.bills), len(both.cars)) == (82.0, 50.0, 2, 2)


def test_one_month_without_a_bound_leaves_the_whole_without_one() -> None:
    first = run("a", bound_eur=30.0)
    assert joined_run([first, run("a", start=START + HOUR, end=START + 2 * HOUR)]).bound_eur is None


def test_months_with_a_gap_between_them_are_refused() -> None:
    with pytest.raises(ValueError, match="without a gap"):
        joined_run([run("a"), run("a", start=START + 2 * HOUR, end=START + 3 * HOUR)])


def test_runs_of_different_policies_are_refused() -> None:
    with pytest.raises(ValueError, match="one site, policy and seed"):
        joined_run([run("a"), run("b", start=START + HOUR, end=START + 2 * HOUR)])
