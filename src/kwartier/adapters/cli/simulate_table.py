"""Simulated runs as a person reads them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from kwartier.adapters.cli.tables import euro, kilo, number_table

if TYPE_CHECKING:
    from kwartier.simulation.result import PolicyRun


def run_table(runs: "Sequence[PolicyRun]") -> Table:
    """A row per policy, all months together: what it costs, its peak, what cars lack, and limits broken."""
    by_policy: defaultdict[str, list[PolicyRun]] = defaultdict(list)
    for run in runs:
        by_policy[run.policy].append(run)
    table = number_table("policy", "EUR", "above bound", "peak kW", "kWh", "kWh short", "breaches")
    bound_eur = sum(run.bound_eur for run in runs if run.bound_eur is not None) or None
    for policy, months in by_policy.items():
        total_eur = sum(run.money.total_eur for run in months)
        table.add_row(
            policy,
            euro(total_eur),
            "" if bound_eur is None else euro(total_eur - bound_eur),
            kilo(max(run.peak_w(root) for run in months for root in run.connections)),
            kilo(sum(run.charged_wh for run in months)),
            kilo(sum(run.unserved_wh for run in months)),
            str(sum(len(run.breaches) for run in months)),
        )
    return table
